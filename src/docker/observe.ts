import { timestamp } from '../lib/clock.js';
import type {
  ContainerState,
  ContainerSummary,
  Limits,
  Membership,
  ObservedContainer,
} from '../model/container.js';
import type { Health } from '../model/module-status.js';
import { gpusIn, ownerOf } from '../model/owner.js';
import { cleanText } from './errors.js';
import { moduleOfNetwork } from './names.js';
import { integerOf, listOf, replyOf, textOf, textsOf } from './reply.js';
import type { Reply } from './reply.js';

/** Whose containers are seen, and on which network their address is looked up. */
export interface Scope {
  readonly instanceId: string;
  readonly network: string;
}

const STATES: Readonly<Record<string, ContainerState>> = {
  created: 'created',
  running: 'running',
  paused: 'paused',
  restarting: 'restarting',
  removing: 'removing',
  exited: 'exited',
  dead: 'dead',
};

const HEALTH: Readonly<Record<string, Health>> = {
  starting: 'starting',
  healthy: 'healthy',
  unhealthy: 'unhealthy',
};

/** Full ids only: an id becomes part of a path. */
const ID = /^[0-9a-f]{64}$/;

/** What the engine writes for "never". */
const NEVER = '0001-01-01';

/** An entry of the engine's list; undefined when it is malformed or not of the instance. */
export function summaryOf(entry: unknown, scope: Scope): ContainerSummary | undefined {
  const reply = replyOf(entry);
  const state = stateOf(reply['State']);
  const status = textOf(reply['Status']);
  return build(reply, scope, {
    name: textOf(listOf(reply['Names'])[0]),
    labels: reply['Labels'],
    imageId: textOf(reply['ImageID']),
    createdAt: timeOf(integerOf(reply['Created']) * 1000),
    state,
    // Engines of this age say it in the status text only: "Up 2 minutes (health: starting)".
    health: healthOf(state, /\((?:health: )?(starting|healthy|unhealthy)\)$/.exec(status)?.[1]),
  });
}

/** An inspection, without the `unlimited`; undefined when malformed or not of the instance. */
export function observedOf(
  inspected: unknown,
  scope: Scope,
  unlimited: ReadonlySet<string> = new Set(),
): ObservedContainer | undefined {
  const reply = replyOf(inspected);
  const run = replyOf(reply['State']);
  const state = stateOf(run['Status']);
  const summary = build(reply, scope, {
    name: textOf(reply['Name']),
    labels: replyOf(reply['Config'])['Labels'],
    imageId: textOf(reply['Image']),
    createdAt: timeOf(Date.parse(textOf(reply['Created']))),
    state,
    health: healthOf(state, textOf(replyOf(run['Health'])['Status'])),
  });
  if (summary === undefined) return undefined;
  const { Image, Labels } = replyOf(reply['Config']);
  const createdFrom = textOf(Image) || undefined;
  const gpus = gpusIn(textsOf(Labels));
  const given = gpus.length === 0 ? {} : { gpus };
  const memberships = membershipsIn(reply, summary.owner.module, scope);
  return {
    ...{ ...summary, ...lastRun(run), ...settings(reply, unlimited), createdFrom, memberships },
    ...given,
  };
}

function membershipsIn(reply: Reply, module: string, { instanceId }: Scope): Membership[] {
  const networks = replyOf(replyOf(reply['NetworkSettings'])['Networks']);
  const found = Object.entries(networks).flatMap(([name, network]) => {
    const of = moduleOfNetwork(name, instanceId);
    if (of === undefined) return [];
    const isNamed = of === module && listOf(replyOf(network)['Aliases']).includes(of);
    return [{ of, isNamed }];
  });
  return found.toSorted((a, b) => (a.of < b.of ? -1 : 1));
}

type Found = Omit<ContainerSummary, 'id' | 'owner' | 'address' | 'state'> & {
  readonly labels: unknown;
  readonly state: ContainerState | undefined;
};

function build(reply: Reply, scope: Scope, found: Found): ContainerSummary | undefined {
  const { labels, state, ...rest } = found;
  const id = textOf(reply['Id']);
  const owner = ownerOf(textsOf(labels));
  if (owner?.instance !== scope.instanceId || state === undefined || !ID.test(id)) return undefined;
  const name = rest.name.replace(/^\//, '');
  return { ...rest, id, name, owner, state, address: addressIn(reply, scope) };
}

const stateOf = (value: unknown): ContainerState | undefined =>
  Object.hasOwn(STATES, textOf(value)) ? STATES[textOf(value)] : undefined;

/**
 * Only a running container has a health: an inspection goes on to tell the last one of a container
 * that ended, a list does not, and the two must agree.
 */
function healthOf(state: ContainerState | undefined, text = ''): Health {
  const known = state === 'running' && Object.hasOwn(HEALTH, text);
  return (known ? HEALTH[text] : undefined) ?? 'none';
}

function addressIn(reply: Reply, { network }: Scope): string {
  const networks = replyOf(replyOf(reply['NetworkSettings'])['Networks']);
  return textOf(replyOf(networks[network])['IPAddress']);
}

function lastRun(
  run: Reply,
): Pick<ObservedContainer, 'exitCode' | 'oomKilled' | 'error' | 'startedAt' | 'finishedAt'> {
  return {
    exitCode: integerOf(run['ExitCode']),
    oomKilled: run['OOMKilled'] === true,
    error: cleanText(textOf(run['Error'])),
    startedAt: timeOrNever(run['StartedAt']),
    finishedAt: timeOrNever(run['FinishedAt']),
  };
}

function settings(
  reply: Reply,
  unlimited: ReadonlySet<string>,
): { limits: Partial<Limits>; restartCount: number } {
  const { Memory, NanoCpus, PidsLimit } = replyOf(reply['HostConfig']);
  const limits = {
    memoryBytes: integerOf(Memory),
    nanoCpus: integerOf(NanoCpus),
    pids: integerOf(PidsLimit),
  };
  const kept = Object.entries(limits).filter(([name]) => !unlimited.has(name));
  return { limits: Object.fromEntries(kept), restartCount: integerOf(reply['RestartCount']) };
}

/** Milliseconds since 1970 as RFC 3339 in whole seconds, as a list tells them; 1970 for nonsense. */
export const timeOf = (milliseconds: number): string =>
  Number.isFinite(milliseconds) ? timestamp(clamp(milliseconds)) : timestamp(0);

/** Inside what a Date can hold, whatever the engine says. */
const clamp = (milliseconds: number): number => Math.max(0, Math.min(milliseconds, 8.64e15));

/** The engine's own text, with its nanoseconds. */
function timeOrNever(value: unknown): string | undefined {
  const text = textOf(value);
  return text.startsWith(NEVER) || Number.isNaN(Date.parse(text)) ? undefined : text;
}
