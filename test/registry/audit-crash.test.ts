import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { anEntry, auditOf } from '../helpers/audit.js';
import { compiled } from '../helpers/compiled.js';
import { openTempRegistry, tempDataDir } from '../helpers/temp-registry.js';
import { kill, nextLine, restOf, startHolder } from './holding.js';

const HOLDER = await compiled('test/registry/audit-holder.ts');

/** Kills of one process after another on the same store, each at another moment. */
const KILLS = 12;

test('a kill at any moment leaves no change without its line, and no line without its change', async () => {
  const dataDir = tempDataDir();
  const acknowledged: string[] = [];
  for (let round = 1; round <= KILLS; round += 1) {
    const holder = startHolder(HOLDER, dataDir, 4);
    expect(await nextLine(holder)).toBe('open');
    for (let count = 0; count < round * 7; count += 1) acknowledged.push(await nextLine(holder));
    await kill(holder);
    acknowledged.push(...(await restOf(holder)));
    await deleteAll(dataDir);
  }
  const { registry } = await openTempRegistry({ dataDir });
  const lines = await auditOf(registry);
  expect(await registry.audit.verify()).toMatchObject({ ok: true, checked: lines.length });
  expect(changesIn(dataDir)).toBe(lines.filter(({ code }) => code < 400).length);
  const written = countOf(lines.map(({ verb, name }) => `${verb} ${name}`));
  for (const [what, count] of countOf(acknowledged)) {
    expect(written.get(what) ?? 0, what).toBeGreaterThanOrEqual(count);
  }
});

/** So that the next process can use the same names. */
async function deleteAll(dataDir: string): Promise<void> {
  const { registry, close } = await openTempRegistry({ dataDir });
  for (const { object } of registry.list('Module').items) {
    await registry.delete('Module', object.metadata.name, {
      audit: anEntry({ verb: 'clean-up' }),
    });
  }
  await close();
}

/** Changes that the store has ever made: each has the next number. */
function changesIn(dataDir: string): number {
  const shell = new Sqlite(join(dataDir, 'registrar.db'), { readonly: true });
  const row = shell.prepare("SELECT value FROM meta WHERE key = 'resource_version'").get();
  shell.close();
  return Number((row as { value: string }).value);
}

function countOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
