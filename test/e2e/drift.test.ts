import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bystanders } from '../helpers/bystanders.js';
import type { Bystanders } from '../helpers/bystanders.js';
import { aSite, eventually } from '../helpers/daemon.js';
import { docker, SAMPLE_IMAGE } from '../helpers/engine.js';
import { lifeOf, lifeOfModule, modulesOf, nameOf } from '../helpers/live-modules.js';
import type { Life, SpecInput } from '../helpers/live-modules.js';

const site = aSite({ atEnd: afterAll });
const modules = modulesOf(site);
let others: Bystanders;

beforeAll(async () => {
  await site.start();
  others = await bystanders(site, modules);
});
afterEach(async () => expect(await others.look()).toEqual(others.unharmed));
afterAll(() => others.remove());

async function running(word: string, spec?: SpecInput): Promise<{ name: string; life: Life }> {
  const name = nameOf(word);
  await modules.create(name, spec);
  await modules.untilReady(name);
  return { name, life: await lifeOfModule(site, name) };
}

const stateOf = async (id: string): Promise<string> =>
  (await docker().getContainer(id).inspect()).State.Status;

describe.concurrent('a container that somebody', () => {
  it('stopped is started again', async () => {
    const { name, life } = await running('stopped');
    await docker().getContainer(life.id).stop();
    await eventually(async () => (await stateOf(life.id)) === 'running', 'it runs again');
    const { status } = await modules.untilReady(name);
    expect(status).toMatchObject({ phase: 'Running', restarts: 1 });
    expect(status.containers).toMatchObject([{ id: life.id, lastExit: { code: 0 } }]);
  });

  it('killed is started again', async () => {
    const { name, life } = await running('killed');
    await docker().getContainer(life.id).kill();
    await eventually(async () => (await lifeOf(life.id)).pid > 0, 'it runs again');
    await modules.until(name, 'the exit is told', ({ status }) => {
      const [container] = status.containers;
      return container?.lastExit?.code === 137 && container.lastExit.reason === 'Error';
    });
  });

  it('took off its network is put back, with its published port', async () => {
    const ports = [{ name: 'web', containerPort: 8080, hostPort: 28391 }];
    const command = ['sh', '-c', "trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait"];
    const { life } = await running('network', { ports, command });
    const { NetworkSettings } = await docker().getContainer(life.id).inspect();
    const [network = ''] = Object.keys(NetworkSettings.Networks);
    await docker().getNetwork(network).disconnect({ Container: life.id, Force: true });
    const answers = () =>
      fetch('http://127.0.0.1:28391').then(
        ({ ok }) => ok,
        () => false,
      );
    expect(await answers()).toBe(false);
    await eventually(answers, 'it answers on its port again');
    expect((await lifeOf(life.id)).pid).toBe(life.pid);
  });

  it('removed is made again', async () => {
    const { name, life } = await running('removed');
    await docker().getContainer(life.id).remove({ force: true });
    await modules.until(name, 'there is another', ({ status }) => {
      const [container] = status.containers;
      return container?.ready === true && container.id !== life.id;
    });
    const after = await lifeOfModule(site, name);
    expect(after.name).toBe(life.name);
  });

  it('renamed has its name again, and was not restarted', async () => {
    const { name, life } = await running('renamed');
    await docker()
      .getContainer(life.id)
      .rename({ name: nameOf('mine') });
    await eventually(async () => (await lifeOf(life.id)).name === life.name, 'its name is back');
    expect(await lifeOf(life.id)).toEqual(life);
    await modules.untilEvents(name, 'Renamed');
  });

  it('paused goes on, and was not restarted', async () => {
    const { name, life } = await running('paused');
    await docker().getContainer(life.id).pause();
    await eventually(async () => (await stateOf(life.id)) === 'running', 'it goes on');
    await modules.untilEvents(name, 'Unpaused');
    expect(await lifeOf(life.id)).toEqual(life);
  });

  it('gave other limits has its own again, and was not restarted', async () => {
    const { life } = await running('limits', { resources: { memory: '64Mi', cpus: '0.5' } });
    const container = docker().getContainer(life.id);
    const limits = async (): Promise<object> => {
      const { Memory, MemorySwap, NanoCpus, PidsLimit } = (await container.inspect()).HostConfig;
      return { Memory, MemorySwap, NanoCpus, PidsLimit };
    };
    const before = await limits();
    const more = { Memory: 2 ** 28, MemorySwap: 2 ** 28, NanoCpus: 1e9, PidsLimit: 99 };
    await container.update(more);
    const isBack = async (): Promise<boolean> =>
      JSON.stringify(await limits()) === JSON.stringify(before);
    await eventually(isBack, 'its limits are back');
    expect(before).toMatchObject({ Memory: 2 ** 26, NanoCpus: 5e8 });
    expect(await lifeOf(life.id)).toEqual(life);
  });

  it('whose image tag was moved stays, and is made again from the image that it had', async () => {
    const Image = `${nameOf('registrar-test')}:1`;
    const [repo = '', tag = ''] = Image.split(':');
    await docker().getImage(SAMPLE_IMAGE).tag({ repo, tag });
    const { name, life } = await running('tag', { image: Image });
    const { status: before } = await modules.get(name);
    const other = await docker().createContainer({ Image, Cmd: ['false'] });
    const { Id: moved } = (await other.commit({ repo, tag })) as { Id: string };
    try {
      expect((await docker().getImage(Image).inspect()).Id).toBe(moved);
      expect(await site.cli(['apply', '-f', '-'], await manifestText(name))).toMatchObject({
        code: 0,
      });
      expect(await lifeOfModule(site, name)).toEqual(life);
      await docker().getContainer(life.id).remove({ force: true });
      const { status } = await modules.until(
        name,
        'it is made again',
        ({ status: { containers } }) =>
          containers[0]?.ready === true && containers[0].id !== life.id,
      );
      const { imageId, imageDigest, imageReference } = before;
      expect(status).toMatchObject({ imageId, imageDigest, imageReference });
      const { id } = await lifeOfModule(site, name);
      expect((await docker().getContainer(id).inspect()).Image).toBe(imageId);
    } finally {
      await other.remove();
      await docker().getImage(Image).remove();
    }
  });
});

/** The module as it would be applied again. */
async function manifestText(name: string): Promise<string> {
  const { apiVersion, kind, spec } = await modules.get(name);
  return JSON.stringify({ apiVersion, kind, metadata: { name }, spec });
}
