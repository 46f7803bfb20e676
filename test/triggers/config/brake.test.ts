import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { PRUNE_HELD_ANNOTATION } from '../../../src/model/names.js';
import { stringify } from 'yaml';
import { aCountedSet } from '../../helpers/module-sets.js';
import { modulesOf } from '../../helpers/config-files.js';
import { openConfigWorld, yamlOf } from '../../helpers/config-world.js';
import type { ConfigWorld } from '../../helpers/config-world.js';

const NAMES = ['mod-0', 'mod-1', 'mod-2', 'mod-3', 'mod-4', 'mod-5'];

let world: ConfigWorld;

beforeEach(async () => {
  world = await openConfigWorld();
  for (const name of NAMES) world.write(`${name}.yaml`, yamlOf(name));
});

const away = (): string => join(world.root, 'away');
const untilHeld = (reason: string): Promise<void> =>
  world.until(() => expect(world.config.held()?.reason).toBe(reason));
const untilFree = (): Promise<void> =>
  world.until(() => expect(world.config.held()).toBeUndefined());

describe('the prune brake', () => {
  it('holds all while the directory is away, and watches it again when it is back', async () => {
    await world.start(200);
    renameSync(world.directory, away());
    await untilHeld('DirectoryMissing');
    expect(world.names()).toEqual(NAMES);
    expect(world.config.held()).toEqual({
      reason: 'DirectoryMissing',
      message: `Config directory "${world.directory}" does not exist; its 6 modules stay until it is back or the removal is confirmed (registrar config confirm-prune)`,
      objects: modulesOf(...NAMES),
    });
    expect(world.config.notice('mod-1')).toMatchObject({ reason: 'DirectoryMissing' });
    expect(world.config.problems()).toHaveLength(1);
    await world.until(() => expect(world.count('PruneHeld')).toBe(1));

    renameSync(away(), world.directory);
    await untilFree();
    expect(world.config.notice('mod-1')).toBeUndefined();
    world.write('mod-1.yaml', yamlOf('mod-1', '2.0.0'));
    await world.until(() => expect(world.version('mod-1')).toBe('2.0.0'));
    expect(world.noticed).toEqual([NAMES, NAMES]);
    expect(world.module('mod-0').metadata.generation).toBe(1);
    expect(world.count('PruneHeld')).toBe(1);
  });

  it('counts a set as the modules that would go with it', async () => {
    world.write('set.yaml', stringify(aCountedSet('miners', 20)));
    await world.start(200);
    const isThere = (): unknown => world.registry.get('ModuleSet', 'miners');
    await world.until(() => expect(isThere()).toBeDefined());
    rmSync(join(world.directory, 'set.yaml'));
    await untilHeld('TooManyVanished');
    expect(isThere()).toBeDefined();
    await world.config.confirmPrune();
    await world.until(() => expect(world.config.held()).toBeUndefined());
  });

  it('goes on holding what a directory that comes back lacks', async () => {
    await world.start(200);
    renameSync(world.directory, away());
    await untilHeld('DirectoryMissing');
    for (const name of NAMES.slice(0, 4)) world.write(`${name}.yaml`, yamlOf(name));
    await untilHeld('TooManyVanished');
    expect(world.config.held()?.objects).toEqual(modulesOf(...NAMES.slice(4)));
    expect(world.names()).toEqual(NAMES);
    for (const name of NAMES.slice(4)) world.write(`${name}.yaml`, yamlOf(name));
    await untilFree();
    expect(world.names()).toEqual(NAMES);
    for (const name of NAMES) {
      expect(world.module(name).metadata.annotations?.[PRUNE_HELD_ANNOTATION]).toBeUndefined();
    }
  });

  it('goes on with another directory that was put in its place', async () => {
    await world.start(200);
    renameSync(world.directory, away());
    for (const name of NAMES) world.write(`${name}.yaml`, yamlOf(name, '2.0.0'));
    await world.until(() => expect(world.version('mod-1')).toBe('2.0.0'));
    expect(world.names()).toEqual(NAMES);
    expect(world.module('mod-1').metadata.generation).toBe(2);
  });

  it('holds all when something else is in the place of the directory', async () => {
    await world.start(200);
    renameSync(world.directory, away());
    writeFileSync(world.directory, 'a file');
    await untilHeld('DirectoryUnreadable');
    expect(world.names()).toEqual(NAMES);
    expect(world.config.notice('mod-1')).toMatchObject({ reason: 'DirectoryMissing' });
  });

  it('holds all when the directory is missing at start, and when it is empty at start', async () => {
    await world.start();
    await world.restart(() => renameSync(world.directory, away()));
    expect(world.config.held()?.reason).toBe('DirectoryMissing');
    await world.restart(() => mkdirSync(world.directory));
    await untilHeld('DirectoryEmpty');
    expect(world.names()).toEqual(NAMES);
    rmSync(world.directory, { recursive: true });
    renameSync(away(), world.directory);
    await untilFree();
    expect(world.names()).toEqual(NAMES);
  });

  it('starts without a directory and takes it up when it comes', async () => {
    rmSync(world.directory, { recursive: true });
    await world.start(200);
    expect(world.config.held()).toBeUndefined();
    expect(world.problem('.')).toBe(`.: Config directory "${world.directory}" does not exist`);
    mkdirSync(world.directory);
    await world.pass();
    expect(world.config.problems()).toEqual([]);
  });

  it('holds the modules of a directory that became empty until the files are back', async () => {
    await world.start();
    for (const name of NAMES) world.remove(`${name}.yaml`);
    await untilHeld('DirectoryEmpty');
    expect(world.names()).toEqual(NAMES);
    expect(world.config.notice('mod-1')).toMatchObject({
      reason: 'PruneHeld',
      message:
        'Config directory declares nothing any more; its 6 modules stay until the files are back or the removal is confirmed (registrar config confirm-prune)',
    });
    for (const name of NAMES) world.write(`${name}.yaml`, yamlOf(name));
    await untilFree();
    expect(world.names()).toEqual(NAMES);
    expect(world.module('mod-1').metadata.annotations?.[PRUNE_HELD_ANNOTATION]).toBeUndefined();
    expect(world.module('mod-1').metadata.generation).toBe(1);
    expect(world.count('PruneHeld')).toBe(1);
  });

  it('holds more than half of them, and deletes them when that is confirmed', async () => {
    await world.start();
    await expect(world.config.confirmPrune()).rejects.toMatchObject({ code: 'CONFLICT' });
    for (const name of NAMES.slice(0, 4)) world.remove(`${name}.yaml`);
    await untilHeld('TooManyVanished');
    expect(world.config.held()?.objects).toEqual(modulesOf(...NAMES.slice(0, 4)));
    expect(world.names()).toEqual(NAMES);
    world.write('mod-0.yaml', yamlOf('mod-0', '2.0.0'));
    await world.until(() => expect(world.version('mod-0')).toBe('2.0.0'));
    expect(await world.config.confirmPrune()).toEqual(modulesOf(...NAMES.slice(1, 4)));
    await world.until(() => expect(world.names()).toEqual(['mod-0', 'mod-4', 'mod-5']));
    expect(world.config.held()).toBeUndefined();
    expect(world.config.notice('mod-1')).toBeUndefined();
  });

  it('deletes no other modules than those that were confirmed', async () => {
    await world.start();
    for (const name of NAMES.slice(0, 4)) world.remove(`${name}.yaml`);
    await untilHeld('TooManyVanished');
    expect(await world.config.confirmPrune(modulesOf('mod-0', 'mod-5'))).toEqual(
      modulesOf('mod-0'),
    );
    await world.until(() => expect(world.names()).toEqual(NAMES.slice(1)));
    expect(world.config.held()?.objects).toEqual(modulesOf(...NAMES.slice(1, 4)));
  });

  it('deletes half of them without a question', async () => {
    await world.start();
    for (const name of NAMES.slice(0, 3)) world.remove(`${name}.yaml`);
    await world.until(() => expect(world.names()).toEqual(NAMES.slice(3)));
    expect(world.count('PruneHeld')).toBe(0);
  });

  it('goes on holding when other files come and the daemon is restarted', async () => {
    await world.start();
    for (const name of NAMES.slice(0, 4)) world.remove(`${name}.yaml`);
    await untilHeld('TooManyVanished');
    await world.restart(() => {
      for (let extra = 0; extra < 10; extra += 1) {
        world.write(`extra-${extra}.yaml`, yamlOf(`extra-${extra}`));
      }
    });
    await untilHeld('TooManyVanished');
    expect(world.names()).toEqual(expect.arrayContaining(NAMES));
    expect(world.names()).toHaveLength(16);
  });

  it('holds what vanished together while the daemon was off', async () => {
    await world.start();
    await world.restart(() => {
      for (const name of NAMES.slice(0, 5)) world.remove(`${name}.yaml`);
    });
    await untilHeld('TooManyVanished');
    expect(world.names()).toEqual(NAMES);
  });

  it('holds modules that a file declares no more, too', async () => {
    await world.start();
    world.write('all.yaml', NAMES.map((name) => yamlOf(`all-${name}`)).join('---\n'));
    await world.until(() => expect(world.names()).toHaveLength(12));
    for (const name of NAMES) world.remove(`${name}.yaml`);
    world.write('all.yaml', yamlOf('all-mod-0'));
    await untilHeld('TooManyVanished');
    expect(world.names()).toHaveLength(12);
  });
});
