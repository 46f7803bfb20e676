import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { stableJson } from '../../src/model/stable-json.js';
import type { Registry } from '../../src/registry/registry.js';
import { anEntry, auditOf } from '../helpers/audit.js';
import { aManifest } from '../helpers/builders.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { mountSmallDisk, whyNoDisk } from '../helpers/small-disk.js';
import { openTempRegistry } from '../helpers/temp-registry.js';

const FORBIDDEN = { code: 403, reason: 'Forbidden' };
const audit = anEntry();

const setReplicas = (registry: Registry, name: string, replicas: number, options = {}) =>
  registry.update(
    'Module',
    name,
    (current) => ({ ...current, spec: { ...current.spec, replicas } }),
    { audit, ...options },
  );

/** What the page on the audit says the hash of an object is. */
function hashOf(json: string): string {
  const { status: _status, metadata, ...object } = JSON.parse(json) as Record<string, unknown>;
  const {
    resourceVersion: _v,
    managedFields: _m,
    ...decided
  } = metadata as Record<string, unknown>;
  const text = stableJson({ ...object, metadata: decided });
  return createHash('sha256').update(text).digest('hex');
}

describe('a change', () => {
  test('adds a line with who, from where, what, and the hashes before and after', async () => {
    const clock = new FakeClock();
    const { registry } = await openTempRegistry({ clock });
    const created = await registry.create('Module', aManifest('echo'), {
      audit: anEntry({ verb: 'create' }),
    });
    const updated = await setReplicas(registry, 'echo', 2);
    await registry.delete('Module', 'echo', { audit: anEntry({ verb: 'delete' }) });
    const [first, second, third, ...more] = await auditOf(registry);
    expect(first).toMatchObject({
      ...{ seq: 1, time: '2026-01-01T12:00:00.000Z', user: 'ada', groups: ['registrar:admin'] },
      ...{ source: '10.0.0.7', verb: 'create', resource: 'modules.registrar.synapsis.network' },
      ...{ name: 'echo', namespace: '', requestId: 'request-1', count: 1 },
      ...{ code: 201, reason: 'Created', oldHash: '', newHash: hashOf(created.stored.json) },
      previousHash: '0'.repeat(64),
    });
    expect(second).toMatchObject({
      ...{ seq: 2, verb: 'update', code: 200, reason: 'OK', previousHash: first?.hash },
      ...{ oldHash: first?.newHash, newHash: hashOf(updated.stored.json) },
    });
    expect(third).toMatchObject({
      ...{ seq: 3, verb: 'delete', oldHash: second?.newHash, newHash: '' },
      previousHash: second?.hash,
    });
    expect(more).toEqual([]);
  });

  test('has its line in the same transaction, in order with the others', async () => {
    const { registry } = await openTempRegistry();
    await Promise.all([
      registry.create('Module', aManifest('one'), { audit }),
      registry.audit.append(anEntry({ verb: 'get', name: 'two' }), FORBIDDEN),
      registry.create('Module', aManifest('two'), { audit }),
      registry.create('Module', aManifest('quiet')),
    ]);
    expect(registry.stats.commits).toBe(1);
    expect((await auditOf(registry)).map(({ name, code }) => [name, code])).toEqual([
      ['one', 201],
      ['two', 403],
      ['two', 201],
    ]);
  });

  test('of no one adds none, nor does one that changes nothing or is refused', async () => {
    const { registry } = await openTempRegistry();
    await registry.create('Module', aManifest('echo'));
    await setReplicas(registry, 'echo', 1);
    await setReplicas(registry, 'echo', 2, { dryRun: true });
    await expect(setReplicas(registry, 'nothing', 2)).rejects.toThrow('not found');
    await expect(setReplicas(registry, 'echo', 2, { uid: 'other' })).rejects.toThrow('UID');
    expect(await auditOf(registry)).toEqual([]);
  });

  test('of the status is told by a hash with it, and leaves the hash without it', async () => {
    const { registry } = await openTempRegistry();
    await registry.create('Module', aManifest('echo'), { audit });
    const setPhase = (phase: 'Running' | 'Failed', options = {}) =>
      registry.update(
        'Module',
        'echo',
        (current) => ({ ...current, status: { ...current.status, phase } }),
        { subresource: 'status', ...options },
      );
    await setPhase('Running');
    await setPhase('Failed', { audit });
    await setReplicas(registry, 'echo', 2);
    const [created, status, updated] = await auditOf(registry);
    expect(status?.oldHash).not.toBe(status?.newHash);
    expect(updated?.oldHash).toBe(created?.newHash);
  });

  test('of a generated name has the name that was made', async () => {
    const { registry } = await openTempRegistry();
    const draft = { ...aManifest(''), metadata: { name: '', generateName: 'echo-' } };
    const { stored } = await registry.create('Module', draft, { audit });
    expect((await auditOf(registry))[0]?.name).toBe(stored.object.metadata.name);
  });
});

describe('a line', () => {
  test('holds nothing that deceives a reader, and is bounded', async () => {
    const { registry } = await openTempRegistry();
    const groups = Array.from({ length: 100 }, () => 'g'.repeat(1000));
    const entry = anEntry({ user: 'a\u001b[2K\u202eda', name: 'n'.repeat(10_000), groups });
    await registry.audit.append(entry, FORBIDDEN);
    const [line] = await auditOf(registry);
    expect(line?.user).toBe('a?[2K?da');
    expect(line?.name).toHaveLength(257);
    expect(JSON.stringify(line).length).toBeLessThan(6000);
    expect(await registry.audit.verify()).toMatchObject({ ok: true });
  });

  test('is there after a restart, and the next one goes on from it', async () => {
    const temp = await openTempRegistry();
    await temp.registry.create('Module', aManifest('echo'), { audit });
    const [before] = await auditOf(temp.registry);
    await temp.reopen();
    await setReplicas(temp.registry, 'echo', 2);
    const [first, second] = await auditOf(temp.registry);
    expect(first).toEqual(before);
    expect(second).toMatchObject({ seq: 2, previousHash: before?.hash });
    expect(await temp.registry.audit.verify()).toEqual({
      ...{ ok: true, checked: 2, first: 1, last: 2, hash: second?.hash },
    });
  });
});

describe('list()', () => {
  async function filled(): Promise<Registry> {
    const clock = new FakeClock();
    const { registry } = await openTempRegistry({ clock });
    await registry.create('Module', aManifest('echo'), { audit });
    await clock.advance(60_000);
    const scale = 'modules.registrar.synapsis.network/scale';
    await setReplicas(registry, 'echo', 2, {
      audit: anEntry({ user: 'bob', verb: 'patch', resource: scale }),
    });
    await registry.audit.append(anEntry({ user: 'eve', resource: 'pods/exec' }), FORBIDDEN);
    await registry.audit.append(anEntry({ user: '?', resource: '/metrics' }), {
      ...{ code: 401, reason: 'Unauthorized', count: 7 },
    });
    await registry.audit.append(anEntry({ name: 'echo' }), { code: 422, reason: 'Invalid' });
    return registry;
  }

  test.each([
    [{}, [5, 4, 3, 2, 1]],
    [{ user: 'eve' }, [3]],
    [{ verb: 'patch' }, [2]],
    [{ name: 'echo' }, [5, 2, 1]],
    [{ resource: 'modules' }, [5, 2, 1]],
    [{ resource: 'modules.registrar.synapsis.network' }, [5, 2, 1]],
    [{ resource: 'modules.registrar.synapsis.network/scale' }, [2]],
    [{ resource: 'pods' }, [3]],
    [{ resource: '/metrics' }, [4]],
    [{ resource: '%' }, []],
    [{ resource: 'm_dules' }, []],
    [{ result: 'denied' }, [4, 3]],
    [{ result: 'refused' }, [5, 4, 3]],
    [{ result: '422' }, [5]],
    [{ result: 'OK' }, [2]],
    [{ sinceMs: Date.parse('2026-01-01T12:01:00Z') }, [5, 4, 3, 2]],
    [{ before: 3 }, [2, 1]],
    [{ limit: 2 }, [5, 4]],
    [{ user: 'ada', result: 'Created' }, [1]],
  ])('%j', async (filter, expected) => {
    const registry = await filled();
    const found = await registry.audit.list({ limit: 100, ...filter });
    expect(found.map(({ seq }) => seq)).toEqual(expected);
  });

  test('tells for how many requests a line stands', async () => {
    const registry = await filled();
    const [line] = await registry.audit.list({ limit: 1, result: '401' });
    expect(line).toMatchObject({ count: 7, oldHash: '', newHash: '' });
  });
});

describe('the oldest lines', () => {
  test('are cut off, and the chain holds from the line that says so', async () => {
    const temp = await openTempRegistry({ auditLimit: 100 });
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(
        Array.from({ length: 60 }, () => temp.registry.audit.append(audit, FORBIDDEN)),
      );
      expect(await temp.registry.audit.verify()).toMatchObject({ ok: true });
    }
    const lines = await auditOf(temp.registry);
    expect(lines.length).toBeLessThanOrEqual(101);
    const cuts = lines.filter(({ verb }) => verb === 'cut');
    expect(cuts.at(-1)).toMatchObject({
      user: 'registrar',
      name: String((lines[0]?.seq ?? 0) - 1),
    });
    expect(cuts.at(-1)?.oldHash).toBe(lines[0]?.previousHash);
    await temp.reopen();
    await temp.registry.audit.append(audit, FORBIDDEN);
    expect(await temp.registry.audit.verify()).toMatchObject({
      ...{ ok: true, first: lines[0]?.seq, last: (lines.at(-1)?.seq ?? 0) + 1 },
    });
  });

  test('are cut off while somebody verifies, and both are right', async () => {
    const { registry } = await openTempRegistry({ auditLimit: 3000 });
    const append = () => registry.audit.append(audit, FORBIDDEN);
    await Promise.all(Array.from({ length: 3000 }, append));
    const writes = Array.from({ length: 2000 }, append);
    const verdicts = [registry.audit.verify(), registry.audit.verify()];
    expect(await verdicts[0]).toBe(await verdicts[1]);
    expect(await verdicts[0]).toMatchObject({ ok: true });
    await Promise.all(writes);
    expect(await registry.audit.verify()).toMatchObject({ ok: true });
  });
});

describe('an audit that somebody edits', () => {
  /** A store with some lines, all but the first of its rows cut off or not, and a way to edit it. */
  async function edited(sql: string, options = {}) {
    const temp = await openTempRegistry(options);
    for (let i = 0; i < 9; i += 1) {
      await temp.registry.audit.append(anEntry({ name: `n-${i}` }), FORBIDDEN);
    }
    const shell = new Sqlite(join(temp.dataDir, 'registrar.db'));
    onTestFinished(() => void shell.close());
    shell.exec(sql);
    const before = await temp.registry.audit.verify();
    await temp.reopen();
    const after = await temp.registry.audit.verify();
    return { before, after };
  }

  const columns = Object.keys({
    ...{ time: 0, user: 0, groups: 0, source: 0, verb: 0, resource: 0, name: 0, namespace: 0 },
    ...{ old_hash: 0, new_hash: 0, reason: 0, request_id: 0, previous_hash: 0, hash: 0 },
  });

  test.each<[string, string, number, string]>([
    ...columns.map((column): [string, string, number, string] => [
      `another ${column}`,
      `UPDATE audit SET "${column}" = "${column}" || 'x' WHERE seq = 5`,
      5,
      'It was changed',
    ]),
    ['another code', 'UPDATE audit SET code = 200 WHERE seq = 5', 5, 'It was changed'],
    ['another count', 'UPDATE audit SET count = 2 WHERE seq = 5', 5, 'It was changed'],
    ['a row that is gone', 'DELETE FROM audit WHERE seq = 5', 6, 'Row 5 is before it missing'],
    ['rows that are gone', 'DELETE FROM audit WHERE seq IN (3, 4)', 5, 'Rows 3 to 4 are'],
    ['no first row', 'DELETE FROM audit WHERE seq = 1', 2, 'Row 1 is before it missing'],
    ['no last row', 'DELETE FROM audit WHERE seq = 9', 9, 'Row 9 is missing at the end'],
    ['no last rows', 'DELETE FROM audit WHERE seq > 6', 7, 'Rows 7 to 9 are missing at the end'],
    ['no row at all', 'DELETE FROM audit', 1, 'Rows 1 to 9 are missing at the end'],
    [
      'two rows that are swapped',
      `UPDATE audit SET seq = 100 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5;
       UPDATE audit SET seq = 5 WHERE seq = 100`,
      4,
      'It was changed',
    ],
    ['a row moved to the end', 'UPDATE audit SET seq = 10 WHERE seq = 4', 5, 'Row 4 is before it'],
  ])('%s is found', async (_what, sql, seq, message) => {
    const { before, after } = await edited(sql);
    for (const { ok, problem } of [before, after]) {
      expect([ok, problem?.seq]).toEqual([false, seq]);
      expect(problem?.message).toContain(message);
    }
  });

  test('with a hash that fits is found at the next row', async () => {
    const temp = await openTempRegistry();
    for (const name of ['one', 'two', 'three']) {
      await temp.registry.audit.append(anEntry({ name }), FORBIDDEN);
    }
    const { rowHash } = await import('../../src/registry/audit-chain.js');
    const shell = new Sqlite(join(temp.dataDir, 'registrar.db'));
    onTestFinished(() => void shell.close());
    const row = shell.prepare('SELECT * FROM audit WHERE seq = 2').get();
    const forged = { ...(row as Parameters<typeof rowHash>[0]), user: 'nobody' };
    shell
      .prepare('UPDATE audit SET user = ?, hash = ? WHERE seq = 2')
      .run(forged.user, rowHash(forged));
    expect((await temp.registry.audit.verify()).problem).toEqual({
      ...{ seq: 3, message: 'It does not continue row 2: one of the two was replaced' },
    });
  });

  test('with a row that was never written is found while the daemon runs', async () => {
    const { before } = await edited(
      'INSERT INTO audit SELECT 10, time, user, groups, source, verb, resource, name, namespace, old_hash, new_hash, code, reason, count, request_id, previous_hash, hash FROM audit WHERE seq = 9',
    );
    expect(before.ok).toBe(false);
  });

  test('where what was cut off is edited is found at the first row', async () => {
    const { before, after } = await edited("UPDATE audit SET name = '1' WHERE verb = 'cut'", {
      auditLimit: 5,
    });
    expect([before.ok, after.ok]).toEqual([false, false]);
  });

  test('goes on being written, so that what happens next is known', async () => {
    const temp = await openTempRegistry();
    await temp.registry.audit.append(audit, FORBIDDEN);
    await temp.registry.audit.append(audit, FORBIDDEN);
    const shell = new Sqlite(join(temp.dataDir, 'registrar.db'));
    onTestFinished(() => void shell.close());
    shell.exec('DELETE FROM audit WHERE seq = 2');
    await temp.reopen();
    await temp.registry.create('Module', aManifest('echo'), { audit });
    expect((await auditOf(temp.registry)).map(({ seq }) => seq)).toEqual([1, 3]);
    expect((await temp.registry.audit.verify()).problem?.seq).toBe(3);
  });
});

const noDisk = whyNoDisk();
const REFUSED = { code: 'STORE_UNAVAILABLE', details: { retryAfterSeconds: 5 } };

describe('what cannot be audited', () => {
  test.skipIf(noDisk !== undefined)(
    `is refused on a full disk${noDisk === undefined ? '' : ` (skipped: ${noDisk})`}`,
    async () => {
      const disk = mountSmallDisk('4m');
      const temp = await openTempRegistry({ dataDir: join(disk.path, 'data') });
      const { registry } = temp;
      await registry.create('Module', aManifest('before'), { audit });
      disk.fill();
      await expect(
        registry.create('Module', aManifest('no-room'), { audit }),
      ).rejects.toMatchObject(REFUSED);
      await expect(registry.audit.append(audit, FORBIDDEN)).rejects.toMatchObject(REFUSED);
      disk.free();
      await registry.create('Module', aManifest('after'), { audit });
      expect((await auditOf(registry)).map(({ name }) => name)).toEqual(['before', 'after']);
      expect(await registry.audit.verify()).toMatchObject({ ok: true });
      await temp.close();
    },
  );

  test('is refused while another program holds the database', async () => {
    const { registry, dataDir } = await openTempRegistry();
    const other = new Sqlite(join(dataDir, 'registrar.db'));
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    const write = registry.create('Module', aManifest('echo'), { audit });
    await expect(write).rejects.toMatchObject(REFUSED);
    await expect(registry.audit.append(audit, FORBIDDEN)).rejects.toMatchObject(REFUSED);
    other.exec('ROLLBACK');
    expect(registry.get('Module', 'echo')).toBeUndefined();
    await registry.create('Module', aManifest('echo'), { audit });
    expect((await auditOf(registry)).map(({ seq }) => seq)).toEqual([1]);
  });

  test('is refused when its line cannot be written, although the change could', async () => {
    const { registry, dataDir } = await openTempRegistry();
    const shell = new Sqlite(join(dataDir, 'registrar.db'));
    onTestFinished(() => void shell.close());
    shell.exec('ALTER TABLE audit RENAME TO hidden');
    const write = registry.create('Module', aManifest('echo'), { audit });
    await expect(write).rejects.toMatchObject(REFUSED);
    expect(registry.get('Module', 'echo')).toBeUndefined();
    expect(shell.prepare('SELECT * FROM subnet_modules').all()).toEqual([]);
    shell.exec('ALTER TABLE hidden RENAME TO audit');
    await registry.create('Module', aManifest('echo'), { audit });
    expect(await auditOf(registry)).toHaveLength(1);
  });
});
