import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { anEntry, auditOf } from '../../helpers/audit.js';
import { compiled } from '../../helpers/compiled.js';
import { writeSecret } from '../../helpers/secrets.js';
import { openTempRegistry, tempDataDir } from '../../helpers/temp-registry.js';
import { kill, nextLine, restOf, startHolder } from '../holding.js';

const HOLDER = await compiled('test/registry/secrets/rotation-holder.ts');

/** Kills of one process after another on the same store, each at another moment. */
const KILLS = 6;
const SECRETS = 12;

const valueOf = (at: number): string => `value of ${at}`;

test('a kill at any moment of a rotation leaves each value readable, and one more rotation ends it', async () => {
  const dataDir = tempDataDir();
  const first = await openTempRegistry({ dataDir });
  for (let at = 0; at < SECRETS; at += 1) {
    await writeSecret(first.registry, `s-${at}`, { api: valueOf(at), other: 'x' });
  }
  await first.close();
  const acknowledged: string[] = [];
  for (let round = 0; round < KILLS; round += 1) {
    const holder = startHolder(HOLDER, dataDir);
    expect(await nextLine(holder)).toBe('open');
    const lines: string[] = [];
    for (let count = 0; count < round * 4; count += 1) lines.push(await nextLine(holder));
    await kill(holder);
    lines.push(...(await restOf(holder)));
    acknowledged.push(...lines.filter((line) => line.startsWith('rotated')));

    const { registry, close } = await openTempRegistry({ dataDir });
    for (let at = 0; at < SECRETS; at += 1) {
      const values = registry.secrets.reveal(`s-${at}`, ['api', 'other']);
      expect([...values.values()].map(String)).toEqual([valueOf(at), 'x']);
    }
    const written = lines.findLast((line) => line.startsWith('wrote'));
    const busy = registry.secrets.reveal('busy', ['api']).get('api')?.toString();
    // Writes that were not acknowledged may have come to be: no value is older than one that was.
    if (written !== undefined) expect(numberIn(busy)).toBeGreaterThanOrEqual(numberIn(written));
    await close();
  }
  const { registry } = await openTempRegistry({ dataDir });
  const { keyId } = await registry.rotateKeys(anEntry());
  expect(
    readFileSync(join(dataDir, 'keys', 'kek'), 'utf8')
      .trim()
      .split('\n'),
  ).toHaveLength(1);
  expect(acknowledged).not.toContain(`rotated ${keyId}`);
  expect(await registry.audit.verify()).toMatchObject({ ok: true });
  const rotations = (await auditOf(registry)).filter(({ verb }) => verb === 'post');
  expect(rotations.length).toBeGreaterThanOrEqual(acknowledged.length);
  expect(readdirSync(join(dataDir, 'keys')).toSorted()).toEqual(['fingerprint', 'kek']);
});

const numberIn = (text = ''): number => Number(text.split(' ').at(-1));
