import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type {
  ExecRequest,
  ExecSession,
  GateRequest,
  LogOptions,
  Output,
  Runtime,
  RuntimeEvent,
} from '../../src/docker/runtime.js';
import type { Limits, ObservedContainer } from '../../src/model/container.js';
import type { ContainerTemplate } from '../../src/model/revision.js';
import { codeOf } from '../helpers/code-of.js';
import { aRequest, aTemplate } from '../helpers/requests.js';

/** An engine with two registrars on it, and somebody else who uses it too. */
export interface World {
  readonly instance: string;
  readonly runtime: Runtime;
  readonly other: Runtime;
  readonly otherInstance: string;
  /** Reference of an image that is present, with user 65532. */
  readonly image: string;
  /** Name of a module that nobody else uses on the engine. */
  readonly module: string;
  readonly outside: Outside;
}

/** What a person does to the engine with other tools. */
export interface Outside {
  /** Makes a container without our labels; resolves to its id. */
  addForeign(name: string): Promise<string>;
  exists(id: string): Promise<boolean>;
  pause(id: string): Promise<void>;
  kill(id: string): Promise<void>;
  disconnect(id: string): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  remove(id: string): Promise<void>;
  updateLimits(id: string, limits: Limits): Promise<void>;
  /** Lets the process of a container write a line; the next one is written later. */
  say(id: string, line: string): Promise<void>;
}

const GRACE_SECONDS = 1;
const NEVER = new AbortController().signal;

/** What every Runtime promises; `setup` makes a fresh world and cleans it up after the test. */
export function runtimeContract(setup: () => Promise<World>): void {
  describe('a Runtime', () => {
    test('info names the engine, the same one each time', async () => {
      const { runtime, other } = await setup();
      const info = await runtime.info();
      expect(info.engineId).not.toBe('');
      expect(await other.info()).toEqual(info);
    });

    test('findImage tells id and user of an image that is present, by reference and by id', async () => {
      const { runtime, image } = await setup();
      const found = await runtime.findImage(image);
      expect(found?.id).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(found?.user).toBe('65532:65532');
      expect((await runtime.findImage(found?.id ?? ''))?.id).toBe(found?.id);
    });

    test('findImage is undefined for an image that is not present', async () => {
      const { runtime } = await setup();
      expect(await runtime.findImage('registrar-sample/never-made:1')).toBeUndefined();
      expect(await runtime.findImage(`sha256:${'0'.repeat(64)}`)).toBeUndefined();
    });

    test('create makes a container that is not started, with the labels of its owner', async () => {
      const world = await setup();
      const { id, owner } = await make(world);
      const [listed, ...rest] = await world.runtime.list();
      expect(rest).toEqual([]);
      expect(listed).toMatchObject({ id, owner, state: 'created', health: 'none', address: '' });
      expect(listed?.name).toBe(`${world.module}-aaaaaaa-0`);
    });

    test('list and inspect agree on what both tell', async () => {
      const world = await setup();
      const { id } = await make(world);
      for (const change of ['none', 'start', 'pause', 'stop'] as const) {
        if (change === 'start') await world.runtime.start(id);
        if (change === 'pause') await world.outside.pause(id);
        if (change === 'stop') await world.runtime.stop(id, GRACE_SECONDS);
        const [summary] = await world.runtime.list();
        expect(await world.runtime.inspect(id)).toMatchObject({ ...summary });
      }
    });

    test('create resolves to the container there is when the same owner asks again', async () => {
      const world = await setup();
      const { id, request } = await make(world);
      await world.runtime.start(id);
      expect(await world.runtime.create(request)).toBe(id);
      expect(await world.runtime.list()).toHaveLength(1);
    });

    test('create is CONTAINER_BUSY while an older module of the name has the container', async () => {
      const world = await setup();
      await make(world);
      expect(await codeOf(make(world, { uid: 'uid-2' }))).toBe('CONTAINER_BUSY');
    });

    test('create is NAME_CONFLICT when a foreign container has the name, which stays', async () => {
      const world = await setup();
      const foreign = await world.outside.addForeign(`${world.module}-aaaaaaa-0`);
      expect(await codeOf(make(world))).toBe('NAME_CONFLICT');
      expect(await world.outside.exists(foreign)).toBe(true);
      expect(await world.runtime.list()).toEqual([]);
    });

    test('create is IMAGE_NOT_FOUND when the image is gone', async () => {
      const { runtime, instance, module } = await setup();
      const request = aRequest(`sha256:${'0'.repeat(64)}`, { instance, module });
      expect(await codeOf(runtime.create(request))).toBe('IMAGE_NOT_FOUND');
    });

    test('start runs a container with an address; again, it is success', async () => {
      const world = await setup();
      const { id } = await make(world);
      await world.runtime.start(id);
      const started = await observe(world, id);
      expect(started).toMatchObject({ state: 'running', exitCode: 0, restartCount: 0, error: '' });
      expect(started.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      expect(Date.parse(started.startedAt ?? '')).not.toBeNaN();
      expect(started.finishedAt).toBeUndefined();
      await world.runtime.start(id);
      expect((await observe(world, id)).startedAt).toBe(started.startedAt);
    });

    test('start lets a paused container go on', async () => {
      const world = await setup();
      const { id } = await make(world);
      await world.runtime.start(id);
      await world.outside.pause(id);
      expect((await observe(world, id)).state).toBe('paused');
      await world.runtime.start(id);
      expect((await observe(world, id)).state).toBe('running');
    });

    test('unpause lets a paused container go on; when it is not paused, it is success', async () => {
      const world = await setup();
      const { id } = await make(world);
      await world.runtime.start(id);
      await world.outside.pause(id);
      await world.runtime.unpause(id);
      await world.runtime.unpause(id);
      expect((await observe(world, id)).state).toBe('running');
    });

    test('stop ends a container, running or paused; again, it is success', async () => {
      const world = await setup();
      const { id } = await make(world);
      await world.runtime.start(id);
      await world.outside.pause(id);
      await world.runtime.stop(id, GRACE_SECONDS);
      const stopped = await observe(world, id);
      expect(stopped).toMatchObject({ state: 'exited', address: '' });
      expect(stopped.exitCode).toBeGreaterThan(128);
      expect(Date.parse(stopped.finishedAt ?? '')).not.toBeNaN();
      await world.runtime.stop(id, GRACE_SECONDS);
      await world.runtime.start(id);
      expect((await observe(world, id)).state).toBe('running');
    });

    test('a container that was killed from outside shows how it ended', async () => {
      const world = await setup();
      const { id } = await make(world);
      await world.runtime.start(id);
      await world.outside.kill(id);
      expect(await observe(world, id)).toMatchObject({ state: 'exited', exitCode: 137 });
    });

    test('remove takes a running container away; again, it is success', async () => {
      const world = await setup();
      const { id } = await make(world);
      await world.runtime.start(id);
      await world.runtime.remove(id);
      await world.runtime.remove(id);
      expect(await world.runtime.inspect(id)).toBeUndefined();
      expect(await world.runtime.list()).toEqual([]);
    });

    test('rename gives another name; a taken one is NAME_CONFLICT, its own is success', async () => {
      const world = await setup();
      const { id } = await make(world);
      const { id: second } = await make(world, { slot: 1 });
      await world.outside.rename(id, `${world.module}-moved`);
      expect((await observe(world, id)).name).toBe(`${world.module}-moved`);
      await world.runtime.rename(id, `${world.module}-aaaaaaa-0`);
      await world.runtime.rename(id, `${world.module}-aaaaaaa-0`);
      expect((await observe(world, id)).name).toBe(`${world.module}-aaaaaaa-0`);
      expect(await codeOf(world.runtime.rename(second, `${world.module}-aaaaaaa-0`))).toBe(
        'NAME_CONFLICT',
      );
    });

    test('a container taken off the network shows no address, and connect puts it back', async () => {
      const world = await setup();
      const { id } = await make(world);
      await world.runtime.start(id);
      await world.outside.disconnect(id);
      expect((await observe(world, id)).address).toBe('');
      await world.runtime.connect(id);
      await world.runtime.connect(id);
      expect((await observe(world, id)).address).not.toBe('');
    });

    test('a container is put on networks of modules and taken off, its name there comes and goes', async () => {
      const world = await setup();
      const { runtime, module } = world;
      const { id } = await make(world);
      await runtime.start(id);
      const memberships = async () => (await observe(world, id)).memberships;
      expect(await memberships()).toEqual([]);
      await runtime.join(id, `${module}-other`, false);
      await runtime.join(id, module, true);
      await runtime.join(id, module, true);
      expect(await memberships()).toEqual([
        { of: module, isNamed: true },
        { of: `${module}-other`, isNamed: false },
      ]);
      await runtime.leave(id, `${module}-other`);
      await runtime.leave(id, `${module}-other`);
      await runtime.join(id, module, false);
      expect(await memberships()).toEqual([{ of: module, isNamed: false }]);
      expect(await observe(world, id)).toMatchObject({ state: 'running' });
    });

    test('a container is made on the networks of the modules that it uses', async () => {
      const world = await setup();
      const { runtime, module, instance, image } = world;
      const found = await runtime.findImage(image);
      const request = aRequest(found?.id ?? '', { instance, module });
      const id = await runtime.create({ ...request, uses: [`${module}-other`] });
      expect(await runtime.create({ ...request, uses: [`${module}-other`] })).toBe(id);
      const { memberships } = await observe(world, id);
      expect(memberships).toEqual([{ of: `${module}-other`, isNamed: false }]);
    });

    test('limits changed from outside show, and updateLimits sets them back', async () => {
      const world = await setup();
      const { id } = await make(world);
      const before = { memoryBytes: 64 * 1024 ** 2, nanoCpus: 5e8, pids: 32 };
      expect((await observe(world, id)).limits).toEqual(before);
      const changed = { memoryBytes: 128 * 1024 ** 2, nanoCpus: 1e9, pids: 64 };
      await world.outside.updateLimits(id, changed);
      expect((await observe(world, id)).limits).toEqual(changed);
      await world.runtime.updateLimits(id, before);
      expect((await observe(world, id)).limits).toEqual(before);
    });

    test('logs give the last lines, and those of a stretch of time', async () => {
      const world = await setup();
      const { id } = await make(world);
      await world.runtime.start(id);
      for (const line of ['one', 'two', 'three']) await world.outside.say(id, line);
      expect(await logOf(world, id)).toEqual(['one', 'two', 'three']);
      expect(await logOf(world, id, { tail: 2 })).toEqual(['two', 'three']);
      expect(await logOf(world, id, { tail: 0 })).toEqual([]);
      const stamped = await logOf(world, id, { timestamps: true });
      expect(stamped.map((line) => line.replace(STAMP, ''))).toEqual(['one', 'two', 'three']);
      const [, second = Number.NaN] = stamped.map((line) => Date.parse(line.split(' ')[0] ?? ''));
      expect(await logOf(world, id, { sinceTime: second })).toEqual(['two', 'three']);
      const untilTime = second + 1;
      expect(await logOf(world, id, { untilTime })).toEqual(['one', 'two']);
      expect(await logOf(world, id, { untilTime, tail: 1 })).toEqual(['two']);
      expect(await logOf(world, id, { untilTime, sinceTime: second })).toEqual(['two']);
    });

    test('removeVolume takes away what no container has, of this instance only', async () => {
      const world = await setup();
      const { runtime, module, other } = world;
      const volumes = [{ name: 'state', mountPath: '/data', readOnly: false }];
      const { id } = await make(world, {}, { volumes });
      const mine = async () => (await runtime.listVolumes()).filter((one) => one.module === module);
      const [volume] = await mine();
      expect(volume).toMatchObject({ module, isUsed: true });
      const name = volume?.name ?? '';
      expect(await runtime.removeVolume(name)).toBe(false);
      await runtime.remove(id);
      expect(await mine()).toEqual([{ name, module, isUsed: false }]);
      expect((await other.listVolumes()).map((one) => one.name)).not.toContain(name);
      expect(await other.removeVolume(name)).toBe(false);
      expect(await mine()).toHaveLength(1);
      expect(await runtime.removeVolume(name)).toBe(true);
      expect(await mine()).toEqual([]);
      expect(await runtime.removeVolume(name)).toBe(false);
    });

    test('stats tell what a container has used; one that does not run has none', async () => {
      const world = await setup();
      const { id } = await make(world);
      expect(await world.runtime.stats(id)).toBeUndefined();
      await world.runtime.start(id);
      const first = await world.runtime.stats(id);
      expect(first?.at).toBeGreaterThan(0);
      expect(first?.memoryBytes).toBeGreaterThan(0);
      await world.outside.say(id, 'work');
      const second = await world.runtime.stats(id);
      expect(second?.at).toBeGreaterThan(first?.at ?? Infinity);
      expect(second?.cpuNanoseconds).toBeGreaterThanOrEqual(first?.cpuNanoseconds ?? Infinity);
      await world.outside.kill(id);
      expect(await world.runtime.stats(id)).toBeUndefined();
    });

    test('exec runs a command and tells what it writes and how it ends', async () => {
      const world = await setup();
      const { id } = await make(world);
      await world.runtime.start(id);
      const command = ['sh', '-c', 'echo out; echo bad >&2; exit 3'];
      expect(await ran(await exec(world, id, { command }))).toEqual({
        ...{ stdout: 'out\n', stderr: 'bad\n', code: 3 },
      });
    });

    test('exec with a terminal has one output for both', async () => {
      const world = await setup();
      const { id } = await make(world);
      await world.runtime.start(id);
      const command = ['sh', '-c', 'echo bad >&2; exit 0'];
      const session = await exec(world, id, { command, tty: true, stdin: true });
      const { stdout, stderr, code } = await ran(session);
      expect([stdout.replaceAll('\r', ''), stderr, code]).toEqual(['bad\n', '', 0]);
    });

    test('runGate runs a command in a container of its own, which is no slot and is gone then', async () => {
      const { runtime, ...world } = await setup();
      const gate = await gateOf({ runtime, ...world }, ['sh', '-c', 'echo out; exit 3']);
      expect(await runtime.runGate(gate, NEVER)).toEqual({
        ...{ exitCode: 3, oomKilled: false, log: 'out\n' },
      });
      expect(await runtime.runGate({ ...gate, command: ['cat'] }, NEVER)).toMatchObject({
        exitCode: 0,
      });
      expect(await runtime.list()).toEqual([]);
    });

    test('runGate is START_FAILED for a command that is not there, and ends when it is called off', async () => {
      const world = await setup();
      const { runtime } = world;
      const gate = await gateOf(world, ['not-a-program']);
      expect(await codeOf(runtime.runGate(gate, NEVER))).toBe('START_FAILED');
      await expect(runtime.runGate(gate, AbortSignal.abort())).rejects.toThrow('abort');
      const missing = { ...gate, imageId: `sha256:${'0'.repeat(64)}` };
      expect(await codeOf(runtime.runGate(missing, NEVER))).toBe('IMAGE_NOT_FOUND');
      await runtime.removeLeftGates();
    });

    test('exec passes input on, and its end', async () => {
      const world = await setup();
      const { id } = await make(world);
      await world.runtime.start(id);
      const session = await exec(world, id, { command: ['cat'], stdin: true });
      session.input.write('one\n');
      session.input.end(Buffer.from([0, 255, 10]));
      const bytes = Buffer.concat((await outputOf(session)).map((piece) => piece.bytes));
      expect(bytes).toEqual(Buffer.from([...Buffer.from('one\n'), 0, 255, 10]));
      expect(await session.exitCode()).toBe(0);
      const without = await exec(world, id, { command: ['cat'] });
      expect(await ran(without)).toEqual({ stdout: '', stderr: '', code: 0 });
    });

    test('exec of a command that is not there ends with 126 or 127', async () => {
      const world = await setup();
      const { id } = await make(world);
      await world.runtime.start(id);
      const { code } = await ran(await exec(world, id, { command: ['not-a-program'] }));
      expect([126, 127]).toContain(code);
    });

    test('exec can be let go of at any time', async () => {
      const world = await setup();
      const { id } = await make(world);
      await world.runtime.start(id);
      const session = await exec(world, id, { command: ['cat'], stdin: true });
      session.close();
      session.close();
      await outputOf(session).catch(() => undefined);
      expect((await observe(world, id)).state).toBe('running');
    });

    test('exec is CONTAINER_NOT_RUNNING unless the container runs', async () => {
      const world = await setup();
      const { id } = await make(world);
      const attempt = () => codeOf(exec(world, id, { command: ['cat'] }));
      expect(await attempt()).toBe('CONTAINER_NOT_RUNNING');
      await world.runtime.start(id);
      await world.outside.pause(id);
      expect(await attempt()).toBe('CONTAINER_NOT_RUNNING');
      await world.runtime.stop(id, GRACE_SECONDS);
      expect(await attempt()).toBe('CONTAINER_NOT_RUNNING');
    });

    test('pullImage is IMAGE_PULL_FAILED or IMAGE_NOT_FOUND where there is no registry', async () => {
      const { runtime } = await setup();
      const pull = runtime.pullImage('127.0.0.1:1/nobody/nothing:1', () => undefined, NEVER);
      expect(await codeOf(pull)).toMatch(/^IMAGE_(PULL_FAILED|NOT_FOUND)$/);
    });

    test('an id that does not exist is CONTAINER_GONE, or undefined to inspect', async () => {
      const { runtime } = await setup();
      expect(await runtime.inspect('f'.repeat(64))).toBeUndefined();
      expect(await reach(runtime, 'f'.repeat(64))).toEqual(OUT_OF_REACH);
    });

    test('a foreign container and one of another instance are as if they did not exist', async () => {
      const world = await setup();
      const foreign = await world.outside.addForeign(`${world.module}-foreign`);
      expect(await world.runtime.inspect(foreign)).toBeUndefined();
      expect(await reach(world.runtime, foreign)).toEqual(OUT_OF_REACH);
      const { id } = await make(world);
      expect(await world.other.inspect(id)).toBeUndefined();
      expect(await reach(world.other, id)).toEqual(OUT_OF_REACH);
      expect(await world.other.list()).toEqual([]);
      expect(await world.outside.exists(foreign)).toBe(true);
      expect(await world.outside.exists(id)).toBe(true);
    });

    test('a container tells the image that it was created from', async () => {
      const world = await setup();
      const { id, request } = await make(world);
      expect((await observe(world, id)).createdFrom).toBe(request.imageId);
    });

    test('two instances of the same module name are NAME_CONFLICT, not a mix-up', async () => {
      const world = await setup();
      await make(world);
      const { id: imageId } = await present(world);
      const owner = { instance: world.otherInstance, module: world.module };
      expect(await codeOf(world.other.create(aRequest(imageId, owner)))).toBe('NAME_CONFLICT');
    });

    test('events begin with a gap, then name what happened to containers of the instance', async () => {
      const world = await setup();
      const abort = new AbortController();
      const events = world.runtime.events(abort.signal)[Symbol.asyncIterator]();
      expect((await events.next()).value).toEqual({ kind: 'gap' });
      await world.outside.addForeign(`${world.module}-foreign`);
      const { id } = await make(world);
      await world.runtime.start(id);
      await world.outside.remove(id);
      const seen = await eventsUntil(events, 'destroy');
      expect(seen).toEqual(seen.map((event) => ({ ...event, id, module: world.module })));
      expect(seen.map((event) => event.kind === 'container' && event.action)).toEqual(
        expect.arrayContaining(['create', 'start', 'die', 'destroy']),
      );
      const end = events.next();
      abort.abort();
      expect((await end).done).toBe(true);
    });

    test('tidy may be called at any time and takes no container away', async () => {
      const world = await setup();
      const { id } = await make(world);
      await world.runtime.start(id);
      await world.runtime.tidy();
      expect((await observe(world, id)).state).toBe('running');
      await world.runtime.remove(id);
      await world.runtime.tidy();
      await world.runtime.tidy();
      const again = await make(world);
      await world.runtime.start(again.id);
      expect((await observe(world, again.id)).state).toBe('running');
    });
  });
}

/** How each call on a container ends. */
function reach(runtime: Runtime, id: string): Promise<string[]> {
  const limits = { memoryBytes: 2 ** 26, nanoCpus: 1e9, pids: 1 };
  const calls = [
    runtime.start(id),
    runtime.stop(id, GRACE_SECONDS),
    runtime.unpause(id),
    runtime.connect(id),
    runtime.join(id, 'other', true),
    runtime.leave(id, 'other'),
    runtime.rename(id, 'some-name'),
    runtime.updateLimits(id, limits),
    runtime.logs(id, { follow: false }),
    runtime.fileTime(id, '/etc/passwd'),
    runtime.stats(id),
    runtime.exec(id, { command: ['cat'], stdin: false, tty: false }),
  ];
  return Promise.all(calls.map(codeOf));
}

const OUT_OF_REACH = Array.from({ length: 12 }, () => 'CONTAINER_GONE');

async function present({ runtime, image }: World): Promise<{ id: string }> {
  const found = await runtime.findImage(image);
  if (found === undefined) throw new Error(`The world has no image ${image}`);
  return found;
}

async function make(
  world: World,
  owner: { uid?: string; slot?: number } = {},
  template: Partial<ContainerTemplate> = {},
) {
  const { id: imageId } = await present(world);
  const { instance, module } = world;
  const request = aRequest(imageId, { instance, module, ...owner }, template);
  return { id: await world.runtime.create(request), request, owner: request.owner };
}

async function observe({ runtime }: World, id: string): Promise<ObservedContainer> {
  const container = await runtime.inspect(id);
  if (container === undefined) throw new Error(`Container ${id} is gone`);
  return container;
}

/** RFC 3339 with nanoseconds, and a space. */
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /;

async function logOf(
  { runtime }: World,
  id: string,
  options: Partial<LogOptions> = {},
): Promise<string[]> {
  const log = await text(await runtime.logs(id, { follow: false, ...options }));
  return log.split('\n').slice(0, -1);
}

const exec = (
  { runtime }: World,
  id: string,
  request: Partial<ExecRequest> & Pick<ExecRequest, 'command'>,
): Promise<ExecSession> => runtime.exec(id, { stdin: false, tty: false, ...request });

async function outputOf({ output }: ExecSession): Promise<Output[]> {
  const pieces: Output[] = [];
  for await (const piece of output) pieces.push(piece);
  return pieces;
}

async function ran(
  session: ExecSession,
): Promise<{ stdout: string; stderr: string; code: number }> {
  const pieces = await outputOf(session);
  const textOf = (source: Output['source']): string =>
    Buffer.concat(
      pieces.filter((one) => one.source === source).map(({ bytes }) => bytes),
    ).toString();
  return { stdout: textOf('stdout'), stderr: textOf('stderr'), code: await session.exitCode() };
}

async function eventsUntil(
  events: AsyncIterator<RuntimeEvent>,
  action: string,
): Promise<RuntimeEvent[]> {
  const seen: RuntimeEvent[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done === true) return seen;
    seen.push(next.value);
    if (next.value.kind === 'container' && next.value.action === action) return seen;
  }
}

async function gateOf(world: World, command: readonly string[]): Promise<GateRequest> {
  const { id: imageId } = await present(world);
  const common = { template: aTemplate(), secrets: new Map<string, string>(), files: [], uses: [] };
  return { ...common, module: world.module, imageId, command, timeoutMs: 30_000 };
}
