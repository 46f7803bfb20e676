import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { compiled } from '../../helpers/compiled.js';
import { openTempRegistry, tempDataDir } from '../../helpers/temp-registry.js';
import { kill, nextLine, restOf, startHolder } from '../holding.js';

const HOLDER = await compiled('test/registry/secrets/secret-holder.ts');

/** Kills of one process after another on the same store, each at another moment. */
const KILLS = 8;

const numberIn = (line: string): number => Number(line.split(' ').at(-1));

/** The holder deletes a Secret after each seventh write. */
const isLast = (line: string): boolean => line.endsWith(' gone') || numberIn(line) % 7 === 6;

/** What was acknowledged last of each Secret. */
const lastOf = (lines: readonly string[]): Map<string, string> =>
  new Map(lines.map((line) => [line.split(' ')[0] ?? '', line]));

/** Names of the Secrets that have records. */
function recordedIn(dataDir: string): string[] {
  const db = new Sqlite(join(dataDir, 'registrar.db'), { readonly: true });
  const rows = db.prepare('SELECT DISTINCT name FROM secret_records ORDER BY name').all();
  db.close();
  return (rows as { name: string }[]).map(({ name }) => name);
}

test('a kill at any moment leaves each Secret with its values, the first that makes the key too', async () => {
  const dataDir = tempDataDir();
  for (let round = 0; round < KILLS; round += 1) {
    const holder = startHolder(HOLDER, dataDir, 3);
    expect(await nextLine(holder)).toBe('open');
    const lines: string[] = [];
    for (let count = 0; count < round * 9; count += 1) lines.push(await nextLine(holder));
    await kill(holder);
    lines.push(...(await restOf(holder)));

    const { registry, close } = await openTempRegistry({ dataDir });
    const secrets = registry.list('Secret').items.map(({ object }) => object);
    const values = new Map(
      secrets.map(({ metadata: { name }, data }) => {
        const revealed = registry.secrets.reveal(name, Object.keys(data));
        expect([...revealed.keys()]).toEqual(Object.keys(data));
        return [name, revealed.get('api')?.toString() ?? ''];
      }),
    );
    await close();
    expect(recordedIn(dataDir)).toEqual([...values.keys()].toSorted());
    // Writes that were not acknowledged may have come to be: no value is older than one that was.
    for (const [name, line] of lastOf(lines)) {
      const value = values.get(name);
      if (value === undefined) expect(isLast(line), line).toBe(true);
      else if (!line.endsWith(' gone'))
        expect(numberIn(value)).toBeGreaterThanOrEqual(numberIn(line));
    }
  }
});
