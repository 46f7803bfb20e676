import type { CreateRequest, Runtime } from '../docker/runtime.js';
import { isRegistrarError, toRegistrarError } from '../model/errors.js';
import type { RegistrarError } from '../model/errors.js';
import type { Action, ActionKind } from '../plan/action.js';
import { countRestart, countStartFailure } from '../plan/history.js';
import type { SlotHistory } from '../plan/history.js';

/** Docker's own default; a process that ignores SIGTERM is killed after it. */
export const STOP_GRACE_SECONDS = 10;

export interface ExecuteContext {
  readonly runtime: Runtime;
  /** What a new container of the slot is made from. */
  readonly request: (slot: number) => CreateRequest;
  readonly history: (slot: number) => SlotHistory;
  /** Called after each action that was carried out. */
  readonly done: (action: Action) => void;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
}

export interface Execution {
  /** Histories of the slots where a start was tried. */
  readonly histories: ReadonlyMap<number, SlotHistory>;
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
  history: SlotHistory;
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
    await start(id, run, context);
    if (action.id !== undefined) run.history = countRestart(run.history);
  },
  unpauseContainer: async ({ id }, run, { runtime }) => {
    run.touched.add(id);
    await runtime.unpause(id);
  },
  connectContainer: async ({ id }, run, { runtime }) => {
    run.touched.add(id);
    await runtime.connect(id);
  },
  renameContainer: async ({ id, name }, run, { runtime }) => {
    run.touched.add(id);
    await runtime.rename(id, name);
  },
  updateLimits: async ({ id, limits }, run, { runtime }) => {
    run.touched.add(id);
    await runtime.updateLimits(id, limits);
  },
  stopContainer: async ({ id }, run, { runtime }) => {
    run.touched.add(id);
    await runtime.stop(id, STOP_GRACE_SECONDS);
  },
  removeContainer: async ({ id }, run, { runtime }) => {
    run.touched.add(id);
    await runtime.remove(id);
    run.touched.delete(id);
    run.removed.add(id);
  },
};

async function start(id: string, run: SlotRun, { runtime, now }: ExecuteContext): Promise<void> {
  try {
    await runtime.start(id);
  } catch (error) {
    if (isRegistrarError(error, 'START_FAILED', 'PORT_CONFLICT')) {
      run.history = countStartFailure({ ...run.history, id }, error, now());
    }
    throw error;
  }
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
    histories: new Map(runs.map((run) => [run.slot, run.history])),
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
  const history = context.history(slot);
  const run: SlotRun = { slot, id: undefined, history, touched: new Set(), removed: new Set() };
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
