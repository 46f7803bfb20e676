import type { AuditEntry, AuditOutcome } from '../model/audit.js';
import type { Event } from '../model/event.js';
import type { AuditContent } from './audit-chain.js';
import { auditContent } from './audit-content.js';
import { changeContent } from './audited-change.js';
import type { EventLimits } from './event-limits.js';
import { surplusEvents } from './event-limits.js';
import { decide } from './decide.js';
import type { Decision, WriteRequest } from './decide.js';
import type { Stamp } from './metadata.js';
import { mirrorChanges, mirrorRepairs } from './mirrors.js';
import type { ReadModel } from './read-model.js';
import type { Change, ChangeType, Stored, Written } from './registry.js';
import type { RecordChange } from './secrets/record.js';
import { withValues } from './secrets/with-values.js';
import type { WithValues } from './secrets/with-values.js';
import type { Vault } from './secrets/vault.js';
import { toStored } from './stored.js';
import type { AnyObject } from './stored.js';

const CHANGE_TYPES: Readonly<Record<'created' | 'updated' | 'deleted', ChangeType>> = {
  created: 'ADDED',
  updated: 'MODIFIED',
  deleted: 'DELETED',
};

export interface BatchSetting {
  readonly limits: EventLimits;
  /** Encrypts the values of Secrets; undefined where none are written. */
  readonly vault: Vault | undefined;
}

/**
 * Writes that will be stored in one transaction. Each is worked out on the state that those before
 * it leave; nothing of it is visible to anyone else.
 */
export class Batch {
  private readonly stored: Change[] = [];
  private readonly audited: AuditContent[] = [];
  private readonly recorded: RecordChange[] = [];
  private engine: string | undefined;

  /**
   * @param newest the state to work on, which the batch changes
   * @param counter the highest resourceVersion given out
   */
  constructor(
    private readonly newest: ReadModel,
    private counter: number,
    private readonly setting: BatchSetting,
  ) {}

  /** In the order of their resourceVersions. */
  get changes(): readonly Change[] {
    return this.stored;
  }

  /** What becomes of the values of Secrets, in order. */
  get records(): readonly RecordChange[] {
    return this.recorded;
  }

  /** Rows for the audit, in order. */
  get audit(): readonly AuditContent[] {
    return this.audited;
  }

  /** The engine that modules run on from now on; undefined when it stays. */
  get engineId(): string | undefined {
    return this.engine;
  }

  get isEmpty(): boolean {
    const { stored, audited, engine } = this;
    return stored.length === 0 && audited.length === 0 && engine === undefined;
  }

  /** What the write comes to; throws its refusal, which leaves the batch as it was. */
  add(request: WriteRequest, stamp: Stamp): Written {
    const { options } = request;
    const { result, object: decided } = decide(this.newest, request, stamp);
    const before = this.newest.get(decided.kind, decided.metadata.name);
    const { object, changed, removed } = withValues(before?.object, decided, options.values, stamp);
    const isWritten = result !== 'unchanged' && options.dryRun !== true;
    if (!isWritten) return { result, stored: toStored(object, before) };
    this.recorded.push(...this.recordChanges(result, object, { changed, removed }));
    const stored = this.write(result, object, stamp.now);
    if (options.audit !== undefined) {
      const isOfStatus = 'subresource' in options && options.subresource === 'status';
      this.audited.push(changeContent(options.audit, { result, before, stored, isOfStatus }));
    }
    return { result, stored };
  }

  /** Adds a line to the audit about something that changes no object. */
  note(entry: AuditEntry, outcome: AuditOutcome & { readonly count?: number }): void {
    this.audited.push(auditContent(entry, outcome));
  }

  /** Notes the engine that modules run on; nobody asked for it without an entry. */
  noteEngine(engineId: string, entry: AuditEntry | undefined): void {
    this.engine = engineId;
    if (entry !== undefined) this.note(entry, { code: 200, reason: 'OK' });
  }

  /** Puts every value of a Secret under the key that encrypts now; how many that concerns. */
  rewrap(entry: AuditEntry): number {
    const { vault } = this.setting;
    const changes = vault?.rewrapped() ?? [];
    this.recorded.push(...changes);
    this.note(entry, { code: 200, reason: 'OK' });
    return changes.length;
  }

  /** Adds what makes all mirrors true; `now` is RFC 3339. */
  repair(now: string): void {
    for (const { type, object } of mirrorRepairs(this.newest, now)) this.change(type, object);
  }

  private write(
    result: Exclude<Decision['result'], 'unchanged'>,
    object: AnyObject,
    now: string,
  ): Stored {
    if (result === 'created' && object.kind === 'Event') this.makeRoom(object);
    const before = this.newest.get(object.kind, object.metadata.name)?.object;
    const stored = this.change(CHANGE_TYPES[result], object);
    const after = result === 'deleted' ? undefined : stored.object;
    const own = mirrorChanges(this.newest, { before, after }, now);
    for (const change of own) this.change(change.type, change.object);
    return stored;
  }

  /** Encrypts the new values of a Secret. */
  private recordChanges(
    result: Decision['result'],
    object: AnyObject,
    { changed, removed }: Pick<WithValues, 'changed' | 'removed'>,
  ): RecordChange[] {
    if (object.kind !== 'Secret') return [];
    const { name } = object.metadata;
    if (result === 'deleted') return [{ type: 'remove', name }];
    const { vault } = this.setting;
    if (vault === undefined) throw new Error('A Secret is written where nothing can be encrypted');
    const put = changed.map(({ key, value }): RecordChange => {
      return { type: 'put', record: vault.seal(object, key, value) };
    });
    return [...removed.map((key): RecordChange => ({ type: 'remove', name, key })), ...put];
  }

  private makeRoom({ involvedObject }: Event): void {
    for (const event of surplusEvents(this.newest, involvedObject, this.setting.limits)) {
      this.change('DELETED', event);
    }
  }

  private change(type: ChangeType, object: AnyObject): Stored {
    const resourceVersion = String(this.counter + 1);
    const { kind, metadata } = object;
    const previous = this.newest.get(kind, metadata.name);
    const stored = toStored({ ...object, metadata: { ...metadata, resourceVersion } }, previous);
    // Only now, because JSON refuses some objects, and the log must have no gaps.
    this.counter += 1;
    const change = { type, kind, name: metadata.name, resourceVersion, stored, previous };
    this.newest.apply(change);
    this.stored.push(change);
    return stored;
  }
}
