import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { judgeCertificate } from '../../src/local/doctor/certificate.js';
import type { Place } from '../../src/local/doctor/check.js';
import { judgeReadiness } from '../../src/local/doctor/daemon.js';
import { diagnose, DOCTOR_CHECKS } from '../../src/local/doctor/doctor.js';
import { judgeClock, judgeLimits } from '../../src/local/doctor/engine.js';
import { judgeNode } from '../../src/local/doctor/programs.js';
import { makeKey } from '../../src/registry/secrets/key-file.js';
import { openTempRegistry } from '../helpers/temp-registry.js';
import { temporaryFolder } from '../helpers/git-repository.js';
import { codeOf, readPage, rowsOf } from '../helpers/markdown.js';
import { writeSecret } from '../helpers/secrets.js';

/** A data directory that was used and is closed, in a place where nothing else is wrong. */
async function aPlace(withSecret = false): Promise<Place> {
  const { dataDir, registry, close } = await openTempRegistry();
  if (withSecret) await writeSecret(registry, 'keys', { api: 'value' });
  await close();
  const configDir = join(dataDir, 'config');
  mkdirSync(configDir, { mode: 0o700 });
  return {
    ...{ dataDir, configDir, host: '127.0.0.1', port: 0, diskFloorBytes: 0 },
    ...{ dockerHost: 'unix:///nowhere/docker.sock', hasKeysElsewhere: false },
  };
}

async function findingOf(id: string, place: Place) {
  const found = (await diagnose(place)).find((one) => one.id === id);
  return found ?? expect.fail(`There is no check ${id}`);
}

describe('a host where no daemon runs', () => {
  it('is well but for what is not there, which is not called well', async () => {
    const states = (await diagnose(await aPlace())).map(({ id, state }) => `${id} ${state}`);
    expect(states.filter((one) => !one.endsWith(' ok'))).toEqual([
      ...['daemon warning', 'engine problem', 'limits unknown', 'clock unknown'],
      ...['certificate unknown'],
    ]);
  });

  it('says what to do where it is not', async () => {
    const all = await diagnose(await aPlace());
    const bad = all.filter(({ state }) => state === 'warning' || state === 'problem');
    for (const { message, remedy } of bad) expect(remedy ?? message).toMatch(/start|check/i);
  });

  it('without a data directory has nothing to look at there', async () => {
    const place = { ...(await aPlace()), dataDir: '/nowhere/data' };
    expect(await findingOf('data-directory', place)).toMatchObject({ state: 'warning' });
    for (const id of ['store', 'keys']) {
      expect(await findingOf(id, place)).toMatchObject({ state: 'unknown' });
    }
  });

  it('with a data directory that others can read has a problem', async () => {
    const place = await aPlace();
    chmodSync(place.dataDir, 0o755);
    const { state, message } = await findingOf('data-directory', place);
    expect(state).toBe('problem');
    expect(message).toContain('chmod -R go= ');
  });

  it.each([
    ['damaged', (path: string) => writeFileSync(path, 'x'.repeat(5000)), 'is damaged'],
    ['gone', (path: string) => rmSync(path), 'it is empty or gone'],
  ])('with a store that is %s has a problem', async (_how, damage, message) => {
    const place = await aPlace(true);
    damage(join(place.dataDir, 'registrar.db'));
    expect(await findingOf('store', place)).toMatchObject({
      state: 'problem',
      message: expect.stringContaining(message) as string,
    });
  });

  it('with a store that cannot be looked at does not call it damaged', async () => {
    const place = await aPlace();
    const path = join(place.dataDir, 'registrar.db');
    rmSync(path);
    mkdirSync(join(path, 'inside'), { recursive: true, mode: 0o700 });
    expect(await findingOf('store', place)).toMatchObject({ state: 'unknown' });
  });

  it('with values and without their key, or with another one, has a problem, unless it is elsewhere', async () => {
    const place = await aPlace(true);
    expect(await findingOf('keys', place)).toMatchObject({ state: 'ok' });
    const path = join(place.dataDir, 'keys', 'kek');
    chmodSync(path, 0o644);
    expect(await findingOf('keys', place)).toMatchObject({ state: 'problem' });
    rmSync(path);
    expect(await findingOf('keys', place)).toMatchObject({ state: 'problem' });
    makeKey(path);
    expect(await findingOf('keys', place)).toMatchObject({
      ...{ state: 'problem', message: expect.stringMatching(/need the key [\da-f]{12}, which/) },
    });
    const elsewhere = { ...place, hasKeysElsewhere: true };
    expect(await findingOf('keys', elsewhere)).toMatchObject({ state: 'unknown' });
  });

  it('with a file that says what is wrong has a problem with its place', async () => {
    const place = await aPlace();
    writeFileSync(join(place.configDir, 'bad.yaml'), 'kind: Module\nspec: {}\n');
    const { state, message } = await findingOf('config', place);
    expect(state).toBe('problem');
    expect(message).toMatch(/^bad\.yaml:1:1: /);
  });

  it('with files that the daemon cannot read, wherever they are, has a problem with each', async () => {
    const place = await aPlace();
    mkdirSync(join(place.configDir, 'below'));
    writeFileSync(join(place.configDir, 'below', 'bad.yaml'), 'kind: Module\n');
    writeFileSync(join(place.configDir, 'large.yaml'), `# ${'x'.repeat(300_000)}\n`);
    const { state, message } = await findingOf('config', place);
    expect(state).toBe('problem');
    expect(message).toContain('large.yaml: Is larger than 256 KiB');
    expect(message).toContain('below/bad.yaml:1:1: ');
  });

  it('without what checks signatures has a warning that says what to install', async () => {
    const folder = temporaryFolder('path');
    writeFileSync(join(folder, 'gpg'), '', { mode: 0o755 });
    vi.stubEnv('PATH', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await findingOf('signatures', await aPlace())).toMatchObject({
      ...{ state: 'warning', message: 'ssh-keygen cannot be run from here' },
      remedy: expect.stringMatching(/^install openssh-client: /) as string,
    });
  });

  it('where another process has the port has a problem', async () => {
    const place = await aPlace();
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await findingOf('port', { ...place, port })).toMatchObject({
      ...{ state: 'problem', message: `127.0.0.1:${port} cannot be had: another process has it` },
    });
  });
});

it('asks the engine about itself once for all checks of it', async () => {
  const asked: string[] = [];
  const answers = { ApiVersion: '1.41', MinAPIVersion: '1.12', ServerVersion: '20.10.24' };
  const engine = createHttpServer(({ url = '' }, answer) => {
    asked.push(url);
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(answers));
  });
  onTestFinished(() => void engine.close());
  const socket = join(temporaryFolder('engine'), 'docker.sock');
  await once(engine.listen(socket), 'listening');
  const place = { ...(await aPlace()), dockerHost: `unix://${socket}` };
  expect(await findingOf('engine', place)).toMatchObject({
    ...{ state: 'ok', message: `Docker Engine 20.10.24, API 1.41, at unix://${socket}` },
  });
  const infos = asked.filter((path) => path.includes('/info'));
  // The other one is of the check of disks, which asks where the engine has its data.
  expect(infos).toHaveLength(2);
});

describe('what is told', () => {
  const NOW = Date.parse('2026-06-01T12:00:00Z');

  it.each([
    ['20.19.0', 'ok'],
    ['20.18.9', 'problem'],
    ['18.99.0', 'problem'],
    ['24.1.0', 'ok'],
  ])('by Node.js %s is %s', (version, state) => expect(judgeNode(version).state).toBe(state));

  it('by a daemon that is not ready is each thing that failed', () => {
    const answer = '[-]store failed: no room\n[+]engine ok\n[-]config failed: held\n';
    expect(judgeReadiness({ code: 503, body: answer })).toMatchObject({
      ...{ state: 'problem' },
      message: 'it is not ready: store failed: no room; config failed: held',
    });
    const ready = '[+]store ok\nreadyz check passed\n';
    expect(judgeReadiness({ code: 200, body: ready }).state).toBe('ok');
    expect(judgeReadiness({ code: 500, body: '' })).toMatchObject({
      ...{ state: 'problem', message: 'it is not ready: it answers with 500' },
    });
  });

  it.each([
    [{ SystemTime: '2026-06-01T12:00:01Z' }, 'ok'],
    [{ SystemTime: '2026-06-01T11:59:00Z' }, 'warning'],
    [{ SystemTime: '2026-06-01T12:01:00Z' }, 'warning'],
    [{}, 'unknown'],
  ])('by an engine with the clock %j is %s', (info, state) => {
    expect(judgeClock(info, NOW, NOW + 2_000).state).toBe(state);
  });

  it('by an engine without limits is which ones', () => {
    const all = { MemoryLimit: true, CpuCfsQuota: true, PidsLimit: true };
    expect(judgeLimits(all).state).toBe('ok');
    expect(judgeLimits({ ...all, PidsLimit: undefined }).state).toBe('unknown');
    expect(judgeLimits({ MemoryLimit: false, PidsLimit: false }).message).toContain(
      'cannot limit memory, processes of containers',
    );
  });

  it('by a certificate is until when it holds', () => {
    expect(judgeCertificate('Jun  1 12:00:01 2026 GMT', NOW).state).toBe('ok');
    expect(judgeCertificate('Jun  1 11:59:59 2026 GMT', NOW).state).toBe('problem');
  });
});

it('docs/doctor.md tells of each check, in order', () => {
  const told = rowsOf(readPage('docs/doctor.md')).flatMap(([id = '']) => codeOf(id));
  expect(told).toEqual(DOCTOR_CHECKS.map(({ id }) => id));
});
