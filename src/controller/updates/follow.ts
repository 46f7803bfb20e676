import { isRegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import { stableHash } from '../../model/stable-hash.js';
import type { UpdatesStatus } from '../../model/updates-status.js';
import type { ReconcileContext } from '../context.js';
import { outcomeText } from '../outcome.js';
import type { Outcome } from '../outcome.js';
import { basisOf } from '../preparation/basis.js';
import type { Basis } from '../preparation/basis.js';
import { loginVersion } from '../preparation/credentials.js';
import { failure, working } from '../preparation/stage.js';
import { memoryOf } from '../../model/updates-memory.js';
import type { Followed } from './followed.js';
import { lookFor } from './look-job.js';
import { afterLook, memoryFor } from './memory.js';

const DEFAULT_INTERVAL_SECONDS = 300;
/** Up to a tenth longer, so that modules that were declared together do not look together. */
const JITTER = 0.1;

/** What is known of what a module follows. */
export interface Following {
  readonly memory: UpdatesStatus | undefined;
  /** What keeps a look from succeeding, or that one goes on. */
  readonly problem?: Outcome | undefined;
}

/** Looks where what is followed is, when it is time to. The look itself goes on beside the loop. */
export function follow(module: Module, followed: Followed, context: ReconcileContext): Following {
  try {
    const basis = basisOf(module, context);
    const memory = memoryFor(module, followed, basis);
    return isDue(module, memory, context)
      ? look(module, { followed, basis, memory }, context)
      : { memory };
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    return { memory: memoryOf(module), problem: failure(error) };
  }
}

/** When it is time for the next look, in milliseconds since 1970; undefined for now. */
export function nextLookAt(
  { metadata, spec }: Module,
  { lookedAt }: Pick<UpdatesStatus, 'lookedAt'>,
): number | undefined {
  if (lookedAt === undefined) return undefined;
  const interval = (spec.updates.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS) * 1000;
  const digits = stableHash([metadata.uid, lookedAt]).slice(0, 8);
  const fraction = Number.parseInt(digits, 16) / 0xffff_ffff;
  return Date.parse(lookedAt) + interval * (1 + JITTER * fraction);
}

function isDue(
  module: Module,
  memory: UpdatesStatus,
  { clock, looks, hints }: Pick<ReconcileContext, 'clock' | 'looks' | 'hints'>,
): boolean {
  const { name } = module.metadata;
  const next = nextLookAt(module, memory);
  const now = clock.now();
  // A clock that was set back must not put looks off.
  const isLate = next === undefined || now >= next || now < Date.parse(memory.lookedAt ?? '');
  return isLate || hints.has(name) || looks.has(name);
}

interface Question {
  readonly followed: Followed;
  readonly basis: Basis;
  readonly memory: UpdatesStatus;
}

function look(
  module: Module,
  { followed, basis, memory }: Question,
  context: ReconcileContext,
): Following {
  const { name } = module.metadata;
  const { work, problem } = lookFor(module, followed, basis, context);
  if (work === undefined) return failed(memory, problem);
  const key = `${memory.base} ${memory.occasion} ${memory.follows} ${memory.lookedAt ?? ''}`;
  const login = module.spec.source?.secret ?? module.spec.imagePullSecret;
  const hint = context.hints.has(name) ? 'hint' : '';
  const occasion = `${loginVersion(login, context)} ${hint}`;
  const job = context.looks.run(name, { key, occasion }, work);
  if (job.state === 'failed') return failed(memory, failure(job.error));
  if (job.state === 'running') {
    return { memory, problem: working('Verifying', `Looking up ${followed.text}`) };
  }
  return { memory: afterLook(module, memory, job.result, context.clock.now()) };
}

const failed = (memory: UpdatesStatus, problem: Outcome): Following => ({
  memory: { ...memory, problem: outcomeText(problem) },
  problem,
});
