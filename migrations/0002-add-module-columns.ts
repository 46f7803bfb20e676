import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';

const COLUMNS = {
  uid: `TEXT NOT NULL DEFAULT ''`,
  generation: 'INTEGER NOT NULL DEFAULT 1',
  resource_version: 'INTEGER NOT NULL DEFAULT 0',
  labels: `TEXT NOT NULL DEFAULT '{}'`,
  annotations: `TEXT NOT NULL DEFAULT '{}'`,
  finalizers: `TEXT NOT NULL DEFAULT '[]'`,
  owner_references: `TEXT NOT NULL DEFAULT '[]'`,
  managed_fields: `TEXT NOT NULL DEFAULT '[]'`,
  deletion_timestamp: 'DATETIME',
  spec: `TEXT NOT NULL DEFAULT '{}'`,
  status_detail: `TEXT NOT NULL DEFAULT '{}'`,
  owner: `TEXT NOT NULL DEFAULT ''`,
};

/** The part of a row that the published schema holds. */
interface PublishedRow {
  id: number;
  version: string;
  repo_url: string;
  branch: string;
  description: string;
  author: string;
  license: string;
  module_type: string;
}

/** What makes a row of the published schema an object: identity, spec and status. */
export async function up(knex: Knex): Promise<void> {
  for (const [name, type] of Object.entries(COLUMNS)) {
    await knex.raw(`ALTER TABLE subnet_modules ADD COLUMN ${name} ${type}`);
  }
  const rows: PublishedRow[] = await knex('subnet_modules').orderBy('id');
  for (const row of rows) await knex('subnet_modules').where('id', row.id).update(objectOf(row));
  await knex.raw('CREATE UNIQUE INDEX subnet_modules_uid ON subnet_modules (uid)');
}

/** Goes back to the published columns; what the added ones held is lost. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP INDEX subnet_modules_uid');
  for (const name of Object.keys(COLUMNS)) {
    await knex.raw(`ALTER TABLE subnet_modules DROP COLUMN ${name}`);
  }
}

// A published row says nothing of limits, ports or volumes: it comes in suspended, so that nothing
// runs before a person has completed it.
function objectOf(row: PublishedRow): Record<string, string | number> {
  const spec = {
    args: [],
    author: row.author,
    command: [],
    dependsOn: [],
    description: row.description,
    env: [],
    image: '',
    license: row.license,
    ports: [],
    replicas: 1,
    resources: { cpus: '1.0', gpus: [], memory: '512Mi', pids: 256 },
    revisionHistoryLimit: 10,
    securityContext: { addCapabilities: [], readOnlyRootFilesystem: true, writablePaths: [] },
    source: {
      branch: row.branch,
      commit: '',
      dockerfile: 'Dockerfile',
      path: '.',
      repoUrl: row.repo_url,
    },
    strategy: { type: 'Recreate' },
    suspend: true,
    type: row.module_type,
    updates: { policy: 'Manual' },
    version: row.version,
    volumes: [],
  };
  const status = {
    conditions: [],
    containers: [],
    observedGeneration: 0,
    phase: 'Pending',
    readyReplicas: 0,
    replicas: 0,
    restarts: 0,
  };
  return {
    uid: randomUUID(),
    resource_version: row.id,
    spec: JSON.stringify(spec),
    status_detail: JSON.stringify(status),
  };
}
