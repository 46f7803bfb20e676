import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { draftOf } from '../../../src/model/draft.js';
import { CONFIG_FILE_ANNOTATION, RESTARTED_AT_ANNOTATION } from '../../../src/model/names.js';
import { aManifest } from '../../helpers/builders.js';
import { openConfigWorld, yamlOf, yamlOfAll } from '../../helpers/config-world.js';
import type { ConfigWorld } from '../../helpers/config-world.js';

let world: ConfigWorld;

beforeEach(async () => {
  world = await openConfigWorld();
});

const owner = (name: string): string | undefined =>
  world.module(name).metadata.annotations?.[CONFIG_FILE_ANNOTATION];

describe('watchConfigDirectory', () => {
  it('has stored what the files declare when it is ready', async () => {
    world.write('web.yaml', yamlOf('web'));
    world.write('deep/er/api.yml', yamlOf('api'));
    world.write('db.json', JSON.stringify(aManifest('db-1')));
    await world.start();
    expect(world.names()).toEqual(['api', 'db-1', 'web']);
    expect(owner('api')).toBe('deep/er/api.yml');
    expect(world.config.problems()).toEqual([]);
  });

  it('tells of a broken file in an event with a name that fits into a path', async () => {
    world.write('sub folder/web.yaml', 'kind: [');
    await world.start();
    await world.until(() => expect(world.count('ConfigFileInvalid')).toBe(1));
    const [event] = world.registry.list('Event').items;
    expect(event?.object).toMatchObject({
      type: 'Warning',
      involvedObject: { kind: 'ConfigFile', name: 'sub folder/web.yaml', uid: '' },
    });
    expect(event?.object.metadata.name).toMatch(/^sub-folder-web\.yaml\.[0-9a-f]{16}$/);
  });

  it('takes up a new file, an edit and a removal as hints come', async () => {
    await world.start(3_600_000);
    world.write('web.yaml', yamlOf('web'));
    world.write('sub/api.yaml', yamlOf('api'));
    await world.until(() => expect(world.names()).toEqual(['api', 'web']));
    world.write('web.yaml', yamlOf('web', '2.0.0'));
    await world.until(() => expect(world.version('web')).toBe('2.0.0'));
    expect(world.module('web').metadata.generation).toBe(2);
    world.remove('web.yaml');
    await world.until(() => expect(world.names()).toEqual(['api']));
    await world.until(() =>
      expect(world.events('ConfigFileRemoved')).toEqual([
        'ConfigFileRemoved web: Deleted the module because file "web.yaml" declares it no more',
      ]),
    );
  });

  it('writes nothing when nothing changed', async () => {
    world.write('web.yaml', yamlOf('web'));
    await world.start(40);
    const { resourceVersion } = world.module('web').metadata;
    world.write('other.txt', 'no manifest');
    await world.pass();
    expect(world.module('web').metadata.resourceVersion).toBe(resourceVersion);
    expect(world.events()).toEqual([]);
    expect(world.noticed).toEqual([]);
  });

  it('moves a module with its file, without a new generation', async () => {
    world.write('a.yaml', yamlOf('web'));
    await world.start();
    const { uid } = world.module('web').metadata;
    world.rename('a.yaml', 'sub/b.yaml');
    await world.until(() => expect(owner('web')).toBe('sub/b.yaml'));
    expect(world.module('web').metadata).toMatchObject({ uid, generation: 1 });
    await world.until(() =>
      expect(world.events('ConfigFileChanged')).toEqual([
        'ConfigFileChanged web: File "sub/b.yaml" declares the module now, before it was "a.yaml"',
      ]),
    );
    expect(world.config.problems()).toEqual([]);
    expect(world.count('ConfigFileInvalid')).toBe(0);
  });

  it('takes an atomic save for one update', async () => {
    world.write('web.yaml', yamlOf('web'));
    await world.start();
    const { uid } = world.module('web').metadata;
    for (const version of ['2.0.0', '3.0.0']) {
      world.write('web.yaml.tmp', yamlOf('web', version));
      world.rename('web.yaml.tmp', 'web.yaml');
      await world.until(() => expect(world.version('web')).toBe(version));
    }
    expect(world.module('web').metadata).toMatchObject({ uid, generation: 3 });
  });

  it('takes a save by way of a backup for one update', async () => {
    world.write('web.yaml', yamlOf('web'));
    await world.start();
    const { uid } = world.module('web').metadata;
    world.rename('web.yaml', 'web.yaml~');
    world.write('4913', '');
    world.write('web.yaml', yamlOf('web', '2.0.0'));
    await world.until(() => expect(world.version('web')).toBe('2.0.0'));
    expect(world.module('web').metadata).toMatchObject({ uid, generation: 2 });
  });

  it('does not see what editors leave beside a file', async () => {
    await world.start();
    const names = ['.web.yaml.swp', '.#web.yaml', '#web.yaml#', 'web.yaml~', '4913', '.web.yaml'];
    for (const name of names) world.write(name, yamlOf('stray'));
    world.write('.git/web.yaml', yamlOf('stray'));
    world.write('web.yaml.bak', yamlOf('stray'));
    await world.pass();
    expect(world.names()).toEqual(['probe-0']);
    expect(world.config.problems()).toEqual([]);
  });

  it('follows a Kubernetes volume: one update for a swap', async () => {
    for (const [folder, version] of [
      ['..2026_01', '1.0.0'],
      ['..2026_02', '2.0.0'],
    ] as const) {
      world.write(`${folder}/web.yaml`, yamlOf('web', version));
      world.write(`${folder}/sub/api.yaml`, yamlOf('api', version));
    }
    symlinkSync('..2026_01', world.path('..data'));
    symlinkSync('..data/web.yaml', world.path('web.yaml'));
    symlinkSync('..data/sub', world.path('sub'));
    await world.start(3_600_000);
    expect(world.names()).toEqual(['api', 'web']);
    symlinkSync('..2026_02', world.path('..data_tmp'));
    renameSync(world.path('..data_tmp'), world.path('..data'));
    world.remove('..2026_01');
    await world.until(() => expect(world.version('api')).toBe('2.0.0'));
    await world.until(() => expect(world.version('web')).toBe('2.0.0'));
    expect(world.module('web').metadata.generation).toBe(2);
    expect(owner('api')).toBe('sub/api.yaml');
    expect(world.config.problems()).toEqual([]);
  });

  it('keeps the modules of a file that does not parse, and says where it is wrong', async () => {
    world.write('web.yaml', yamlOfAll('web', 'api'));
    await world.start();
    const { resourceVersion } = world.module('web').metadata;
    world.write('web.yaml', `${yamlOf('web', '2.0.0')}---\nkind: Module\n  bad: [`);
    await world.until(() => expect(world.problem('web.yaml')).toMatch(/^web\.yaml:\d+:\d+: /));
    expect(world.names()).toEqual(['api', 'web']);
    expect(world.module('web').metadata.resourceVersion).toBe(resourceVersion);
    expect(world.config.notice('web')).toMatchObject({
      type: 'ConfigStale',
      status: 'True',
      reason: 'FileInvalid',
      message: expect.stringContaining('web.yaml:') as string,
    });
    expect(world.noticed).toEqual([['api', 'web']]);
    await world.pass();
    expect(world.count('ConfigFileInvalid')).toBe(1);

    world.write('web.yaml', `${yamlOf('web', '2.0.0')}---\n${yamlOf('api')}`);
    await world.until(() => expect(world.version('web')).toBe('2.0.0'));
    await world.until(() => expect(world.config.problems()).toEqual([]));
    expect(world.config.notice('web')).toBeUndefined();
    expect(world.noticed).toEqual([
      ['api', 'web'],
      ['api', 'web'],
    ]);
    expect(world.module('api').metadata.generation).toBe(1);
  });

  it('keeps the modules of a file that was cut to nothing', async () => {
    world.write('web.yaml', yamlOf('web'));
    world.write('api.yaml', yamlOf('api'));
    await world.start();
    world.write('web.yaml', '');
    await world.until(() => expect(world.problem('web.yaml')).toMatch(/^web\.yaml: Is empty/));
    await world.pass();
    expect(world.names()).toEqual(['api', 'probe-0', 'web']);
  });

  it('makes few updates of a file that is rewritten many times', async () => {
    world.write('web.yaml', yamlOf('web'));
    await world.start();
    for (let patch = 1; patch <= 100; patch += 1) {
      world.write('web.yaml', yamlOf('web', `1.0.${patch}`));
      await setImmediate();
    }
    await world.until(() => expect(world.version('web')).toBe('1.0.100'));
    expect(world.module('web').metadata.generation).toBeLessThan(20);
  });

  it('stores three hundred modules of one file', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `mod-${index}`);
    world.write('all.yaml', yamlOfAll(...names));
    await world.start();
    expect(world.names()).toEqual(names.toSorted());
  });

  it('leaves a name to the older of two files, and hands it over when that goes', async () => {
    world.write('b.yaml', yamlOf('web'));
    await world.start();
    world.write('a.yaml', yamlOf('web', '2.0.0'));
    await world.until(() =>
      expect(world.problem('a.yaml')).toBe(
        'a.yaml:1:1: metadata.name: Module "web" belongs to file "b.yaml"; remove it from one of the two',
      ),
    );
    expect(world.version('web')).toBe('1.0.0');
    expect(world.config.notice('web')).toBeUndefined();
    await world.pass();
    expect(world.count('ConfigFileInvalid')).toBe(1);
    const { uid } = world.module('web').metadata;
    world.remove('b.yaml');
    await world.until(() => expect(world.version('web')).toBe('2.0.0'));
    expect(world.module('web').metadata.uid).toBe(uid);
    await world.until(() => expect(world.count('ConfigFileChanged')).toBe(1));
    await world.until(() => expect(world.config.problems()).toEqual([]));
  });

  it('leaves a module of the API alone, and takes the name when that is deleted', async () => {
    await world.registry.create('Module', draftOf(aManifest('web')));
    world.write('web.yaml', yamlOf('web', '2.0.0'));
    await world.start();
    expect(world.problem('web.yaml')).toBe(
      'web.yaml:1:1: metadata.name: Module "web" was created through the API and stays as it is; delete it there, or remove it from this file',
    );
    expect(world.version('web')).toBe('1.0.0');
    await world.registry.delete('Module', 'web');
    await world.until(() => expect(world.version('web')).toBe('2.0.0'));
    await world.until(() => expect(world.config.problems()).toEqual([]));
    expect(owner('web')).toBe('web.yaml');
  });

  it('creates a module anew whose file comes back while it is being deleted', async () => {
    world.write('web.yaml', yamlOf('web'));
    world.write('api.yaml', yamlOf('api'));
    await world.start();
    const { uid } = world.module('web').metadata;
    world.remove('web.yaml');
    await world.until(() => expect(world.names()).toEqual(['api']));
    world.write('web.yaml', yamlOf('web'));
    await world.until(() => expect(world.names()).toEqual(['api', 'web']));
    expect(world.module('web').metadata.uid).not.toBe(uid);
  });

  it('keeps a restart that was asked for', async () => {
    world.write('web.yaml', yamlOf('web'));
    await world.start();
    const at = '2026-01-01T12:00:00Z';
    await world.registry.update('Module', 'web', (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        annotations: { ...current.metadata.annotations, [RESTARTED_AT_ANNOTATION]: at },
      },
    }));
    world.write('web.yaml', yamlOf('web', '2.0.0'));
    await world.until(() => expect(world.version('web')).toBe('2.0.0'));
    expect(world.module('web').metadata.annotations?.[RESTARTED_AT_ANNOTATION]).toBe(at);
  });

  it('takes back a change of the spec that went past the file', async () => {
    world.write('web.yaml', yamlOf('web'));
    await world.start(200);
    await world.registry.update('Module', 'web', (current) => ({
      ...current,
      spec: { ...current.spec, replicas: 7 },
    }));
    await world.until(() => expect(world.module('web').spec.replicas).toBe(1));
  });

  it('goes on with the other files when one cannot be used', async () => {
    mkdirSync(world.path('folder.yaml'));
    symlinkSync('/etc/hostname', world.path('out.yaml'));
    writeFileSync(world.path('big.yaml'), Buffer.alloc(1024 * 1024, '#'));
    world.write('web.yaml', yamlOf('web'));
    await world.start();
    expect(world.names()).toEqual(['web']);
    expect(world.config.problems()).toEqual([
      { file: 'big.yaml', errors: ['big.yaml: Is larger than 256 KiB'] },
      { file: 'folder.yaml', errors: ['folder.yaml: Is a folder with the name of a file'] },
      { file: 'out.yaml', errors: ['out.yaml: Leads out of the config directory'] },
    ]);
  });

  it('applies what changed while nobody watched', async () => {
    for (const name of ['web', 'api', 'old']) world.write(`${name}.yaml`, yamlOf(name));
    await world.start();
    const { uid } = world.module('web').metadata;
    await world.restart(() => {
      world.remove('old.yaml');
      world.write('api.yaml', yamlOf('api', '2.0.0'));
      world.rename('web.yaml', 'renamed.yaml');
      world.write('new.yaml', yamlOf('new'));
    });
    expect(world.version('api')).toBe('2.0.0');
    expect(world.module('web').metadata).toMatchObject({ uid, generation: 1 });
    expect(owner('web')).toBe('renamed.yaml');
    await world.until(() => expect(world.names()).toEqual(['api', 'new', 'web']));
  });

  it('stores nothing after close', async () => {
    await world.start(20);
    await world.stop();
    world.write('web.yaml', yamlOf('web'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(world.names()).toEqual([]);
  });
});
