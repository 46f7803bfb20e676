import type { ObservedContainer } from '../../src/model/container.js';
import { isRunning } from '../../src/plan/steps.js';
import { carryOut } from '../../src/plan/carry-out.js';
import type { Action } from '../../src/plan/action.js';
import type { Desired, Swap } from '../../src/plan/desired.js';
import { countStart, newHistory, noteStop, observeSlot } from '../../src/plan/history.js';
import type { SlotHistory } from '../../src/plan/history.js';
import { noteEnd } from '../../src/plan/illness.js';
import { plan } from '../../src/plan/plan.js';
import { noteReady } from '../../src/plan/readiness.js';
import { advance, targetOf } from '../../src/plan/rollout.js';
import type { RolloutMemory, RolloutView } from '../../src/plan/rollout.js';
import { LIMITS, NOON } from './builders.js';

/** How the containers of a revision behave. */
export type Behaviour = 'good' | 'crashes' | 'ends' | 'unhealthy' | 'slow' | 'dies late';

export interface WorldOptions {
  readonly replicas: number;
  readonly swap: Swap;
  readonly behaviours: Readonly<Record<string, Behaviour>>;
  readonly autoRollback: boolean;
}

const DEADLINE_MS = 60_000;
/** A container that dies late has run that long. */
const LATE_MS = 2_000;

/** Containers on an engine that does what it is told, and the memory of a controller. */
export class RolloutWorld {
  containers: ObservedContainer[] = [];
  histories: SlotHistory[] = [];
  memory: RolloutMemory = { current: undefined, rollout: undefined, quarantined: [] };
  now = NOON;
  wanted = 'a';
  /** Every plan that was made, with what it was made from. */
  readonly plans: { readonly target: string | undefined; readonly actions: readonly Action[] }[] =
    [];
  readonly #options: WorldOptions;
  #serial = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  get view(): RolloutView {
    const { replicas, swap, autoRollback } = this.#options;
    return {
      ...{ wanted: this.wanted, replicas, containers: this.containers, histories: this.histories },
      ...{ swapTo: () => swap, isPaused: swap.isPaused, deadlineMs: DEADLINE_MS, autoRollback },
      ...{ undo: undefined, liftedAt: 0, isKnown: () => true, seenSince: NOON, now: this.now },
    };
  }

  get desired(): Desired {
    const { replicas, swap } = this.#options;
    const revision = targetOf(this.memory, this.view);
    const target =
      revision === undefined ? undefined : { revision, imageId: 'sha256:image', limits: LIMITS };
    return {
      ...{ module: 'web', uid: 'uid-1', replicas, scale: 'scaled down' as const },
      ...{ target, swap, reserve: this.memory.current },
      // Reached by others, so that each swap hands the name over.
      links: { uses: ['api'], isUsed: true },
    };
  }

  /** One pass of the controller; of its plan only so many actions are carried out before it is killed. */
  pass(carriedOut = Infinity): void {
    this.#observe();
    this.memory = advance(this.memory, this.view);
    const { desired } = this;
    const { actions } = plan(desired, this.containers, this.histories, this.now);
    this.plans.push({ target: desired.target?.revision, actions });
    for (const action of actions.slice(0, carriedOut)) this.#carryOut(action, desired);
    this.#observe();
    this.memory = advance(this.memory, this.view);
  }

  /** Time passes, and containers do what they are like. */
  wait(milliseconds: number): void {
    this.now += milliseconds;
    this.containers = this.containers.map((one) => this.#behave(one));
  }

  /** Somebody, or the engine, ends a container. */
  exit(index: number, exitCode: number): void {
    this.containers = this.containers.map((one, at) =>
      at === index && isRunning(one) ? this.#ended(one, exitCode) : one,
    );
  }

  remove(index: number): void {
    this.containers = this.containers.filter((_, at) => at !== index);
  }

  get isAtRest(): boolean {
    this.#observe();
    return plan(this.desired, this.containers, this.histories, this.now).actions.length === 0;
  }

  #carryOut(action: Action, desired: Desired): void {
    const of = { slot: action.slot, revision: action.revision };
    if (action.kind === 'stopContainer') this.#note(of, noteStop);
    if (action.kind === 'startContainer' && action.id !== undefined) this.#note(of, countStart);
    this.containers = carryOut(this.containers, [action], desired, this.now).map((one) =>
      // The engine gives each container an id of its own.
      one.id.startsWith('new-') && one.state !== 'created'
        ? { ...one, id: `id-${this.#serial++}` }
        : one,
    );
    if (action.kind === 'stopContainer') {
      const finishedAt = new Date(this.now).toISOString();
      this.containers = this.containers.map((one) =>
        one.id === action.id ? { ...one, finishedAt, exitCode: 143 } : one,
      );
    }
    if (action.kind === 'restartContainer') {
      const at = new Date(this.now).toISOString();
      const end = { ...{ code: 143, reason: 'Unhealthy', message: '' }, at };
      this.#note(of, (history) => countStart(noteEnd(history, end)));
    }
    if (action.kind === 'startContainer' || action.kind === 'restartContainer') {
      this.containers = this.containers.map((one) =>
        one.owner.slot === of.slot && one.owner.revision === of.revision ? this.#begin(one) : one,
      );
    }
  }

  #begin(one: ObservedContainer): ObservedContainer {
    const behaviour = this.#options.behaviours[one.owner.revision];
    if (one.state !== 'running') return one;
    if (behaviour === 'unhealthy') return { ...one, health: 'starting' };
    return behaviour === 'slow' ? { ...one, health: 'starting' } : one;
  }

  #behave(one: ObservedContainer): ObservedContainer {
    if (one.state !== 'running') return one;
    switch (this.#options.behaviours[one.owner.revision]) {
      case 'crashes':
        return this.#ended(one, 1);
      case 'ends':
        return this.#ended(one, 0);
      case 'unhealthy':
        return { ...one, health: 'unhealthy' };
      case 'dies late':
        return this.now - Date.parse(one.startedAt ?? '') >= LATE_MS ? this.#ended(one, 1) : one;
      default:
        return one;
    }
  }

  #ended(one: ObservedContainer, exitCode: number): ObservedContainer {
    const finishedAt = new Date(this.now).toISOString();
    return { ...one, state: 'exited', health: 'none', address: '', exitCode, finishedAt };
  }

  #note(
    of: { slot: number; revision: string },
    change: (history: SlotHistory) => SlotHistory,
  ): void {
    const same = (one: SlotHistory) => one.slot === of.slot && one.revision === of.revision;
    const known = this.histories.find(same) ?? newHistory(of.slot, of.revision);
    this.histories = [...this.histories.filter((one) => !same(one)), change(known)];
  }

  /** As a look does; what is gone is forgotten, as the status forgets it. */
  #observe(): void {
    const known = this.histories;
    this.histories = this.containers.map((container) => {
      const { slot, revision } = container.owner;
      const before = known.find((one) => one.slot === slot && one.revision === revision);
      const after = observeSlot(before ?? newHistory(slot, revision), container, {
        now: this.now,
        seenSince: 0,
      });
      return noteReady(after, container, this.now);
    });
  }
}
