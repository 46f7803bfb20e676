import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GateRequest } from '../../src/docker/runtime.js';
import type { Module, ModuleSpec } from '../../src/model/module.js';
import { UPDATE_NOW_ANNOTATION } from '../../src/model/names.js';
import type { Gate } from '../../src/model/updates-spec.js';
import { come } from '../helpers/built-modules.js';
import { FakeClock } from '../helpers/fake-clock.js';
import {
  FOLLOWED,
  followAtOnce,
  reasonsIn,
  upToDate,
  withRegistry,
} from '../helpers/followed-image.js';
import { isReady, startLoop, tempRegistry } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';
import { MemoryRuntime } from '../helpers/memory-runtime.js';
import { writeSecret } from '../helpers/secrets.js';

const web = (loop: Loop): Module => loop.module('web');
const digestOf = (loop: Loop): string | undefined => web(loop).status.imageDigest;
const reasonOf = (loop: Loop): string | undefined => upToDate(web(loop))?.reason;
const messageOf = (loop: Loop): string => upToDate(web(loop))?.message ?? '';
const gateOf = (loop: Loop, id: string) =>
  web(loop).status.updates?.candidates.find((one) => one.id === id)?.gate;
const running = ({ runtime }: Loop): string[] => [...runtime.engine.containers.keys()];
const runs = ({ runtime }: Loop): number => runtime.count('runGate');

const CHECK: Gate = { command: ['check'], timeoutSeconds: 60 };

/** A program whose end the test decides; it waits while there is none. */
function aProgram({ runtime: { engine } }: Pick<Loop, 'runtime'>) {
  const program = { exitCode: 0, output: '', goesOn: false };
  engine.programs.set('check', async ({ write, signal }) => {
    if (program.output !== '') await write('stderr', program.output);
    if (program.goesOn) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return program.exitCode;
  });
  return program;
}

/** A loop with a module that follows an image behind a gate, and runs the first one. */
async function gated(gate: Gate = CHECK, spec: Partial<ModuleSpec> = {}, updates: object = {}) {
  const { loop, publish } = await withRegistry();
  const program = aProgram(loop);
  const first = publish();
  const apply = (more: object = {}): Promise<void> =>
    loop.apply('web', {
      ...{ image: FOLLOWED, ...spec },
      updates: followAtOnce({ gate, ...updates, ...more }),
    });
  await apply();
  await loop.until(() => isReady(web(loop)) && reasonOf(loop) === 'Current');
  expect(runs(loop)).toBe(0);
  return { loop, first, publish, program, apply };
}

const annotate = (loop: Loop, value: string) =>
  loop.registry.update('Module', 'web', ({ metadata, ...rest }) => ({
    ...rest,
    metadata: { ...metadata, annotations: { [UPDATE_NOW_ANNOTATION]: value } },
  }));

describe('a gate with a command', () => {
  it('lets through what it passes, run once in the new image', async () => {
    const { loop, publish } = await gated();
    const next = publish();
    await loop.until(() => digestOf(loop) === next && isReady(web(loop)));
    expect(runs(loop)).toBe(1);
    const [request] = loop.runtime.calls.find(({ method }) => method === 'runGate')?.args ?? [];
    expect(request).toMatchObject({ module: 'web', command: ['check'], timeoutMs: 60_000 });
    expect((request as GateRequest).imageId).toBe(web(loop).status.imageId);
    expect(reasonsIn(loop)).toEqual(expect.arrayContaining(['GatePassed', 'UpdateTaken']));
  });

  it('holds what it fails while what runs goes on, says why, and tries it again ever later', async () => {
    const { loop, first, publish, program } = await gated();
    const before = running(loop);
    Object.assign(program, { exitCode: 3, output: 'loading\nno such table\n' });
    const next = publish();
    await loop.until(() => reasonOf(loop) === 'GateFailed');
    expect(upToDate(web(loop))).toMatchObject({ status: 'False' });
    expect(messageOf(loop)).toContain('exit code 3: no such table; tries again from 2026-01-01T');
    expect([digestOf(loop), running(loop), isReady(web(loop))]).toEqual([first, before, true]);
    await loop.advance(600_000);
    // After 30 s, 1, 2 and 4 minutes.
    expect(runs(loop)).toBe(5);
    expect(gateOf(loop, next)).toMatchObject({
      ...{ passed: false, failures: 5, log: ['loading', 'no such table'] },
    });
    expect([digestOf(loop), running(loop)]).toEqual([first, before]);
    expect(reasonsIn(loop)).toContain('GateFailed');
    program.exitCode = 0;
    await loop.until(() => digestOf(loop) === next && isReady(web(loop)));
  });

  it('has the values of its Secrets, and tells none of what its command writes', async () => {
    const { loop, publish } = await withRegistry();
    Object.assign(aProgram(loop), { exitCode: 1, output: 'ready\ncannot log in with hunter22\n' });
    await writeSecret(loop.registry, 'keys', { api: 'hunter22' });
    const env = [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'api' } } }];
    publish();
    await loop.apply('web', { image: FOLLOWED, env, updates: followAtOnce({ gate: CHECK }) });
    await loop.until(() => isReady(web(loop)) && reasonOf(loop) === 'Current');
    const next = publish();
    await loop.until(() => reasonOf(loop) === 'GateFailed');
    const [request] = loop.runtime.calls.find(({ method }) => method === 'runGate')?.args ?? [];
    expect([...(request as GateRequest).secrets]).toEqual([['KEY', 'hunter22']]);
    expect(gateOf(loop, next)?.log).toEqual(['ready', '(masked: it may hold a secret)']);
    expect(JSON.stringify(loop.registry.list('Module').items)).not.toContain('hunter22');
    expect(JSON.stringify(loop.registry.list('Event').items)).not.toContain('hunter22');
  });

  it('waits for its command beside the loop, and ends it when its time is up', async () => {
    const { loop, first, publish, program } = await gated();
    program.goesOn = true;
    publish();
    await loop.until(() => reasonOf(loop) === 'AtGate');
    const [old = ''] = running(loop);
    loop.runtime.engine.remove(old);
    await loop.until(() => isReady(web(loop)) && !running(loop).includes(old));
    expect(digestOf(loop)).toBe(first);
    await loop.until(() => reasonOf(loop) === 'GateFailed');
    expect(messageOf(loop)).toContain('did not end within 60 s');
  });

  it('is ended when something newer comes, and run for that', async () => {
    const { loop, publish, program } = await gated({ ...CHECK, timeoutSeconds: 3600 });
    program.goesOn = true;
    publish();
    await loop.until(() => reasonOf(loop) === 'AtGate');
    program.goesOn = false;
    const newest = publish();
    await loop.until(() => digestOf(loop) === newest && isReady(web(loop)));
    expect(runs(loop)).toBe(2);
  });

  it.each([{ suspend: true }, { updates: followAtOnce({ policy: 'Manual' }) }])(
    'is ended when the module wants nothing of it any more: %o',
    async (change) => {
      const { loop, publish, program } = await gated();
      let ended = 0;
      loop.runtime.engine.programs.set('check', async ({ signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return (ended += 1);
      });
      expect(program.goesOn).toBe(false);
      publish();
      await loop.until(() => reasonOf(loop) === 'AtGate');
      await loop.apply('web', { ...web(loop).spec, ...change });
      await loop.until(() => ended === 1);
    },
  );

  it('has to pass for what a person names, too, and is run at once then', async () => {
    const { loop, first, publish, program } = await gated();
    program.exitCode = 1;
    const next = publish();
    await loop.until(() => runs(loop) === 4);
    await annotate(loop, next);
    await loop.until(() => runs(loop) === 5);
    expect(digestOf(loop)).toBe(first);
    program.exitCode = 0;
    await annotate(loop, next.slice(0, -1));
    await annotate(loop, next);
    await loop.until(() => digestOf(loop) === next);
  });

  it('is run only once the window is open', async () => {
    // The clock begins at noon.
    const window = {
      ...{ days: ['Thu' as const], from: '12:10', to: '13:00', timeZone: 'UTC' },
    };
    const { loop, publish } = await gated(CHECK, {}, { window });
    const next = publish();
    await loop.until(() => reasonOf(loop) === 'OutsideWindow');
    await loop.advance(5 * 60_000);
    expect(runs(loop)).toBe(0);
    await loop.until(() => digestOf(loop) === next);
    expect(runs(loop)).toBe(1);
  });

  it('is not run again by a daemon that comes back for what it said already', async () => {
    const clock = new FakeClock();
    const registry = await tempRegistry(clock);
    const runtime = new MemoryRuntime({ clock, instanceId: registry.instanceId });
    const { loop, publish } = await withRegistry({ clock, registry, runtime });
    aProgram({ runtime }).exitCode = 1;
    publish();
    const updates = followAtOnce({ gate: CHECK });
    await loop.apply('web', { image: FOLLOWED, updates });
    await loop.until(() => reasonOf(loop) === 'Current');
    const next = publish();
    await loop.until(() => runs(loop) === 3 && gateOf(loop, next)?.failures === 3);
    await loop.stop();
    const known = gateOf(loop, next);
    const second = await startLoop({ clock, registry, runtime });
    await second.advance(90_000);
    expect([runs(second), gateOf(second, next)]).toEqual([3, known]);
    await second.until(() => runs(second) === 4);
  });

  it('fails when the new image has no such command', async () => {
    const { loop, first, publish } = await gated({ ...CHECK, command: ['not-there'] });
    publish();
    await loop.until(() => reasonOf(loop) === 'GateFailed');
    expect(messageOf(loop)).toContain('its command cannot be started');
    expect(digestOf(loop)).toBe(first);
  });
});

/** A server on this machine that answers with what the test says. */
async function aServer() {
  const server = {
    status: 503,
    headers: {} as Record<string, string>,
    asked: [] as IncomingMessage[],
  };
  const http = createServer((request, response) => {
    server.asked.push(request);
    response.writeHead(server.status, server.headers).end('x');
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void http.close());
  const { port } = http.address() as AddressInfo;
  return Object.assign(server, { url: `http://127.0.0.1:${port}/ready?key=hidden` });
}

const PRIVATE = { id: 'manifest/repository-host', parameters: { privateAddresses: true } };

describe('a gate with an address', () => {
  it('lets through what is answered with 2xx, and does not follow where it is led', async () => {
    const server = await aServer();
    const { loop, first, publish } = await gated({
      ...{ http: { url: server.url }, timeoutSeconds: 5 },
    });
    const next = publish();
    await come(loop, () => reasonOf(loop) === 'GateFailed');
    expect(messageOf(loop)).toContain('is on this machine or in a private network');
    expect(server.asked).toEqual([]);
    await loop.registry.update('Policy', 'local', (policy) => ({
      ...policy,
      spec: { ...policy.spec, checks: [...policy.spec.checks, PRIVATE] },
    }));
    await loop.advance(30_000);
    await come(loop, () => messageOf(loop).includes('answered 503'));
    expect(messageOf(loop)).not.toContain('hidden');
    expect(server.asked[0]?.headers).toMatchObject({
      ...{ 'registrar-module': 'web', 'registrar-candidate': next },
    });
    Object.assign(server, { status: 302, headers: { location: 'http://example.com/' } });
    await loop.advance(60_000);
    await come(loop, () => messageOf(loop).includes('answered 302'));
    expect(digestOf(loop)).toBe(first);
    Object.assign(server, { status: 204, headers: {} });
    await loop.advance(120_000);
    await come(loop, () => digestOf(loop) === next && isReady(web(loop)));
  });
});
