import type { Knex } from 'knex';

/** What a strategy has by default since rollouts are told how far and how long to go. */
const DEFAULTS = {
  ...{ maxSurge: 1, maxUnavailable: 0, progressDeadlineSeconds: 600, autoRollback: true },
};

interface Row {
  readonly id: number;
  readonly spec: string;
}

/** Modules that were stored before get what a manifest gets that leaves it out. */
export async function up(knex: Knex): Promise<void> {
  const rows: Row[] = await knex('subnet_modules').select('id', 'spec');
  for (const { id, spec } of rows) {
    const parsed = JSON.parse(spec) as { strategy?: object };
    const strategy = { ...DEFAULTS, ...parsed.strategy };
    await knex('subnet_modules')
      .where({ id })
      .update({ spec: JSON.stringify({ ...parsed, strategy }) });
  }
}

/** Those before do without it. */
export async function down(): Promise<void> {}
