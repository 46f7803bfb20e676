import { join } from 'node:path';
import { timestamp } from '../lib/clock.js';
import type { Clock } from '../lib/clock.js';
import { isRegistrarError } from '../model/errors.js';
import { AuditLog } from './audit-log.js';
import { firstSeq, loadHead } from './audit-rows.js';
import { Batch } from './batch.js';
import { ChangeLog } from './change-log.js';
import { asDamage, damaged, refuseCutOff, refuseEmptied } from './damage.js';
import { loadChanges } from './change-rows.js';
import {
  FINGERPRINT_FILE,
  KEK_FILE,
  prepareDataDirectory,
  refuseHalfRestored,
  STORE_FILE,
  unusable,
} from './data-directory.js';
import { openDatabase } from './database.js';
import type { Database } from './database.js';
import { DEFAULT_EVENT_LIMITS } from './event-limits.js';
import type { EventLimits } from './event-limits.js';
import { FileGuard } from './file-guard.js';
import { fixedObjects } from './fixed-objects.js';
import { readHistoryNote } from './history-note.js';
import { acquireLock } from './lock.js';
import { loadFacts } from './meta-rows.js';
import type { StoreFacts } from './meta-rows.js';
import { migrate } from './migrations.js';
import { ReadModel } from './read-model.js';
import type { Registry } from './registry.js';
import { GivenKeys } from './secrets/given-keys.js';
import type { GivenKeySetting } from './secrets/given-keys.js';
import { FileKeys } from './secrets/file-keys.js';
import type { KeySource } from './secrets/keys.js';
import { Vault } from './secrets/vault.js';
import { SqliteRegistry } from './sqlite-registry.js';
import { StoreHealth } from './store-health.js';
import { toStored } from './stored.js';
import { loadObjects } from './tables.js';
import { writeBatch } from './write-batch.js';

/** Some hours of a busy host: long enough for every watch to reconnect. */
const DEFAULT_CHANGE_LOG_LIMIT = 5000;

/** Years of a quiet host and some days of a busy one, in less than 100 MB. */
const DEFAULT_AUDIT_LIMIT = 100_000;

export interface RegistryOptions {
  /** Made when it does not exist. */
  readonly dataDir: string;
  readonly clock: Clock;
  /** Changes that are kept for watches to resume from, give or take a tenth; 5,000 if not given. */
  readonly changeLogLimit?: number;
  /** 50 events an object and 5,000 in all if not given. */
  readonly eventLimits?: EventLimits;
  /** Lines of the audit that are kept, give or take a hundredth; 100,000 if not given. */
  readonly auditLimit?: number;
  /** Where the key-encryption key of Secrets is, when not in a file of the data directory. */
  readonly kek?: GivenKeySetting | undefined;
}

/**
 * Opens the store in a data directory, for this process alone, and brings its schema up to date.
 * Rejects with DATA_DIR_LOCKED, DATA_DIR_UNUSABLE, STORE_DAMAGED or SCHEMA_TOO_NEW; the directory is
 * free then.
 */
export async function openRegistry(options: RegistryOptions): Promise<Registry> {
  const { dataDir, clock } = options;
  const release = holdDataDirectory(dataDir, clock);
  const path = join(dataDir, STORE_FILE);
  let database: Database | undefined;
  try {
    refuseHalfRestored(dataDir);
    refuseEmptied(path, readHistoryNote(dataDir));
    database = openDatabase(path);
    return await load(options, database, release);
  } catch (thrown) {
    await database?.close();
    release();
    const error = asDamage(path, thrown);
    throw isRegistrarError(error) ? error : unusable(dataDir, error);
  }
}

/**
 * Takes a data directory, made if it is not there, for this process alone; returns what frees it.
 * Throws DATA_DIR_LOCKED or DATA_DIR_UNUSABLE.
 */
export function holdDataDirectory(dataDir: string, clock: Clock): () => void {
  prepareDataDirectory(dataDir);
  return lock(dataDir, clock);
}

function lock(dataDir: string, clock: Clock): () => void {
  try {
    return acquireLock(dataDir, timestamp(clock.now()));
  } catch (error) {
    throw isRegistrarError(error) ? error : unusable(dataDir, error);
  }
}

async function load(
  options: RegistryOptions,
  database: Database,
  release: () => void,
): Promise<Registry> {
  await refuseDamaged(database);
  await migrate(database.knex);
  const now = timestamp(options.clock.now());
  const facts = await loadFacts(database.knex, now);
  const objects = await loadReadModel(database, facts);
  const log = await loadLog(database, facts, options.changeLogLimit ?? DEFAULT_CHANGE_LOG_LIMIT);
  await repairMirrors(database, { objects, log }, now);
  const { path } = database;
  refuseCutOff(path, facts, readHistoryNote(options.dataDir));
  return new SqliteRegistry({
    dataDir: options.dataDir,
    instanceId: facts.instanceId,
    epoch: facts.epoch,
    engineId: facts.engineId,
    database,
    release,
    clock: options.clock,
    limits: options.eventLimits ?? DEFAULT_EVENT_LIMITS,
    objects,
    log,
    vault: await openVault(options, database, objects),
    audit: await loadAudit(database, options.auditLimit ?? DEFAULT_AUDIT_LIMIT),
    health: new StoreHealth(path, new FileGuard([path, `${path}-wal`])),
  });
}

/** A page that is damaged would show when it is read, in the middle of work. */
async function refuseDamaged({ knex, path }: Database): Promise<void> {
  const [row] = (await knex.raw('PRAGMA quick_check(1)')) as { quick_check: string }[];
  if (row?.quick_check !== 'ok') throw damaged(path, row?.quick_check ?? 'it cannot be checked');
}

async function openVault(
  { dataDir, kek }: RegistryOptions,
  database: Database,
  objects: ReadModel,
): Promise<Vault> {
  const file = (path: string): KeySource => new FileKeys(join(dataDir, path));
  const given = kek && new GivenKeys(kek);
  await given?.load();
  const keys = { encryption: given ?? file(KEK_FILE), fingerprint: file(FINGERPRINT_FILE) };
  const vault = new Vault(
    keys,
    (sql, ...values) => database.select(sql, ...values),
    (name) => objects.get('Secret', name)?.object,
  );
  endRotation(vault);
  return vault;
}

/** A rotation may have been killed just before it let go of the old key. */
function endRotation(vault: Vault): void {
  try {
    vault.settle();
  } catch (error) {
    // Keys that cannot be used are for those to tell who need them: all else goes on.
    if (!isRegistrarError(error)) throw error;
  }
}

async function loadReadModel({ knex }: Database, facts: StoreFacts): Promise<ReadModel> {
  const model = new ReadModel();
  for (const object of fixedObjects(facts)) model.put(toStored(object));
  for (const object of await loadObjects(knex)) model.put(toStored(object));
  return model;
}

async function loadLog({ knex }: Database, facts: StoreFacts, limit: number): Promise<ChangeLog> {
  return new ChangeLog(limit, facts.counter, await loadChanges(knex));
}

async function loadAudit({ knex }: Database, limit: number): Promise<AuditLog> {
  return new AuditLog(limit, await loadHead(knex), await firstSeq(knex));
}

/** Stores what makes the mirrors true; nothing when they are. */
async function repairMirrors(
  database: Database,
  { objects, log }: { readonly objects: ReadModel; readonly log: ChangeLog },
  now: string,
): Promise<void> {
  const batch = new Batch(objects, log.counter, { limits: DEFAULT_EVENT_LIMITS, vault: undefined });
  batch.repair(now);
  const { changes } = batch;
  if (changes.length === 0) return;
  database.transact((trx) =>
    writeBatch(trx, { changes, records: [], audit: [], now, cut: undefined }),
  );
  for (const change of changes) log.append(change);
}
