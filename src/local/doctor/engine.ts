import { isRegistrarError } from '../../model/errors.js';
import { EngineClient } from '../../docker/client.js';
import { MEANS } from '../../docker/engine-facts.js';
import { findDockerHost } from '../../docker/docker-host.js';
import { replyOf, textOf } from '../../docker/reply.js';
import type { Reply } from '../../docker/reply.js';
import { ok, oncePerLook, problem, unknown, warning } from './check.js';
import type { DoctorCheck, Finding } from './check.js';

/** By how much clocks of a host may differ from each other before times mislead. */
const CLOCK_MS = 5_000;

const LIMITS = { memoryBytes: 'memory', nanoCpus: 'processor time', pids: 'processes' } as const;

/** What the engine says of itself; the times of this machine in milliseconds since 1970. */
interface Answer {
  readonly dockerHost: string;
  readonly version: string;
  readonly info: Reply;
  readonly askedAt: number;
  readonly answeredAt: number;
}

const answerOf = oncePerLook(async (place): Promise<Answer> => {
  const client = new EngineClient(findDockerHost(place.dockerHost));
  const version = await client.version();
  const askedAt = Date.now();
  const call = { method: 'GET', path: '/info', doing: 'ask the engine about itself' } as const;
  const info = replyOf(await client.call(call));
  return { dockerHost: client.dockerHost, version, info, askedAt, answeredAt: Date.now() };
});

/** Whether the engine answers, in a version that is understood. */
export const ENGINE: DoctorCheck = {
  id: 'engine',
  async look(place) {
    try {
      const { info, version, dockerHost } = await answerOf(place);
      return ok(`Docker Engine ${textOf(info['ServerVersion'])}, API ${version}, at ${dockerHost}`);
    } catch (error) {
      if (isRegistrarError(error)) return problem(error.message);
      throw error;
    }
  },
};

/** Whether the kernel can hold containers to their limits. */
export const LIMITS_OF_CONTAINERS: DoctorCheck = {
  id: 'limits',
  look: async (place) => judgeLimits((await answerOf(place)).info),
};

/** Whether the engine and this machine have the same time. */
export const CLOCK: DoctorCheck = {
  id: 'clock',
  async look(place) {
    const { info, askedAt, answeredAt } = await answerOf(place);
    return judgeClock(info, askedAt, answeredAt);
  },
};

export function judgeLimits(info: Reply): Finding {
  const limits = ['memoryBytes', 'nanoCpus', 'pids'] as const;
  const missing = limits.filter((limit) => info[MEANS[limit]] === false);
  const isTold = limits.every((limit) => typeof info[MEANS[limit]] === 'boolean');
  if (missing.length === 0)
    return isTold
      ? ok('memory, processor time and processes can be limited')
      : unknown('the engine does not tell what it can limit');
  const what = missing.map((limit) => LIMITS[limit]).join(', ');
  return warning(
    `the host cannot limit ${what} of containers: a module can take all of it`,
    'enable the control groups in the kernel, such as cgroup_enable=memory on its command line',
  );
}

/** The time of the engine beside that of this machine before and after it was asked, in milliseconds. */
export function judgeClock({ SystemTime }: Reply, before: number, after: number): Finding {
  const engine = Date.parse(textOf(SystemTime));
  if (Number.isNaN(engine)) return unknown('the engine does not tell its time');
  const apart = Math.max(0, before - engine, engine - after);
  if (apart <= CLOCK_MS) return ok('the engine and this machine have the same time');
  return warning(
    `the clock of the engine is ${Math.round(apart / 1000)} s from that of this machine`,
    'set both by a time server; what containers log and what Registrar says cannot be compared',
  );
}
