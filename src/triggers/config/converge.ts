import { timestamp } from '../../lib/clock.js';
import type { Clock } from '../../lib/clock.js';
import { DECLARED_KINDS } from '../../kinds/declared.js';
import type { DeclaredObject } from '../../kinds/declared.js';
import type { Log } from '../../lib/log.js';
import type { NewEvent } from '../../model/event.js';
import type { DeclaredKind, ObjectKey } from '../../model/kinds.js';
import type { Registry } from '../../registry/registry.js';
import { describeConfigAction } from './action.js';
import type { ConfigAction } from './action.js';
import { applyActions } from './apply.js';
import type { Refusal } from './apply.js';
import { newsOf } from './events.js';
import { planConfig } from './plan.js';
import { NOT_READ, policyProblemOf } from './policy-problem.js';
import { EMPTY_REPORT, changedNotices, reportOf } from './report.js';
import type { ConfigReport } from './report.js';
import type { Sighting } from './settle.js';
import type { ConfigSnapshot } from './snapshot.js';

export interface ConvergerOptions {
  readonly registry: Pick<Registry, 'list' | 'create' | 'update' | 'delete' | 'recordEvent'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Called with the modules whose notice changed. */
  readonly onNotice?: (modules: readonly string[]) => void;
  /** Called when `policyProblem` says something else than before. */
  readonly onPolicyProblem?: () => void;
}

export interface Convergence {
  /** What began to be deleted. */
  readonly deleted: readonly ObjectKey[];
  readonly refusals: readonly Refusal[];
  /** True when a deletion only waits for time to pass. */
  readonly hasFresh: boolean;
}

/** Makes the registry say what the files say, and remembers what there is to tell about it. */
export class ConfigConverger {
  readonly #options: ConvergerOptions;
  #report: ConfigReport = EMPTY_REPORT;
  #vanished: Sighting | undefined;
  #wasListed = false;
  #policyProblem: string | undefined = NOT_READ;

  constructor(options: ConvergerOptions) {
    this.#options = options;
  }

  get report(): ConfigReport {
    return this.#report;
  }

  get policyProblem(): string | undefined {
    return this.#policyProblem;
  }

  /** All that are stored of the kinds that files may declare. */
  objects(): readonly DeclaredObject[] {
    const { registry } = this.#options;
    return DECLARED_KINDS.flatMap((kind) =>
      registry.list<DeclaredKind>(kind).items.map(({ object }) => object),
    );
  }

  /** Rejects never for what the registry refuses: that is in the report, and tried again. */
  async converge(snapshot: ConfigSnapshot, confirmed: ReadonlySet<string>): Promise<Convergence> {
    const nowMs = this.#options.clock.monotonic();
    const vanished = this.#vanished;
    const objects = this.objects();
    const plan = planConfig({ snapshot, objects, confirmed, vanished, nowMs });
    this.#vanished = plan.vanished;
    const { registry, clock } = this.#options;
    const now = timestamp(clock.now());
    const { done, refusals, events } = await applyActions(
      registry,
      plan.actions,
      now,
      // Before the modules of this look are stored: they are not to go by policies there were.
      (kind, refused) => {
        if (kind === 'Policy') this.#lookForPolicies(snapshot, refused);
      },
    );
    for (const action of done) this.#logDone(action);
    const before = this.#report;
    this.#report = reportOf(snapshot, plan, refusals, before);
    await this.#tell([...events, ...newsOf(before, this.#report)]);
    const changed = changedNotices(before, this.#report);
    if (changed.length > 0) this.#options.onNotice?.(changed);
    const deleted = done.filter(({ kind }) => kind === 'delete').map(({ object }) => object);
    return { deleted, refusals, hasFresh: plan.hasFresh };
  }

  /** Finds out whether the policies are known, once those of a look are stored or refused. */
  #lookForPolicies(snapshot: ConfigSnapshot, refusals: readonly Refusal[]): void {
    const before = this.#policyProblem;
    this.#wasListed ||= snapshot.directory.kind === 'present';
    const objects = this.objects();
    const wasListed = this.#wasListed;
    const now = policyProblemOf({ snapshot, objects, refusals, wasListed, before });
    if (now === before) return;
    this.#policyProblem = now;
    this.#options.onPolicyProblem?.();
  }

  #logDone(action: ConfigAction): void {
    const { kind, name } = action.object;
    const fields = { [kind]: name, action: describeConfigAction(action) };
    this.#options.log.info(fields, 'Config directory changed an object');
  }

  /** An event is news, not state: one that cannot be recorded is in the log. */
  async #tell(events: readonly NewEvent[]): Promise<void> {
    const { registry, log } = this.#options;
    const record = async (event: NewEvent): Promise<void> => {
      const { about, reason, message } = event;
      if (event.type === 'Warning') log.warn({ [about.kind]: about.name, reason }, message);
      await registry.recordEvent(event).catch((error: unknown) => {
        log.warn({ error, reason, message }, 'Event could not be recorded');
      });
    };
    await Promise.all(events.map(record));
  }
}
