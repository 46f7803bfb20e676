import { randomBytes, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { DbMetaRow } from './rows.js';
import type { Transaction } from './transaction.js';

/** Holds what the store knows of itself, and where the audit has come to. */
export const META = { name: 'meta', key: ['key'] } as const;

/** What the store knows of itself. */
export interface StoreFacts {
  readonly instanceId: string;
  readonly epoch: string;
  /** The highest resourceVersion given out. */
  readonly counter: number;
  /** When the store was made, RFC 3339. */
  readonly createdAt: string;
  /** Id of the engine that modules run on; undefined before one was seen. */
  readonly engineId: string | undefined;
}

const KEYS = {
  instanceId: 'instance_id',
  epoch: 'epoch',
  counter: 'resource_version',
  createdAt: 'created_at',
};

/** Holds the id of the engine, once one was seen. */
const ENGINE = 'engine_id';

/** Holds the time of the last trial write. */
const TRIAL = 'trial_write';

/** The facts as stored, made at the first start; `now` is RFC 3339. */
export async function loadFacts(db: Knex, now: string): Promise<StoreFacts> {
  const fresh = {
    [KEYS.instanceId]: randomBytes(8).toString('hex'),
    [KEYS.epoch]: randomUUID(),
    [KEYS.counter]: String(await highestVersion(db)),
    [KEYS.createdAt]: now,
  };
  const rows = Object.entries(fresh).map(([key, value]) => ({ key, value }));
  await db<DbMetaRow>(META.name).insert(rows).onConflict('key').ignore();
  const stored = await db<DbMetaRow>(META.name);
  const facts = new Map(stored.map(({ key, value }) => [key, value]));
  return {
    instanceId: facts.get(KEYS.instanceId) ?? '',
    epoch: facts.get(KEYS.epoch) ?? '',
    counter: Number(facts.get(KEYS.counter)),
    createdAt: facts.get(KEYS.createdAt) ?? now,
    engineId: facts.get(ENGINE),
  };
}

// Rows that are older than the counter have versions too, and none may be given out twice.
async function highestVersion(db: Knex): Promise<number> {
  const row = await db('subnet_modules').max({ highest: 'resource_version' }).first();
  return Number(row?.['highest'] ?? 0);
}

export function saveCounter(trx: Transaction, counter: number): void {
  trx.put(META, { key: KEYS.counter, value: String(counter) });
}

export function saveEngine(trx: Transaction, engineId: string): void {
  trx.put(META, { key: ENGINE, value: engineId });
}

/** Writes `now` and nothing of use. SQLite does not write what is there already. */
export function tryWrite(trx: Transaction, now: string): void {
  trx.put(META, { key: TRIAL, value: now });
}
