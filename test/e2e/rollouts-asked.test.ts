import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ROLLOUT_PAUSED_ANNOTATION,
  UNDO_ANNOTATION,
  UNQUARANTINED_AT_ANNOTATION,
} from '../../src/model/names.js';
import { bystanders } from '../helpers/bystanders.js';
import type { Bystanders } from '../helpers/bystanders.js';
import { ANY_REGISTRY, aSite } from '../helpers/daemon.js';
import { docker, SAMPLE_IMAGE } from '../helpers/engine.js';
import { freePort, listening } from '../helpers/free-port.js';
import { conditionOf, ending, nameOf } from '../helpers/live-modules.js';
import type { SpecInput } from '../helpers/live-modules.js';
import { rolloutsOf } from '../helpers/rollouts.js';

const site = aSite({ atEnd: afterAll });
const modules = rolloutsOf(site);
let others: Bystanders;

beforeAll(async () => {
  site.declare('policy.yaml', ANY_REGISTRY);
  await site.start();
  others = await bystanders(site, modules);
});
afterAll(async () => {
  expect(await others.look()).toEqual(others.unharmed);
  await others.remove();
});

const word = (value: string, more: SpecInput = {}): SpecInput => ({
  env: [{ name: 'WORD', value }],
  ...more,
});
const exits = (code: number): SpecInput => ending(`exit ${code}`);
const onPort = (hostPort: number): SpecInput => ({
  ports: [{ name: 'web', containerPort: 8080, hostPort }],
});
/** Neither ready nor ill for as long as a test may take. */
const undecided = (value: string): SpecInput => ({
  ...word(value),
  healthCheck: { exec: { command: ['false'] }, intervalSeconds: 1, startPeriodSeconds: 3600 },
});

/** States of the receipts of a module, the reason of a failure with them. */
const states = async (name: string): Promise<string[]> =>
  (await modules.receipts(name)).map(({ state, reason }) =>
    reason === undefined ? state : `${state} ${reason}`,
  );

/** Begins a rollout that stays in the middle: both containers run. */
async function inTheMiddle(name: string, spec: SpecInput): Promise<string> {
  const { revision } = await modules.running(name, word('one', spec));
  await modules.change(name, undecided('two'));
  const { status } = await modules.until(name, 'both run', ({ status: { containers } }) => {
    const running = containers.filter(({ state }) => state === 'running');
    return running.some((one) => one.revision !== revision);
  });
  return status.updatedRevision ?? '';
}

describe.concurrent('nothing is touched by a rollout', () => {
  /** The container must live on as it is; then the spec is mended. */
  async function staysAsItWas(spec: SpecInput, asked: SpecInput, reason: string): Promise<void> {
    const name = nameOf('held');
    const before = await modules.running(name, word('one', spec));
    await modules.change(name, asked);
    const { status } = await modules.until(name, `it says ${reason}`, (module) =>
      module.status.conditions.some((one) => one.status === 'False' && one.reason === reason),
    );
    expect(status).toMatchObject({ phase: 'Degraded', currentRevision: before.revision });
    expect(status.quarantined).toBeUndefined();
    expect(await modules.containers(name)).toEqual(before.containers);
    await modules.change(name, { image: SAMPLE_IMAGE, ports: [], ...word('three') });
    const mended = await modules.change(name, { securityContext: { runAsUser: null } });
    await modules.until(name, 'the mended one runs', (module) => {
      const { rollout, observedGeneration } = module.status;
      return (
        observedGeneration === mended.metadata.generation &&
        rollout?.state === 'Complete' &&
        rollout.number > 1
      );
    });
    expect((await states(name)).filter((state) => state !== 'Superseded')).toEqual([
      'Complete',
      'Complete',
    ]);
  }

  it('to an image that is missing', () =>
    staysAsItWas({}, { image: '127.0.0.1:1/none:1' }, 'ImagePullFailed'));

  it('to what a policy forbids', () =>
    staysAsItWas({}, { securityContext: { runAsUser: 0 } }, 'VerificationFailed'));

  it('to a port that a foreign process has', async () => {
    const server = createServer();
    const taken = await listening(server);
    await staysAsItWas({}, onPort(taken), 'PortConflict');
    server.close();
  });

  it('to a port that a foreign container has', async () => {
    const taken = await freePort();
    const foreign = await docker().createContainer({
      ...{ Image: SAMPLE_IMAGE, name: nameOf('nginx'), ExposedPorts: { '80/tcp': {} } },
      HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: `${taken}` }] } },
    });
    try {
      await foreign.start();
      const { Id, State } = await foreign.inspect();
      await staysAsItWas(onPort(await freePort()), onPort(taken), 'PortConflict');
      const after = await foreign.inspect();
      expect({ Id: after.Id, State: after.State }).toEqual({ Id, State });
    } finally {
      await foreign.remove({ force: true });
    }
  });
});

describe.concurrent('in the middle of a rollout', () => {
  it('the spec goes further: the newest runs, the one between is gone', async () => {
    const name = nameOf('further');
    const between = await inTheMiddle(name, {});
    await modules.change(name, { ...word('three'), healthCheck: null });
    const { status } = await modules.untilReady(name);
    expect(status).toMatchObject({ phase: 'Running', rollout: { number: 3, state: 'Complete' } });
    expect(status.currentRevision).not.toBe(between);
    const { currentRevision: revision } = status;
    expect(await modules.containers(name)).toMatchObject([{ revision, state: 'running' }]);
    expect(await states(name)).toEqual(['Complete', 'Superseded', 'Complete']);
  });

  it('the spec goes back: the old container has never stopped', async () => {
    const name = nameOf('back');
    const first = await modules.running(name, word('one'));
    await modules.change(name, undecided('two'));
    await modules.until(name, 'both are there', ({ status }) => status.containers.length === 2);
    await modules.change(name, { ...word('one'), healthCheck: null });
    const { status } = await modules.untilReady(name);
    expect(status).toMatchObject({ phase: 'Running', currentRevision: first.revision });
    expect(status.quarantined).toBeUndefined();
    expect(await modules.containers(name)).toEqual(first.containers);
    expect(await states(name)).toEqual(['Complete', 'Superseded']);
  });

  it('the new container is removed by hand: it is made again', async () => {
    const name = nameOf('removed');
    const revision = await inTheMiddle(name, {});
    const [, made] = await modules.containers(name);
    await docker()
      .getContainer(made?.id ?? '')
      .remove({ force: true });
    await modules.until(name, 'it is there again', ({ status: { containers } }) =>
      containers.some((one) => one.revision === revision && one.id !== made?.id && one.id),
    );
    expect(await states(name)).toEqual(['Complete', 'Progressing']);
  });

  it('the old container is removed by hand: the new one goes on', async () => {
    const name = nameOf('removed');
    const revision = await inTheMiddle(name, { strategy: { minReadySeconds: 0 } });
    const [old] = await modules.containers(name);
    await docker()
      .getContainer(old?.id ?? '')
      .remove({ force: true });
    await modules.change(name, { strategy: { progressDeadlineSeconds: 600 } });
    await modules.change(name, { healthCheck: null });
    const { status } = await modules.untilReady(name);
    expect(status.currentRevision).not.toBe(revision);
    expect(await modules.containers(name)).toHaveLength(1);
  });

  it('a module is scaled: all slots come to the new revision', async () => {
    const name = nameOf('scaled');
    await inTheMiddle(name, { replicas: 2 });
    await modules.change(name, { replicas: 3 });
    await modules.until(name, 'there are more', ({ status: { containers } }) =>
      containers.some(({ slot }) => slot === 2),
    );
    await modules.change(name, { ...word('three'), healthCheck: null });
    const { status } = await modules.untilReady(name);
    expect(status).toMatchObject({ phase: 'Running', readyReplicas: 3, replicas: 3 });
    const containers = await modules.containers(name);
    expect(containers.map(({ revision }) => revision)).toEqual(
      Array(3).fill(status.currentRevision),
    );
    expect(await states(name)).toEqual(['Complete', 'Superseded', 'Complete']);
  });

  it('a module is suspended and resumed: the last one that the spec asks for runs', async () => {
    const name = nameOf('suspended');
    await inTheMiddle(name, {});
    await modules.change(name, { suspend: true });
    await modules.until(name, 'it is suspended', ({ status }) => status.phase === 'Suspended');
    expect(await modules.containers(name)).toEqual([]);
    await modules.change(name, { suspend: false, ...word('three'), healthCheck: null });
    const { status } = await modules.untilReady(name);
    expect(status).toMatchObject({ phase: 'Running', replicas: 1 });
  });

  it('a pause comes: what runs stays until it goes on', async () => {
    const name = nameOf('paused');
    const first = await modules.running(name, word('one'));
    await modules.annotate(name, { [ROLLOUT_PAUSED_ANNOTATION]: 'true' });
    await modules.change(name, word('two'));
    const { status: held } = await modules.untilReason(name, 'RolloutPaused');
    expect(held).toMatchObject({ currentRevision: first.revision, rollout: { state: 'Paused' } });
    expect(await modules.containers(name)).toEqual(first.containers);
    await modules.annotate(name, { [ROLLOUT_PAUSED_ANNOTATION]: 'false' });
    const { status } = await modules.untilReady(name);
    expect(status).toMatchObject({ phase: 'Running', rollout: { number: 2, state: 'Complete' } });
    expect(await states(name)).toEqual(['Complete', 'Complete']);
  });
});

describe.concurrent('after a rollout', () => {
  it('a module is undone, and a change goes forward again', async () => {
    const name = nameOf('undone');
    const first = await modules.running(name, word('one'));
    await modules.change(name, word('two'));
    const { status: second } = await modules.untilReady(name);
    const undo = `${second.currentRevision}:${first.revision}`;
    await modules.annotate(name, { [UNDO_ANNOTATION]: undo });
    const { status: undone } = await modules.untilReason(name, 'Undone');
    expect(undone).toMatchObject({
      ...{ phase: 'Degraded', currentRevision: first.revision },
      updatedRevision: second.currentRevision,
    });
    expect(await modules.containers(name)).toMatchObject([{ revision: first.revision }]);
    await modules.change(name, word('three'));
    const { status } = await modules.untilReady(name);
    expect(status).toMatchObject({ phase: 'Running', rollout: { number: 4, state: 'Complete' } });
    expect(await states(name)).toEqual(Array(4).fill('Complete'));
  });

  it('that failed it is tried again only when somebody asks for it', async () => {
    const name = nameOf('again');
    const [flag, dir] = [`/data/well`, { volumes: [{ name: 'data', mountPath: '/data' }] }];
    const first = await modules.running(name, word('one', dir));
    const script = `[ -e ${flag} ] || exit 3; trap 'exit 0' TERM; while :; do sleep 60 & wait $!; done`;
    await modules.change(name, ending(script));
    const { status: failed } = await modules.untilReason(name, 'RolledBack');
    expect(await modules.containers(name)).toMatchObject([{ id: first.containers[0]?.id }]);
    const exec = await docker()
      .getContainer(first.containers[0]?.id ?? '')
      .exec({ Cmd: ['touch', flag] });
    await exec.start({});
    await modules.change(name, { replicas: 1, description: 'what is not of the revision' });
    await modules.untilReason(name, 'RolledBack');
    expect(await states(name)).toEqual(['Complete', 'RolledBack Crashed']);
    await modules.annotate(name, { [UNQUARANTINED_AT_ANNOTATION]: new Date().toISOString() });
    const { status } = await modules.untilReady(name);
    expect(status).toMatchObject({ phase: 'Running', currentRevision: failed.updatedRevision });
    expect(status.quarantined).toBeUndefined();
    expect(await states(name)).toEqual(['Complete', 'RolledBack Crashed', 'Complete']);
  });

  it('that failed and may not go back by itself it stays visible, and the old one runs on', async () => {
    const name = nameOf('stays');
    const strategy = { minReadySeconds: 0, autoRollback: false };
    const first = await modules.running(name, word('one', { strategy }));
    await modules.change(name, exits(3));
    const { status } = await modules.untilRollout(name, 2, 'Failed');
    expect(status).toMatchObject({
      currentRevision: first.revision,
      rollout: { reason: 'Crashed' },
    });
    expect(status.quarantined).toBeUndefined();
    const [old, made] = await modules.containers(name);
    expect(old).toEqual(first.containers[0]);
    expect(made?.revision).toBe(status.updatedRevision);
    await modules.change(name, { command: [], ...word('two') });
    expect((await modules.untilReady(name)).status).toMatchObject({ phase: 'Running' });
    expect(await states(name)).toEqual(['Complete', 'Failed Crashed', 'Complete']);
  });

  it('that failed it goes back also when no old revisions are kept', async () => {
    const name = nameOf('nothing-kept');
    const first = await modules.running(name, word('one', { revisionHistoryLimit: 0 }));
    await modules.change(name, exits(3));
    const { status } = await modules.untilReason(name, 'RolledBack');
    expect(status).toMatchObject({ phase: 'Degraded', currentRevision: first.revision });
    expect(await modules.containers(name)).toEqual(first.containers);
    await docker()
      .getContainer(first.containers[0]?.id ?? '')
      .remove({ force: true });
    await modules.until(name, 'it is made again', ({ status: { containers } }) =>
      containers.some(({ id, ready }) => ready && id !== first.containers[0]?.id),
    );
    expect(await modules.containers(name)).toMatchObject([{ revision: first.revision }]);
  });

  it('that was the first and failed it comes up when it is mended', async () => {
    const name = nameOf('first');
    await modules.create(name, { command: ['no-such-program'] });
    const { status: failed } = await modules.untilRollout(name, 1, 'Failed');
    expect(failed).toMatchObject({ phase: 'Failed', readyReplicas: 0 });
    expect(failed.currentRevision).toBeUndefined();
    expect(failed.quarantined).toBeUndefined();
    await modules.change(name, { command: [] });
    expect((await modules.untilReady(name)).status).toMatchObject({ phase: 'Running' });
    expect(await states(name)).toEqual(['Failed StartFailed', 'Complete']);
  });

  it('to another value of a Secret the container has it, and back it has the old', async () => {
    const [name, secret] = [nameOf('secret'), nameOf('keys')];
    const said = await site.cli(['secret', 'create', secret, '--from-literal', 'api=first-one']);
    expect(said).toMatchObject({ code: 0 });
    const valueFrom = { secretKeyRef: { name: secret, key: 'api' } };
    const script = `case $API in second*) exit 9;; esac; trap 'exit 0' TERM; while :; do sleep 60 & wait $!; done`;
    const command = ['sh', '-c', script];
    const strategy = { minReadySeconds: 3 };
    const env = [{ name: 'API', valueFrom }];
    const first = await modules.running(name, { command, env, strategy });
    const set = (value: string) => site.cli(['secret', 'set', secret, 'api'], value);
    expect(await set('second-one')).toMatchObject({ code: 0 });
    await modules.untilReason(name, 'RolledBack');
    expect(await modules.containers(name)).toEqual(first.containers);
    expect(await set('third-one')).toMatchObject({ code: 0 });
    const { status } = await modules.untilRollout(name, 3, 'Complete');
    expect(status.currentRevision).not.toBe(first.revision);
    expect(await states(name)).toEqual(['Complete', 'RolledBack Crashed', 'Complete']);
  });

  it('that is stuck what ran before runs again, and is not called stuck', async () => {
    const name = nameOf('stuck');
    const strategy = { minReadySeconds: 30 };
    const first = await modules.running(name, word('one', { strategy }));
    await modules.change(name, {
      ...word('two'),
      progressCheck: { logPattern: 'height', withinSeconds: 5 },
    });
    const { status } = await modules.untilReason(name, 'RolledBack');
    expect(status).toMatchObject({ phase: 'Degraded', currentRevision: first.revision });
    expect(status.quarantined).toMatchObject([{ reason: 'Stuck' }]);
    expect(await modules.containers(name)).toEqual(first.containers);
    expect(conditionOf({ status } as never, 'Ready')?.reason).toBe('RolledBack');
  });
});
