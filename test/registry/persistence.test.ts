import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CONFIG_FILE_ANNOTATION } from '../../src/model/names.js';
import type { Change, Registry } from '../../src/registry/registry.js';
import { aManifest } from '../helpers/builders.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { openTempRegistry, tempDataDir } from '../helpers/temp-registry.js';

/** The tables as someone with another program sees them. */
function openShell(dataDir: string): Sqlite.Database {
  const shell = new Sqlite(join(dataDir, 'registrar.db'), { readonly: true });
  onTestFinished(() => void shell.close());
  return shell;
}

const source = {
  ...{ repoUrl: 'https://github.com/example/echo.git', branch: 'release', commit: '' },
  ...{ path: '.', dockerfile: 'Dockerfile' },
};

/** A bit of everything that is stored. */
async function fill(registry: Registry): Promise<void> {
  const manifest = aManifest('full', { source, description: 'Echoes', author: 'Ada', env: [] });
  await registry.create('Module', {
    ...manifest,
    metadata: {
      name: 'full',
      labels: { subnet: '17', a: 'b' },
      annotations: { [CONFIG_FILE_ANNOTATION]: 'miners/full.yaml' },
      finalizers: ['example.com/hold'],
      ownerReferences: [{ kind: 'Host', name: 'local', uid: '1' }],
      managedFields: [{ manager: 'kubectl', operation: 'Apply' }],
    },
  });
  await registry.create('Module', aManifest('plain'));
  for (let i = 0; i < 2; i += 1) {
    await registry.create('Module', aManifest('gone'));
    await registry.delete('Module', 'gone');
  }
  await registry.update(
    'Module',
    'full',
    (current) => ({
      ...current,
      status: { ...current.status, phase: 'Running' as const, restarts: 4 },
    }),
    { subresource: 'status' },
  );
  await registry.delete('Module', 'full');
  await registry.recordEvent({
    about: { apiVersion: 'v1', kind: 'Module', name: 'full', uid: '1' },
    ...{ type: 'Warning', reason: 'BackOff', message: 'Waits before it starts again' },
  });
}

function everything(registry: Registry): unknown {
  return {
    modules: registry.list('Module').items.map(({ json }) => json),
    events: registry.list('Event').items.map(({ json }) => json),
    facts: [registry.resourceVersion, registry.instanceId, registry.epoch],
  };
}

/** The log after a resourceVersion, without the state before each change. */
function logAfter(registry: Registry, since: string): unknown[] {
  const seen: Change[] = [];
  registry.watch('Module', since, (change) => seen.push(change))();
  registry.watch('Event', since, (change) => seen.push(change))();
  return seen.map(({ type, name, resourceVersion, stored }) => {
    return [type, name, resourceVersion, stored.json];
  });
}

describe('after a restart', () => {
  test('all objects, statuses, events, versions and ids are what they were', async () => {
    const temp = await openTempRegistry();
    await fill(temp.registry);
    const before = everything(temp.registry);
    await temp.reopen();
    expect(everything(temp.registry)).toEqual(before);
    expect(temp.registry.instanceId).toMatch(/^[0-9a-f]{16}$/);
  });

  test('a watch resumes from any version that it could before', async () => {
    const temp = await openTempRegistry();
    await fill(temp.registry);
    const newest = Number(temp.registry.resourceVersion);
    const versions = Array.from({ length: newest + 1 }, (_, version) => String(version));
    const before = versions.map((since) => logAfter(temp.registry, since));
    expect(before.map((log) => log.length)).toEqual(versions.toReversed().map(Number));
    await temp.reopen();
    expect(versions.map((since) => logAfter(temp.registry, since))).toEqual(before);
  });

  test('a resumed watch has the state before each change that the log still holds', async () => {
    const temp = await openTempRegistry();
    await fill(temp.registry);
    await temp.reopen();
    const seen: Change<'Module'>[] = [];
    temp.registry.watch('Module', '0', (change) => seen.push(change));
    const known = seen.map(({ type, name, previous }) => {
      return [type, name, previous?.object.metadata.resourceVersion];
    });
    expect(known).toEqual([
      ['ADDED', 'full', undefined],
      ['ADDED', 'plain', undefined],
      ['ADDED', 'gone', undefined],
      ['DELETED', 'gone', '3'],
      ['ADDED', 'gone', undefined],
      ['DELETED', 'gone', '5'],
      ['MODIFIED', 'full', '1'],
      ['MODIFIED', 'full', '7'],
    ]);
  });

  test('no version is given out twice, also when nothing is left', async () => {
    const temp = await openTempRegistry({ changeLogLimit: 1 });
    await temp.registry.create('Module', aManifest('echo'));
    await temp.registry.delete('Module', 'echo');
    await temp.reopen();
    const { stored } = await temp.registry.create('Module', aManifest('echo'));
    expect(stored.object.metadata.resourceVersion).toBe('3');
  });

  test('events go on being counted', async () => {
    const clock = new FakeClock();
    const temp = await openTempRegistry({ clock });
    const event = {
      about: { apiVersion: 'v1', kind: 'Module', name: 'full', uid: '1' },
      ...{ type: 'Normal' as const, reason: 'Started', message: 'Started container full-0' },
    };
    await temp.registry.recordEvent(event);
    await temp.reopen();
    await clock.advance(60_000);
    await temp.registry.recordEvent(event);
    expect(temp.registry.list('Event').items.map(({ object }) => object)).toMatchObject([
      {
        count: 2,
        firstTimestamp: '2026-01-01T12:00:00Z',
        lastTimestamp: '2026-01-01T12:01:00Z',
      },
    ]);
  });

  test('a log that was cut by hand is not used', async () => {
    const temp = await openTempRegistry();
    await fill(temp.registry);
    const newest = temp.registry.resourceVersion;
    await temp.close();
    const shell = new Sqlite(join(temp.dataDir, 'registrar.db'));
    shell.exec('DELETE FROM changes WHERE resource_version = 3');
    shell.close();
    const registry = await temp.reopen();
    expect(registry.resourceVersion).toBe(newest);
    expect(() => registry.watch('Module', '4', () => undefined)).toThrow('too old');
    expect(() => registry.watch('Module', newest, () => undefined)).not.toThrow();
  });
});

describe('the tables', () => {
  test('show a module to someone with the sqlite3 shell', async () => {
    const clock = new FakeClock();
    const { registry, dataDir } = await openTempRegistry({ clock });
    await clock.advance(60_000);
    await fill(registry);
    const rows = openShell(dataDir).prepare('SELECT * FROM subnet_modules ORDER BY name').all();
    expect(rows).toMatchObject([
      {
        name: 'full',
        version: '1.0.0',
        repo_url: source.repoUrl,
        branch: 'release',
        description: 'Echoes',
        author: 'Ada',
        license: 'MIT',
        module_type: 'miner',
        status: 'Running',
        downloads: 0,
        generation: 2,
        created_at: '2026-01-01T12:01:00Z',
        deletion_timestamp: '2026-01-01T12:01:00Z',
        owner: 'miners/full.yaml',
        labels: '{"a":"b","subnet":"17"}',
      },
      { name: 'plain', status: 'Pending', repo_url: '', owner: '', deletion_timestamp: null },
    ]);
  });

  test('keep the time of the last change, the id and the downloads of a module', async () => {
    const clock = new FakeClock();
    const { registry, dataDir } = await openTempRegistry({ clock });
    await registry.create('Module', aManifest('echo'));
    const other = new Sqlite(join(dataDir, 'registrar.db'));
    other.exec('UPDATE subnet_modules SET downloads = 5');
    other.close();
    await clock.advance(60_000);
    await registry.update('Module', 'echo', (current) => ({
      ...current,
      spec: { ...current.spec, version: '2.0.0' },
    }));
    expect(openShell(dataDir).prepare('SELECT * FROM subnet_modules').all()).toMatchObject([
      {
        ...{ id: 1, downloads: 5, version: '2.0.0' },
        ...{ created_at: '2026-01-01T12:00:00Z', updated_at: '2026-01-01T12:01:00Z' },
      },
    ]);
  });

  test('show an event to someone with the sqlite3 shell', async () => {
    const { registry, dataDir } = await openTempRegistry();
    await fill(registry);
    expect(openShell(dataDir).prepare('SELECT * FROM events').all()).toMatchObject([
      {
        ...{ object_kind: 'Module', object_name: 'full', type: 'Warning', reason: 'BackOff' },
        ...{ message: 'Waits before it starts again', count: 1 },
      },
    ]);
  });
});

describe('the data directory', () => {
  test('and its files are for their owner only', async () => {
    const dataDir = join(tempDataDir(), 'a', 'b');
    const { registry } = await openTempRegistry({ dataDir });
    await registry.create('Module', aManifest('echo'));
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(mode(dataDir)).toBe('700');
    const files = ['registrar.db', 'registrar.db-wal', 'registrar.db-shm', 'lock.db', 'lock.json'];
    expect(files.map((file) => mode(join(dataDir, file)))).toEqual(files.map(() => '600'));
  });

  test('that is a file is refused, with what to do', async () => {
    const dataDir = join(tempDataDir(), 'file');
    writeFileSync(dataDir, '');
    await expect(openTempRegistry({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
      message: expect.stringMatching(
        /^Cannot use data directory ".*": .*; move the file/,
      ) as unknown,
    });
  });

  test.skipIf(process.getuid?.() === 0)('that cannot be written is refused', async () => {
    const dataDir = tempDataDir();
    mkdirSync(join(dataDir, 'sealed'), { mode: 0o500 });
    await expect(openTempRegistry({ dataDir: join(dataDir, 'sealed') })).rejects.toMatchObject({
      code: 'DATA_DIR_UNUSABLE',
    });
  });

  test('with a database that is none is refused, and free afterwards', async () => {
    const temp = await openTempRegistry();
    await temp.close();
    const path = join(temp.dataDir, 'registrar.db');
    execFileSync('rm', ['-f', `${path}-wal`, `${path}-shm`]);
    writeFileSync(
      path,
      'this is not a database, but it is long enough to have a header\n'.repeat(9),
    );
    await expect(temp.reopen()).rejects.toMatchObject({
      code: 'STORE_DAMAGED',
      message: expect.stringContaining('put a backup in its place') as unknown,
    });
    execFileSync('rm', [path, join(temp.dataDir, 'history.json')]);
    await expect(temp.reopen()).resolves.toBeDefined();
  });

  test('with a row that cannot be read is refused with the name of the row', async () => {
    const temp = await openTempRegistry();
    await temp.registry.create('Module', aManifest('echo'));
    await temp.close();
    const shell = new Sqlite(join(temp.dataDir, 'registrar.db'));
    shell.exec(`UPDATE subnet_modules SET spec = '{'`);
    shell.close();
    await expect(temp.reopen()).rejects.toMatchObject({
      code: 'STORE_DAMAGED',
      message: expect.stringContaining(
        'row "echo" of table "subnet_modules" cannot be read',
      ) as unknown,
    });
  });
});
