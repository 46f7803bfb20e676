import type { CreateRequest, Runtime } from '../docker/runtime.js';
import { isRegistrarError, toRegistrarError } from '../model/errors.js';
import type { RegistrarError } from '../model/errors.js';
import type { Action, ActionKind } from '../plan/action.js';
import { countStart, countStartFailure, newHistory, noteStop } from '../plan/history.js';
import type { SlotHistory } from '../plan/history.js';
import { noteEnd } from '../plan/illness.js';

/** Docker's own default; a process that ignores SIGTERM is killed after it. */
export const STOP_GRACE_SECONDS = 10;

/**
 * From the moment that nobody is sent to a container any more to its stop. Who asked for its address
 * just before may have lost the first packet; it is sent again after a second.
 */
const DRAIN_MS = 2_000;

export interface ExecuteContext {
  readonly runtime: Runtime;
  /** What a new container of the slot is made from. */
  readonly request: (slot: number) => CreateRequest;
  /** What is remembered of a revision in a slot, if anything. */
  readonly history: (of: Pick<SlotHistory, 'slot' | 'revision'>) => SlotHistory | undefined;
  /** Called after each action that was carried out. */
  readonly done: (action: Action) => void;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  /** Waits for what takes its time, in a way that lets other modules work meanwhile. */
  readonly patiently: <T>(work: () => Promise<T>) => Promise<T>;
  /** Resolves after as many milliseconds. */
  readonly rest: (milliseconds: number) => Promise<void>;
}

export interface Execution {
  /** Of the revisions in slots that were started or stopped, or that failed to start. */
  readonly histories: readonly SlotHistory[];
  /** Containers that exist still and may have changed. */
  readonly touched: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
  /** What stopped a slot; the first by slot number. */
  readonly error: RegistrarError | undefined;
}

/** What one slot's actions leave behind. */
interface SlotRun {
  readonly slot: number;
  id: string | undefined;
  /** By revision. */
  readonly histories: Map<string, SlotHistory>;
  readonly touched: Set<string>;
  readonly removed: Set<string>;
  error?: RegistrarError;
}

type Executors = {
  readonly [K in ActionKind]: (
    action: Extract<Action, { kind: K }>,
    run: SlotRun,
    context: ExecuteContext,
  ) => Promise<void>;
};

const EXECUTORS: Executors = {
  createContainer: async (action, run, { runtime, request }) => {
    run.id = await runtime.create(request(action.slot));
    run.touched.add(run.id);
  },
  startContainer: async (action, run, context) => {
    const id = action.id ?? run.id;
    if (id === undefined) throw new Error(`No container to start in slot ${action.slot}`);
    run.touched.add(id);
    await start(id, action.revision, run, context);
    if (action.id !== undefined) change(run, action, context, countStart);
  },
  restartContainer: async (action, run, context) => {
    const { id, illness, revision } = action;
    const { runtime, now } = context;
    await EXECUTORS.stopContainer({ ...action, kind: 'stopContainer' }, run, context);
    const { exitCode: code = 0, finishedAt } = (await runtime.inspect(id)) ?? {};
    const at = finishedAt ?? new Date(now()).toISOString();
    change(run, action, context, (history) => noteEnd(history, { code, ...illness, at }));
    await start(id, revision, run, context);
    change(run, action, context, countStart);
  },
  unpauseContainer: async ({ id }, run, { runtime }) => {
    run.touched.add(id);
    await runtime.unpause(id);
  },
  connectContainer: async ({ id }, run, { runtime }) => {
    run.touched.add(id);
    await runtime.connect(id);
  },
  joinNetwork: async ({ id, of, isNamed }, run, { runtime }) => {
    run.touched.add(id);
    await runtime.join(id, of, isNamed);
  },
  leaveNetwork: async ({ id, of }, run, { runtime }) => {
    run.touched.add(id);
    await runtime.leave(id, of);
  },
  withdrawContainer: async ({ id, of }, run, { runtime, patiently, rest }) => {
    run.touched.add(id);
    await runtime.join(id, of, false);
    await patiently(() => rest(DRAIN_MS));
  },
  renameContainer: async ({ id, name }, run, { runtime }) => {
    run.touched.add(id);
    await runtime.rename(id, name);
  },
  updateLimits: async ({ id, limits }, run, { runtime }) => {
    run.touched.add(id);
    await runtime.updateLimits(id, limits);
  },
  stopContainer: async (action, run, context) => {
    run.touched.add(action.id);
    // Before it stops, so that a stop whose answer is lost is not taken for a failure.
    change(run, action, context, noteStop);
    await context.patiently(() => context.runtime.stop(action.id, STOP_GRACE_SECONDS));
  },
  removeContainer: async ({ id }, run, { runtime }) => {
    run.touched.add(id);
    await runtime.remove(id);
    run.touched.delete(id);
    run.removed.add(id);
  },
};

async function start(
  id: string,
  revision: string,
  run: SlotRun,
  context: ExecuteContext,
): Promise<void> {
  try {
    await context.runtime.start(id);
  } catch (error) {
    if (isRegistrarError(error, 'START_FAILED', 'PORT_CONFLICT')) {
      change(run, { revision }, context, (history) =>
        countStartFailure({ ...history, id }, error, context.now()),
      );
    }
    throw error;
  }
}

/** Notes what happened to a revision in the slot of a run. */
function change(
  { slot, histories }: SlotRun,
  { revision }: Pick<SlotHistory, 'revision'>,
  context: ExecuteContext,
  by: (history: SlotHistory) => SlotHistory,
): void {
  const known = histories.get(revision) ?? context.history({ slot, revision });
  histories.set(revision, by(known ?? newHistory(slot, revision)));
}

/** Carries out a plan: slots side by side, the actions of a slot in order until one fails. */
export async function execute(
  actions: readonly Action[],
  context: ExecuteContext,
): Promise<Execution> {
  const slots = [...new Set(actions.map((action) => action.slot))];
  const runs = await Promise.all(
    slots.map((slot) =>
      executeSlot(
        slot,
        actions.filter((action) => action.slot === slot),
        context,
      ),
    ),
  );
  return {
    histories: runs.flatMap((run) => [...run.histories.values()]),
    touched: new Set(runs.flatMap((run) => [...run.touched])),
    removed: new Set(runs.flatMap((run) => [...run.removed])),
    error: runs.find((run) => run.error !== undefined)?.error,
  };
}

async function executeSlot(
  slot: number,
  actions: readonly Action[],
  context: ExecuteContext,
): Promise<SlotRun> {
  const sets = { touched: new Set<string>(), removed: new Set<string>() };
  const run: SlotRun = { slot, id: undefined, histories: new Map(), ...sets };
  try {
    for (const action of actions) {
      await executeAction(action, run, context);
      context.done(action);
    }
  } catch (error) {
    run.error = toRegistrarError(error);
  }
  return run;
}

function executeAction<K extends ActionKind>(
  action: Extract<Action, { kind: K }>,
  run: SlotRun,
  context: ExecuteContext,
): Promise<void> {
  return EXECUTORS[action.kind](action, run, context);
}
