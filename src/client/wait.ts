import { formatDuration } from '../lib/duration.js';
import { RegistrarError } from '../model/errors.js';
import type { Module } from '../model/module.js';
import type { Client } from './http.js';
import { listModules, MODULES_PATH } from './modules.js';
import { findCondition } from '../model/conditions.js';
import { isGoneBack } from './rollouts/standing.js';
import { watchFrom } from './watch.js';

/**
 * Looks at one module, undefined when it does not exist: true when the waiting is over. May throw
 * when it will never be.
 */
export type Check = (module: Module | undefined, name: string) => boolean | Promise<boolean>;

/** True once the controller has seen this generation and the condition has the status. */
function hasCondition(module: Module, type: string, status: string): boolean {
  const wanted = type.toLowerCase();
  const condition = module.status.conditions.find((one) => one.type.toLowerCase() === wanted);
  if (condition === undefined) return false;
  const current = condition.observedGeneration >= module.metadata.generation;
  return current && condition.status.toLowerCase() === status.toLowerCase();
}

/**
 * Over when the module has the condition; NOT_FOUND when there is no such module, CONFLICT when it is
 * to be Ready and went back to an earlier revision.
 */
function untilCondition(type: string, status: string): Check {
  const isReady = type.toLowerCase() === 'ready' && status.toLowerCase() === 'true';
  return (module, name) => {
    if (module && isReady && isGoneBack(module)) throw goneBack(module);
    if (module) return hasCondition(module, type, status);
    throw new RegistrarError('NOT_FOUND', `Module "${name}" does not exist`);
  };
}

function goneBack({ metadata, status }: Module): RegistrarError {
  const { message = '' } = findCondition(status.conditions, 'Stalled') ?? {};
  return new RegistrarError(
    'CONFLICT',
    `Module "${metadata.name}" does not become Ready: ${message}`,
  );
}

/** Over when the module is gone, or another one of the same name (by uid, when known) is there. */
export function untilDeleted(uids: ReadonlyMap<string, string> = new Map()): Check {
  return (module, name) => {
    const uid = uids.get(name);
    return module === undefined || (uid !== undefined && module.metadata.uid !== uid);
  };
}

/** What `--for` asks for. BAD_REQUEST when it cannot be read. */
export function parseCondition(text: string): Check {
  if (text === 'delete') return untilDeleted();
  const [, type, status = 'True'] = /^condition=([A-Za-z]+)(?:=([A-Za-z]+))?$/.exec(text) ?? [];
  if (type !== undefined) return untilCondition(type, status);
  throw new RegistrarError(
    'BAD_REQUEST',
    `Cannot wait for "${text}"; write condition=Ready, condition=Ready=False or delete`,
  );
}

/** A longer timer of Node fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface WaitOptions {
  /** No limit when 0. */
  readonly timeoutMs: number;
  /** Called with each name as it is done. */
  readonly onDone?: (name: string) => void;
  /** Called with the names that are still waited for. */
  readonly onWaiting?: (names: readonly string[]) => void;
}

/** Names of the modules that are waited for, and how each of them is. */
type Waiting = Map<string, string>;

const readyMessage = (module: Module | undefined): string =>
  module?.status.conditions.find(({ type }) => type === 'Ready')?.message ?? 'not looked at yet';

function timeout(waiting: Waiting, timeoutMs: number): RegistrarError {
  const list = [...waiting.keys()].map((name) => `modules/${name}`).join(', ');
  const [name, state] = [...waiting][0] ?? [];
  return new RegistrarError(
    'WAIT_TIMEOUT',
    `timed out waiting for the condition on ${list} after ${formatDuration(timeoutMs)}; ` +
      `${name} is: ${state}; "registrar describe ${name}" tells more`,
  );
}

/** One list, then its changes, until nothing is waited for. */
async function follow(
  client: Client,
  waiting: Waiting,
  check: Check,
  options: WaitOptions,
  signal: AbortSignal,
): Promise<void> {
  const settle = async (name: string, module: Module | undefined) => {
    if (!waiting.has(name)) return;
    waiting.set(name, readyMessage(module));
    if (!(await check(module, name))) return;
    waiting.delete(name);
    options.onDone?.(name);
  };
  const [only, ...others] = waiting.keys();
  const selection = others.length === 0 ? { fieldSelector: `metadata.name=${only}` } : {};
  const { items, metadata } = await listModules(client, selection);
  const found = new Map(items.map((module) => [module.metadata.name, module]));
  for (const name of waiting.keys()) await settle(name, found.get(name));
  if (waiting.size === 0) return;
  options.onWaiting?.([...waiting.keys()]);

  const since = metadata.resourceVersion;
  const request = { path: MODULES_PATH, query: selection };
  for await (const { type, object } of watchFrom<Module>(client, request, since, signal)) {
    await settle(object.metadata.name, type === 'DELETED' ? undefined : object);
    if (waiting.size === 0) return;
    options.onWaiting?.([...waiting.keys()]);
  }
}

/** Waits until `check` is true of every module. WAIT_TIMEOUT names those that are left and tells how the first is. */
export async function waitFor(
  client: Client,
  names: readonly string[],
  check: Check,
  options: WaitOptions,
): Promise<void> {
  const waiting: Waiting = new Map(names.map((name) => [name, readyMessage(undefined)]));
  if (waiting.size === 0) return;
  const cancel = new AbortController();
  const { timeoutMs } = options;
  const timer =
    timeoutMs > 0
      ? setTimeout(() => cancel.abort(), Math.min(timeoutMs, LONGEST_TIMER_MS))
      : undefined;
  try {
    await follow(client, waiting, check, options, cancel.signal);
  } catch (error) {
    throw cancel.signal.aborted ? timeout(waiting, timeoutMs) : error;
  } finally {
    clearTimeout(timer);
    cancel.abort();
  }
}
