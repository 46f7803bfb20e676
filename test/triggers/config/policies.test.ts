import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { CONFIG_FILE_ANNOTATION } from '../../../src/model/names.js';
import type { Policy } from '../../../src/model/policy.js';
import { auditOf } from '../../helpers/audit.js';
import { openConfigWorld, policyYaml, yamlOf, yamlOfAll } from '../../helpers/config-world.js';
import type { ConfigWorld } from '../../helpers/config-world.js';

let world: ConfigWorld;

beforeEach(async () => {
  world = await openConfigWorld();
});

const policy = (name: string): Policy | undefined => world.registry.get('Policy', name)?.object;
const owner = (name: string): string | undefined =>
  policy(name)?.metadata.annotations?.[CONFIG_FILE_ANNOTATION];

describe('policies of the config directory', () => {
  it('are stored, belong to their file, and go with it', async () => {
    world.write('web.yaml', yamlOf('web'));
    world.write('policy.yaml', policyYaml('default', 7));
    await world.start();
    expect(policy('default')?.spec).toMatchObject({ priority: 7, checks: [], selector: {} });
    expect(owner('default')).toBe('policy.yaml');
    expect(policy('default')?.metadata.managedFields).toMatchObject([
      {
        manager: 'registrar-config',
        fieldsV1: {
          'f:metadata': { 'f:annotations': { [`f:${CONFIG_FILE_ANNOTATION}`]: {} } },
          'f:spec': { 'f:priority': {} },
        },
      },
    ]);
    const { uid, finalizers } = policy('default')?.metadata ?? {};
    expect(finalizers).toBeUndefined();

    world.write('policy.yaml', policyYaml('default', 8));
    await world.until(() => expect(policy('default')?.spec.priority).toBe(8));
    expect(policy('default')?.metadata).toMatchObject({ uid, generation: 2 });
    world.rename('policy.yaml', 'sub/rules.yaml');
    await world.until(() => expect(owner('default')).toBe('sub/rules.yaml'));
    world.remove('sub/rules.yaml');
    await world.until(() => expect(policy('default')).toBeUndefined());
    expect(world.names()).toEqual(['web']);
    await world.until(() =>
      expect(world.events()).toEqual(
        expect.arrayContaining([
          'ConfigFileChanged default: File "sub/rules.yaml" declares the policy now, before it was "policy.yaml"',
          'ConfigFileRemoved default: Deleted the policy because file "sub/rules.yaml" declares it no more',
        ]),
      ),
    );
    const about = world.registry.list('Event').items.map(({ object }) => object.involvedObject);
    expect(about).toMatchObject([
      { kind: 'Policy', name: 'default', uid },
      { kind: 'Policy', name: 'default', uid },
    ]);
    const lines = (await auditOf(world.registry)).filter(({ resource }) =>
      resource.startsWith('policies.'),
    );
    expect(lines.map(({ user, verb, name, source }) => [user, verb, name, source])).toEqual([
      ['registrar-config', 'create', 'default', 'config:policy.yaml'],
      ['registrar-config', 'update', 'default', 'config:policy.yaml'],
      ['registrar-config', 'update', 'default', 'config:sub/rules.yaml'],
      ['registrar-config', 'delete', 'default', 'config:sub/rules.yaml'],
    ]);
  });

  it('are stored before the modules of the same look', async () => {
    world.write('a.yaml', `${yamlOfAll('aaa', 'bbb')}---\n${policyYaml('zzz')}`);
    await world.start();
    const versions = ['aaa', 'bbb'].map((name) => world.module(name).metadata.resourceVersion);
    const own = Number(policy('zzz')?.metadata.resourceVersion);
    for (const version of versions) expect(Number(version)).toBeGreaterThan(own);
  });

  it('and modules of one file are applied as one, also under one name', async () => {
    world.write('all.yaml', `${policyYaml('web', 1)}---\n${yamlOf('web')}`);
    await world.start();
    expect(world.config.problems()).toEqual([]);
    world.write('all.yaml', `${policyYaml('web', 2)}---\n${yamlOf('web', 'two')}`);
    await world.until(() => expect(world.problem('all.yaml')).toContain('spec.version'));
    await world.pass();
    expect([policy('web')?.spec.priority, world.version('web')]).toEqual([1, '1.0.0']);
    world.write('all.yaml', `${policyYaml('web', 5000)}---\n${yamlOf('web', '2.0.0')}`);
    await world.until(() => expect(world.problem('all.yaml')).toContain('spec.priority'));
    await world.pass();
    expect([policy('web')?.spec.priority, world.version('web')]).toEqual([1, '1.0.0']);
    expect(world.config.policyProblem()).toBeUndefined();
    expect(world.config.notice('web')).toMatchObject({ reason: 'FileInvalid' });
  });

  it('of the API stay, and so do those of another file', async () => {
    const draft = {
      ...({ apiVersion: 'registrar.synapsis.network/v1', kind: 'Policy' } as const),
      metadata: { name: 'mine' },
      spec: { description: '', priority: 3, selector: {}, checks: [], signers: [] },
    };
    await world.registry.create('Policy', draft);
    world.write('a.yaml', policyYaml('mine'));
    world.write('b.yaml', policyYaml('theirs', 1));
    await world.start();
    world.write('c.yaml', policyYaml('theirs', 2));
    await world.until(() =>
      expect(world.problem('c.yaml')).toContain('Policy "theirs" belongs to file "b.yaml"'),
    );
    expect(world.problem('a.yaml')).toBe(
      'a.yaml:1:1: metadata.name: Policy "mine" was created through the API and stays as it is; delete it there, or remove it from this file',
    );
    expect([policy('mine')?.spec.priority, policy('theirs')?.spec.priority]).toEqual([3, 1]);
    await world.registry.delete('Policy', 'mine');
    await world.until(() => expect(owner('mine')).toBe('a.yaml'));
  });

  it('are held with the directory, and deleted when that is confirmed', async () => {
    world.write('policy.yaml', policyYaml('default'));
    await world.start();
    world.remove('policy.yaml');
    await world.until(() => expect(world.config.held()?.reason).toBe('DirectoryEmpty'));
    const objects = [{ kind: 'Policy', name: 'default' }];
    expect(world.config.held()).toMatchObject({
      message: expect.stringContaining('its policy stays') as string,
      objects,
    });
    expect(world.noticed).toEqual([]);
    expect(await world.config.confirmPrune()).toEqual(objects);
    await world.until(() => expect(policy('default')).toBeUndefined());
  });
});

describe('policyProblem', () => {
  it('speaks before the module beside a broken policy is stored, and until that is stored', async () => {
    await world.start();
    const said: (string | undefined)[] = [];
    world.registry.watch('Module', world.registry.resourceVersion, ({ type }) => {
      if (type === 'ADDED') said.push(world.config.policyProblem());
    });
    world.write('policy.yaml', policyYaml('default', 5000));
    world.write('web.yaml', yamlOf('web'));
    await world.until(() => expect(said).toHaveLength(1));
    expect(said).toEqual([expect.stringMatching(/declare a policy: policy\.yaml:\d+:\d+: spec/)]);

    const stored: (string | undefined)[] = [];
    world.registry.watch('Policy', world.registry.resourceVersion, () => {
      stored.push(world.config.policyProblem());
    });
    world.write('policy.yaml', policyYaml('default', 5));
    await world.until(() => expect(world.config.policyProblem()).toBeUndefined());
    expect(policy('default')?.spec.priority).toBe(5);
    expect(stored).toEqual(said);
    expect(world.policyProblems.slice(-2)).toEqual([said[0], undefined]);
  });

  it('is silent when a policy that was good is broken, also after a restart', async () => {
    world.write('policy.yaml', policyYaml('default', 5));
    await world.start();
    world.write('policy.yaml', policyYaml('default', 5000));
    await world.until(() => expect(world.problem('policy.yaml')).not.toBe(''));
    expect(world.config.policyProblem()).toBeUndefined();
    await world.restart(() => undefined);
    expect(world.problem('policy.yaml')).not.toBe('');
    expect(world.config.policyProblem()).toBeUndefined();
    expect(policy('default')?.spec.priority).toBe(5);
  });

  it('speaks of a file that is no text, but not when it was one before', async () => {
    world.write('empty.yaml', '# nothing yet\n');
    await world.start();
    const noText = Buffer.from([0xff]);
    world.write('empty.yaml', noText);
    await world.until(() => expect(world.problem('empty.yaml')).toContain('UTF-8'));
    expect(world.config.policyProblem()).toBeUndefined();
    world.write('new.yaml', noText);
    await world.until(() => expect(world.config.policyProblem()).toContain('new.yaml'));
    world.remove('new.yaml');
    await world.until(() => expect(world.config.policyProblem()).toBeUndefined());
  });

  it('goes on speaking while the directory is away', async () => {
    world.write('policy.yaml', policyYaml('default', 5000));
    await world.start(200);
    const said = world.config.policyProblem();
    expect(said).toContain('policy.yaml');
    renameSync(world.directory, join(world.root, 'away'));
    await world.until(() => expect(world.problem('.')).toContain('does not exist'));
    expect(world.config.policyProblem()).toBe(said);
  });

  it('speaks of a directory that is not there when something is of it', async () => {
    world.write('web.yaml', yamlOf('web'));
    await world.start();
    await world.restart(() => renameSync(world.directory, join(world.root, 'away')));
    expect(world.config.policyProblem()).toContain('does not exist, so its policies are not known');
    renameSync(join(world.root, 'away'), world.directory);
    await world.until(() => expect(world.config.policyProblem()).toBeUndefined());
  });
});
