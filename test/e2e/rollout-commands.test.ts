import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Rollout } from '../../src/kinds/rollout/schema.js';
import { ANY_REGISTRY, aSite } from '../helpers/daemon.js';
import { conditionOf, ending, manifestOf, modulesOf, nameOf } from '../helpers/live-modules.js';
import type { SpecInput } from '../helpers/live-modules.js';

const site = aSite({ atEnd: afterAll });
const modules = modulesOf(site);

beforeAll(async () => {
  site.declare('policy.yaml', ANY_REGISTRY);
  await site.start();
});

/** Says a word and serves until it is told to end. */
const serve = (word: string): SpecInput => ({
  command: ['sh', '-c', `trap 'exit 0' TERM; echo ${word}; while :; do sleep 0.2; done`],
});
const crash = (script: string): SpecInput => ending(`${script}; exit 3`);

const text = (name: string, spec: SpecInput): string => JSON.stringify(manifestOf(name, spec));
const apply = (name: string, spec: SpecInput, ...flags: string[]) =>
  site.cli(['apply', '-f', '-', ...flags], text(name, spec));
const status = (name: string, ...flags: string[]) =>
  site.cli(['rollout', 'status', name, '--timeout', '45s', ...flags]);

async function receipts(name: string): Promise<Rollout[]> {
  const { stdout } = await site.cli(['rollout', 'history', name, '-o', 'json']);
  const { items } = JSON.parse(stdout) as { items: Rollout[] };
  return items.filter(({ kind }) => kind === 'Rollout');
}

/** A module that ran two revisions well. */
async function twice(name: string): Promise<{ first: string; second: string }> {
  await modules.create(name, serve('one'));
  const { status: before } = await modules.untilReady(name);
  expect(await apply(name, serve('two'), '--wait')).toMatchObject({ code: 0 });
  const { status: after } = await modules.get(name);
  return { first: before.currentRevision ?? '', second: after.currentRevision ?? '' };
}

describe('on the command line', () => {
  it('a rollout is foreseen, followed and told', async () => {
    const name = nameOf('good');
    await modules.create(name, serve('one'));
    await modules.untilReady(name);
    const plan = await site.cli(['diff', '-f', '-'], text(name, serve('two')));
    expect(plan).toMatchObject({ code: 1 });
    const shape = /start-first: both can run at once\n +\+ create .*\n +~ start .*\n +- stop .*\n/;
    expect(plan.stdout).toMatch(shape);
    const applied = await apply(name, serve('two'), '--wait');
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining('condition met') });
    expect(applied.stderr).toMatch(/Rollout 2 of module ".*" goes from .*, start-first: both can/);
    expect(await status(name)).toMatchObject({
      ...{ code: 0, stdout: `module "${name}" successfully rolled out\n` },
    });
    const history = await site.cli(['rollout', 'history', name]);
    expect(history.stdout).toMatch(/\n2 .* Complete .* spec\.command\[2\]\n/);
    expect(history.stdout).toMatch(/\n2 .* Current\n/);
    const second = await site.cli(['rollout', 'history', name, '--revision', '2']);
    expect(second.stdout).toMatch(/Changes from revision 1:\n +~ spec\.command\[2\]: .*one.*two/);
  });

  it('one that crashes ends what follows it with evidence and without the secret that it prints', async () => {
    const name = nameOf('crash');
    const secret = randomBytes(12).toString('hex');
    await site.cli(['secret', 'create', name, '--from-file', `key=${fileOf(secret)}`]);
    await modules.create(name, serve('one'));
    const { status: before } = await modules.untilReady(name);
    const env = [{ name: 'HIDDEN', valueFrom: { secretKeyRef: { name, key: 'key' } } }];
    const bad = { ...crash('echo last words; echo "it is $HIDDEN"'), env };
    const applied = await apply(name, bad, '--wait');
    const all = await Promise.all([
      status(name),
      status(name, '--watch=false'),
      site.cli(['describe', name]),
      site.cli(['rollout', 'history', name, '-o', 'yaml']),
      site.cli(['rollout', 'history', name, '--revision', '2']),
    ]);
    const [followed, looked, described] = all;
    for (const ran of [applied, followed, looked]) {
      expect(ran).toMatchObject({ code: 1 });
      expect(ran.stderr).toMatch(/exit code 3, health none; it last printed:\n +last words\n/);
      expect(ran.stderr).toMatch(
        /\nerror: The rollout of module ".*" did not succeed: RolledBack:/,
      );
    }
    expect(described.stdout).toMatch(/Quarantined:\n.*\n +[0-9a-f]{7} +Crashed/);
    for (const ran of [applied, ...all]) {
      const said = ran.stdout + ran.stderr;
      expect(said).toContain('masked: it may hold a secret');
      expect(said).not.toContain(secret);
    }
    const waited = await site.cli(['wait', '--for=condition=Ready', name, '--timeout', '0']);
    expect(waited).toMatchObject({ code: 1 });
    expect(waited.stderr).toContain('does not become Ready: Revision ');
    expect((await modules.get(name)).status.currentRevision).toBe(before.currentRevision);
    const [, failed] = await receipts(name);
    expect(failed?.spec).toMatchObject({ state: 'RolledBack', evidence: { exitCode: 3 } });
  });

  it('a revision that failed is tried again when somebody lifts its quarantine', async () => {
    const name = nameOf('lift');
    await modules.create(name, serve('one'));
    await modules.untilReady(name);
    expect(await site.cli(['rollout', 'unquarantine', name])).toMatchObject({ code: 1 });
    expect(await apply(name, crash('true'), '--wait')).toMatchObject({ code: 1 });
    const undo = await site.cli(['rollout', 'undo', name, '--to-revision', '2']);
    expect(undo).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('failed; try it again'),
    });
    expect(await site.cli(['rollout', 'unquarantine', name])).toMatchObject({ code: 0 });
    expect(await status(name)).toMatchObject({ code: 1 });
    const states = (await receipts(name)).map(({ spec }) => spec.state);
    expect(states).toEqual(['Complete', 'RolledBack', 'RolledBack']);
  });

  it('one is undone, and done again', async () => {
    const name = nameOf('undo');
    const { first, second } = await twice(name);
    const undone = await site.cli(['rollout', 'undo', name]);
    expect(undone.stdout).toMatch(new RegExp(`rolled back to ${first.slice(0, 7)}\n$`));
    expect(await status(name)).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('did not succeed: Undone: ') },
    });
    expect((await modules.get(name)).status.currentRevision).toBe(first);
    const nothing = await site.cli(['rollout', 'undo', name]);
    expect(nothing).toMatchObject({ code: 1 });
    expect(nothing.stderr).toContain('has no revision to go back to');
    expect(await site.cli(['rollout', 'unquarantine', name])).toMatchObject({ code: 0 });
    expect(await status(name)).toMatchObject({ code: 0 });
    expect((await modules.get(name)).status.currentRevision).toBe(second);
    const unknown = await site.cli(['rollout', 'undo', name, '--to-revision', '9']);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('no revision "9"') });
  });

  it('one is paused, and goes on', async () => {
    const name = nameOf('pause');
    await modules.create(name, serve('one'));
    await modules.untilReady(name);
    expect(await site.cli(['rollout', 'pause', name])).toMatchObject({ code: 0 });
    await apply(name, serve('two'));
    await modules.until(
      name,
      'it is paused',
      (module) => conditionOf(module, 'Ready')?.reason === 'RolloutPaused',
    );
    const looked = await status(name, '--watch=false');
    expect(looked).toMatchObject({ code: 0, stdout: expect.stringContaining('is paused') });
    expect(await site.cli(['rollout', 'resume', name])).toMatchObject({ code: 0 });
    expect(await status(name)).toMatchObject({ code: 0 });
  });

  it.each([[['rollout', 'restart']], [['restart']]])('%j is followed', async (words) => {
    const name = nameOf('restart');
    await modules.create(name, serve('one'));
    const { status: before } = await modules.untilReady(name);
    expect(await site.cli([...words, name])).toMatchObject({ code: 0 });
    expect(await status(name)).toMatchObject({ code: 0 });
    const { status: after } = await modules.get(name);
    expect(after.currentRevision).not.toBe(before.currentRevision);
    expect(after.rollout).toMatchObject({ number: 2, state: 'Complete' });
  });

  it('a module that belongs to a file is told the same', async () => {
    const name = nameOf('file');
    const declare = (spec: SpecInput) => site.declare(`${name}.yaml`, text(name, spec));
    declare(serve('one'));
    const { status: before } = await modules.untilReady(name);
    declare(crash('true'));
    await modules.until(
      name,
      'it went back',
      (module) => conditionOf(module, 'Ready')?.reason === 'RolledBack',
    );
    expect(await status(name)).toMatchObject({ code: 1 });
    declare(serve('two'));
    const second = await modules.untilReady(name);
    expect(await site.cli(['rollout', 'undo', name])).toMatchObject({ code: 0 });
    expect(await status(name)).toMatchObject({ code: 1 });
    expect((await modules.get(name)).status.currentRevision).toBe(before.currentRevision);
    expect(await site.cli(['rollout', 'unquarantine', name])).toMatchObject({ code: 0 });
    expect(await status(name)).toMatchObject({ code: 0 });
    expect((await modules.get(name)).status.currentRevision).toBe(second.status.currentRevision);
    for (const words of [['pause'], ['resume'], ['restart']]) {
      expect(await site.cli(['rollout', ...words, name])).toMatchObject({ code: 0 });
    }
    expect(await status(name)).toMatchObject({ code: 0 });
  });
});

/** A file with a text, outside of what is watched. */
function fileOf(value: string): string {
  const path = join(site.dataDir, `value-${randomBytes(4).toString('hex')}`);
  writeFileSync(path, value);
  return path;
}
