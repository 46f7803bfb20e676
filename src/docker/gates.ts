import { setTimeout as sleep } from 'node:timers/promises';
import { beginningOf } from '../lib/beginning-of.js';
import { systemClock } from '../lib/clock.js';
import type { EngineClient } from './client.js';
import { userOf } from './container-user.js';
import { withoutValues } from './create.js';
import { gateOptions } from './gate-options.js';
import type { Images } from './images.js';
import { startContainer } from './lifecycle.js';
import { containerLogs } from './logs.js';
import type { ModuleNetworks } from './module-networks.js';
import { GATE_LABEL, gatePrefix } from './names.js';
import type { InstanceNetwork } from './network.js';
import { integerOf, replyOf, textOf } from './reply.js';
import type { GateEnd, GateRequest } from './runtime.js';
import type { SecretFiles } from './secret-files.js';
import { Temporaries } from './temporaries.js';

export interface GateParts {
  readonly client: EngineClient;
  readonly instanceId: string;
  readonly network: InstanceNetwork;
  readonly networks: ModuleNetworks;
  readonly images: Images;
  readonly secretFiles: SecretFiles;
}

/** Between two looks whether a command has ended: soon at first, then ever later. */
const FIRST_LOOK_MS = 100;
const LONGEST_LOOK_MS = 2_000;

const LOG_LINES = 10;
/** What ten lines of a program that works have; more is cut off. */
const LOG_BYTES = 64 * 1024;
const LOG_MS = 5_000;

const DOING = 'run the gate of a module';

/** Commands that are run once, each in a container that is gone when they ended. */
export class Gates {
  readonly #parts: GateParts;
  readonly #containers: Temporaries;

  constructor(parts: GateParts) {
    const { client, instanceId } = parts;
    this.#parts = parts;
    const prefix = gatePrefix(instanceId);
    this.#containers = new Temporaries(client, { instanceId, label: GATE_LABEL, prefix });
  }

  /** See `Runtime.runGate`. */
  async run(request: GateRequest, signal: AbortSignal): Promise<GateEnd> {
    const { client, instanceId, network, networks, images, secretFiles } = this.#parts;
    const { template, imageId, module, uses, timeoutMs, secrets } = request;
    const user = userOf(template) ?? (await images.userOf(imageId));
    await network.ensure();
    signal.throwIfAborted();
    return secretFiles.use(request, user, async (hostPaths) => {
      const made = { instance: instanceId, network: network.name, user, hostPaths };
      const body = gateOptions({ ...request, ...made });
      try {
        return await this.#containers.use(
          { body, hint: `${module}-`, doing: DOING },
          async (id) => {
            for (const one of uses) await networks.of(one).join(id, false);
            signal.throwIfAborted();
            await startContainer(id, client, { own: network, modules: networks });
            const end = await ended(id, timeoutMs, client, signal);
            return { ...end, log: await lastLinesOf(id, client) };
          },
        );
      } catch (error) {
        throw withoutValues(error, secrets, DOING);
      }
    });
  }

  /** See `Runtime.removeLeftGates`. */
  removeLeftovers(): Promise<void> {
    return this.#containers.removeLeftovers();
  }
}

/** Waits for the end of a container, or of its time. */
async function ended(
  id: string,
  timeoutMs: number,
  client: EngineClient,
  signal: AbortSignal,
): Promise<Omit<GateEnd, 'log'>> {
  const call = { method: 'GET', path: `/containers/${id}/json`, doing: DOING } as const;
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)) {
    const state = replyOf(replyOf(await client.call(call))['State']);
    if (textOf(state['Status']) === 'exited' || textOf(state['Status']) === 'dead') {
      return { exitCode: integerOf(state['ExitCode']), oomKilled: state['OOMKilled'] === true };
    }
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) return { exitCode: undefined, oomKilled: false };
    await sleep(Math.min(pauseMs, leftMs), undefined, { signal });
  }
}

async function lastLinesOf(id: string, client: EngineClient): Promise<string> {
  const log = await containerLogs(id, false, { follow: false, tail: LOG_LINES }, client);
  const patience = { maxBytes: LOG_BYTES, milliseconds: LOG_MS, clock: systemClock };
  return beginningOf(log, patience);
}
