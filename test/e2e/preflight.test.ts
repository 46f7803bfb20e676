import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Module } from '../../src/model/module.js';
import { bystanders } from '../helpers/bystanders.js';
import type { Bystanders } from '../helpers/bystanders.js';
import { ANY_REGISTRY, aSite } from '../helpers/daemon.js';
import { docker, SAMPLE_IMAGE } from '../helpers/engine.js';
import { freePort, listening } from '../helpers/free-port.js';
import {
  conditionOf,
  lifeOfModule,
  manifestOf,
  modulesOf,
  nameOf,
} from '../helpers/live-modules.js';
import type { SpecInput } from '../helpers/live-modules.js';

const site = aSite({ atEnd: afterAll });
const modules = modulesOf(site);
let others: Bystanders;

beforeAll(async () => {
  site.declare('policy.yaml', ANY_REGISTRY);
  await site.start();
  others = await bystanders(site, modules);
});
afterEach(async () => expect(await others.look()).toEqual(others.unharmed));
afterAll(() => others.remove());

const onPort = (hostPort: number) => ({ ports: [{ name: 'axon', containerPort: 80, hostPort }] });
const messageOf = (module: Module): string => conditionOf(module, 'Ready')?.message ?? '';

const untilReason = (name: string, reason: string): Promise<Module> =>
  modules.until(name, `it says ${reason}`, (module) => {
    const ready = conditionOf(module, 'Ready');
    return ready?.reason === reason && ready.observedGeneration === module.metadata.generation;
  });

/** What a module would do with that spec, as `registrar diff` shows it. */
async function diffOf(name: string, spec: SpecInput): Promise<string> {
  return (await site.cli(['diff', '-f', '-'], JSON.stringify(manifestOf(name, spec)))).stdout;
}

/** A running module is asked for what it cannot have; it must stay as it is until it can. */
async function staysUntil(
  { asked, reason, says }: { asked: SpecInput; reason: string; says: string },
  solve: () => Promise<unknown>,
): Promise<void> {
  const name = nameOf('held');
  await modules.create(name);
  await modules.untilReady(name);
  const before = await lifeOfModule(site, name);
  expect(await diffOf(name, asked)).toContain(says);
  await modules.change(name, asked);
  const module = await untilReason(name, reason);
  expect(messageOf(module)).toContain(says);
  expect(module.status).toMatchObject({ phase: 'Degraded', readyReplicas: 1 });
  await modules.untilEvents(name, reason);
  expect(await lifeOfModule(site, name)).toEqual(before);
  await solve();
  await modules.untilReady(name);
  expect((await lifeOfModule(site, name)).id).not.toBe(before.id);
}

describe.concurrent('nothing that runs is touched', () => {
  it('while a process has the port', async () => {
    const server = createServer();
    const port = await listening(server);
    const says = `Port 127.0.0.1:${port} of the host is taken by process ${process.pid} (`;
    await staysUntil({ asked: onPort(port), reason: 'PortConflict', says }, async () =>
      server.close(),
    );
  });

  it('while a foreign container has the port', async () => {
    const port = await freePort();
    const foreign = await docker().createContainer({
      ...{ Image: SAMPLE_IMAGE, name: nameOf('nginx'), ExposedPorts: { '80/tcp': {} } },
      HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: `${port}` }] } },
    });
    try {
      await foreign.start();
      const name = (await foreign.inspect()).Name.slice(1);
      const says = `taken by container "${name}" (${foreign.id.slice(0, 12)}), which is not Registrar's; free it`;
      await staysUntil({ asked: onPort(port), reason: 'PortConflict', says }, () =>
        foreign.stop({ t: 0 }),
      );
    } finally {
      await foreign.remove({ force: true });
    }
  });

  it('while another module has the port; whoever writes the newer is warned', async () => {
    const port = await freePort();
    const holder = nameOf('holder');
    await modules.create(holder, onPort(port));
    await modules.untilReady(holder);
    const late = JSON.stringify(manifestOf(nameOf('late'), onPort(port)));
    const dry = await site.cli(['apply', '--dry-run=server', '-f', '-'], late);
    expect(dry.stderr).toContain(`Warning: Port 127.0.0.1:${port} of the host is taken by module`);
    const written = await site.cli(['apply', '-f', '-'], late);
    expect(written).toMatchObject({ code: 0 });
    expect(written.stderr).toContain(`asked for by module "${holder}" first`);
    const says = `taken by module "${holder}" (slot 0, container "${holder}-`;
    await site.cli(['delete', (JSON.parse(late) as { metadata: { name: string } }).metadata.name]);
    await staysUntil({ asked: onPort(port), reason: 'PortConflict', says }, () =>
      site.cli(['delete', holder]),
    );
  });

  it('while the folder is missing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'registrar-mount-'));
    const hostPath = join(folder, 'wallet');
    const volumes = [{ name: 'wallet', mountPath: '/wallet', hostPath, readOnly: true }];
    const name = nameOf('mount');
    try {
      await modules.create(name);
      await modules.untilReady(name);
      const before = await lifeOfModule(site, name);
      await modules.change(name, { volumes });
      const module = await untilReason(name, 'NotVerified');
      expect(messageOf(module)).toContain(hostPath);
      expect(await lifeOfModule(site, name)).toEqual(before);
      mkdirSync(hostPath);
      await modules.untilReady(name);
    } finally {
      expect(await site.cli(['delete', name])).toMatchObject({ code: 0 });
      rmSync(folder, { recursive: true });
    }
  });

  it('while somebody else has the volume', async () => {
    const name = nameOf('volume');
    const volumes = [{ name: 'state', mountPath: '/state' }];
    const foreign = `registrar-${site.instanceId().slice(0, 8)}_${name}_state`;
    await docker().createVolume({ Name: foreign });
    try {
      await modules.create(name, { volumes });
      expect(messageOf(await untilReason(name, 'NameConflict'))).toContain(foreign);
    } finally {
      await docker().getVolume(foreign).remove();
    }
    await modules.untilReady(name);
  });

  it('while it would need more memory than the host has', async () => {
    const name = nameOf('large');
    await modules.create(name);
    await modules.untilReady(name);
    const before = await lifeOfModule(site, name);
    await modules.change(name, { resources: { memory: '60000Gi' } });
    const module = await untilReason(name, 'MemoryTooLarge');
    expect(conditionOf(module, 'Stalled')?.message).toContain('lower resources.memory');
    expect(await lifeOfModule(site, name)).toEqual(before);
    await modules.change(name, { resources: { memory: '64Mi' } });
    await modules.untilReady(name);
  });

  it('while the engine has no driver for the GPU', async () => {
    const name = nameOf('gpu');
    await modules.create(name);
    await modules.untilReady(name);
    const before = await lifeOfModule(site, name);
    await modules.change(name, { resources: { gpus: ['GPU-8932f937'] } });
    const module = await untilReason(name, 'GpuUnavailable');
    expect(messageOf(module)).toContain('could not select device driver "nvidia"');
    expect(module.status).toMatchObject({ phase: 'Degraded', readyReplicas: 1 });
    expect(await lifeOfModule(site, name)).toEqual(before);
    await modules.change(name, { resources: { gpus: [] } });
    await modules.untilReady(name);
  });
});

it('the port of its own container does not keep a module from changing', async () => {
  const name = nameOf('swap');
  await modules.create(name, onPort(await freePort()));
  await modules.untilReady(name);
  const before = await lifeOfModule(site, name);
  await modules.change(name, { env: [{ name: 'A', value: 'b' }] });
  await modules.untilReady(name);
  expect((await lifeOfModule(site, name)).id).not.toBe(before.id);
});
