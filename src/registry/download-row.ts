import type { Change } from './registry.js';
import type { Transaction } from './transaction.js';

const RAISE = 'UPDATE subnet_modules SET downloads = downloads + ? WHERE name = ?';

/** Versions are called by their module and a dot; the character after a dot is a slash. */
const COUNT = `UPDATE subnet_modules SET downloads = (
    SELECT COALESCE(SUM(json_extract(object, '$.status.downloads')), 0) FROM objects
    WHERE kind = 'ModuleVersion' AND name >= ? AND name < ?
  ) WHERE name = ?`;

/** Keeps the downloads of a module in step with those of its versions, which outlive it. */
export function countDownloads(trx: Transaction, { type, name, stored, previous }: Change): void {
  const { object } = stored;
  if (object.kind === 'Module' && type === 'ADDED') trx.run(COUNT, `${name}.`, `${name}/`, name);
  if (object.kind !== 'ModuleVersion' || previous?.object.kind !== 'ModuleVersion') return;
  const more = object.status.downloads - previous.object.status.downloads;
  if (type === 'MODIFIED' && more > 0) trx.run(RAISE, more, object.spec.module);
}
