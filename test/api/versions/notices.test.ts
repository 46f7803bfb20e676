import { beforeEach, describe, expect, it } from 'vitest';
import type { Condition } from '../../../src/model/condition.js';
import { brokenStatusRules } from '../../../src/model/status-rules.js';
import { auditOf } from '../../helpers/audit.js';
import { servePublished } from '../../helpers/published.js';
import type { Published } from '../../helpers/published.js';

let site: Published;

beforeEach(async () => {
  site = await servePublished();
});

interface Sent {
  readonly name?: string;
  readonly token?: string;
  readonly body?: unknown;
}

async function send(
  method: string,
  path: string,
  { name = 'web', token = site.token, body }: Sent = {},
): Promise<{ code: number; body: Record<string, unknown> }> {
  const url = `${site.url}/apis/registrar.synapsis.network/v1/modules/${name}/${path}`;
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { code: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const yank = (version: string, reason = 'It loses blocks'): ReturnType<typeof send> =>
  send('POST', 'yank', { body: { version, reason } });

const condition = (type: string): Condition | undefined =>
  site.module().status.conditions.find((one) => one.type === type);

const containers = (): string[] => [...site.runtime.engine.containers.keys()];

const soon = { timeout: 10_000, interval: 20 };

describe('a version that is yanked while it runs', () => {
  it('goes on, and the module says so until it is taken back', async () => {
    await site.release('1.0.0');
    const before = containers();
    const { code, body } = await yank('1.0.0', ' It loses\nblocks. ');
    expect([code, body['status']]).toMatchObject([
      200,
      { downloads: 0, yanked: { reason: 'It loses blocks', by: 'admin' } },
    ]);
    await expect
      .poll(() => condition('Yanked'), soon)
      .toMatchObject({
        ...{ status: 'True', reason: 'VersionYanked' },
        message: 'Version "1.0.0" was yanked, says admin: It loses blocks',
      });
    expect(condition('Ready')).toMatchObject({ status: 'True' });
    const { status, metadata } = site.module();
    expect(brokenStatusRules(status, metadata.generation)).toEqual([]);
    expect(containers()).toEqual(before);
    expect((await send('DELETE', 'yank?version=1.0.0')).body['status']).toEqual({ downloads: 0 });
    await expect.poll(() => condition('Yanked'), soon).toBeUndefined();
  });

  it('is made anew when a container is lost, and for another spec of it', async () => {
    await site.release('1.0.0');
    await yank('1.0.0');
    const [first = ''] = containers();
    site.runtime.engine.remove(first);
    await site.apply({ version: '1.0.0', env: [{ name: 'A', value: '1' }] });
    await expect
      .poll(() => [containers().length, containers().includes(first)], soon)
      .toEqual([1, false]);
    await expect.poll(() => condition('Ready'), soon).toMatchObject({ status: 'True' });
    expect(condition('Stalled')).toBeUndefined();
  });

  it('is let go for another one', async () => {
    await site.release('1.0.0');
    await yank('1.0.0');
    site.repository.commit({ 'greeting.txt': 'Two\n' });
    await site.release('1.1.0');
    expect(condition('Yanked')).toBeUndefined();
  });
});

describe('a version that is yanked', () => {
  beforeEach(async () => {
    await site.release('1.0.0');
    site.repository.commit({ 'greeting.txt': 'Two\n' });
    await site.release('1.1.0');
    await yank('1.0.0');
  });

  const pinned = () => {
    const { repoUrl, commit } = site.version('1.0.0')?.spec ?? { repoUrl: '', commit: '' };
    return { ...{ repoUrl, commit, branch: 'main', path: '.', dockerfile: 'Dockerfile' } };
  };

  it('cannot be deployed, and what runs goes on', async () => {
    const before = containers();
    await site.apply({ version: '1.0.0', source: pinned() });
    await expect
      .poll(() => condition('Stalled'), soon)
      .toMatchObject({
        reason: 'VersionYanked',
        message:
          'Version "1.0.0" was yanked, says admin: It loses blocks; set spec.version to another one',
      });
    expect(containers()).toEqual(before);
    expect([condition('Yanked'), site.module().status.version]).toEqual([undefined, '1.1.0']);
    await send('DELETE', 'yank?version=1.0.0');
    await expect.poll(() => site.module().status.version, soon).toBe('1.0.0');
    await expect.poll(() => condition('Ready'), soon).toMatchObject({ status: 'True' });
  });

  it('cannot be deployed by a module that comes back either', async () => {
    await site.registry.delete('Module', 'web');
    await expect.poll(() => site.registry.get('Module', 'web'), soon).toBeUndefined();
    await site.apply({ version: '1.0.0', source: pinned() });
    await expect.poll(() => condition('Stalled'), soon).toMatchObject({ reason: 'VersionYanked' });
    expect(containers()).toEqual([]);
  });

  it('is not the newest any more, and can be had when it is named', async () => {
    await yank('1.1.0');
    const url = `${site.url}/apis/registrar.synapsis.network/v1/modules/web/package`;
    const headers = { authorization: `Bearer ${site.token}` };
    const newest = await fetch(url, { headers });
    expect([newest.status, await newest.json()]).toMatchObject([
      404,
      {
        message:
          'Module "web" has no version that was not yanked; it has 1.1.0 (yanked), 1.0.0 (yanked)',
      },
    ]);
    expect((await fetch(`${url}?version=1.0.0`, { headers, method: 'HEAD' })).status).toBe(200);
  });
});

it('a version that is deprecated blocks nothing, and its module says so', async () => {
  await site.release('1.0.0');
  const reason = 'Use 2.x';
  const body = { version: '1.0.0', reason };
  expect((await send('POST', 'deprecate', { body })).code).toBe(200);
  await expect
    .poll(() => condition('Deprecated'), soon)
    .toMatchObject({
      ...{ status: 'True', reason: 'VersionDeprecated' },
      message: 'Version "1.0.0" is deprecated, says admin: Use 2.x',
    });
  await site.registry.delete('Module', 'web');
  await expect.poll(() => site.registry.get('Module', 'web'), soon).toBeUndefined();
  await site.release('1.0.0');
  expect(condition('Deprecated')).toMatchObject({ status: 'True' });
  await send('DELETE', 'deprecate?version=1.0.0');
  await expect.poll(() => condition('Deprecated'), soon).toBeUndefined();
});

describe('saying something of a version', () => {
  beforeEach(async () => {
    await site.release('1.0.0');
  });

  it.each([
    [{ reason: 'x' }, 400, 'The version is missing'],
    [{ version: 1, reason: 'x' }, 400, 'The version is missing'],
    [{ version: '1.0.0' }, 400, 'Say why'],
    [{ version: '1.0.0', reason: ' . ' }, 400, 'Say why'],
    [{ version: '1.0.0', reason: 'x', by: 'root' }, 400, 'may only have the fields'],
    [[], 400, 'one object'],
    [{ version: '^1', reason: 'x' }, 404, 'Module "web" has no version "^1"; it has 1.0.0'],
    [{ version: '../x\u0007', reason: 'x' }, 400, ''],
    [{ version: '9'.repeat(5_000), reason: 'x' }, 404, 'Module "web" has no version'],
  ])('as %j is %i', async (body, code, message) => {
    const answer = await send('POST', 'yank', { body });
    expect([answer.code, answer.body['message']]).toEqual([code, expect.stringContaining(message)]);
    expect(site.version('1.0.0')?.status).toEqual({ downloads: 0 });
  });

  it('needs a module that has versions', async () => {
    const answer = await send('POST', 'yank', {
      ...{ name: 'none', body: { version: '1.0.0', reason: 'x' } },
    });
    expect([answer.code, answer.body['message']]).toMatchObject([
      404,
      expect.stringContaining('Module "none" has no published version'),
    ]);
    expect((await send('DELETE', 'yank')).code).toBe(400);
  });

  it('is for operators of the module, and the audit tells of it', async () => {
    const tokens = [
      await tokenFor('reader', { role: 'viewer' }),
      await tokenFor('other', { role: 'operator', modules: ['miner-*'] }),
      await tokenFor('own', { role: 'operator', modules: ['we*'] }),
    ];
    const codes: number[] = [];
    for (const token of tokens) {
      const body = { version: '1.0.0', reason: `Said with ${codes.length}` };
      codes.push((await send('POST', 'yank', { token, body })).code);
    }
    expect(codes).toEqual([403, 403, 200]);
    expect(site.version('1.0.0')?.status.yanked).toMatchObject({
      by: 'own',
      reason: 'Said with 2',
    });
    const rows = await auditOf(site.registry);
    expect(rows).toContainEqual(
      expect.objectContaining({
        ...{ user: 'own', verb: 'create', name: 'web.1.0.0', code: 200 },
        resource: 'modules.registrar.synapsis.network/yank',
      }),
    );
    expect(rows.filter(({ user, code }) => user === 'other' && code === 403)).toHaveLength(1);
  });

  it('without storing it stores nothing', async () => {
    const body = { version: '1.0.0', reason: 'x' };
    const { body: answer } = await send('POST', 'yank?dryRun=All', { body });
    expect(answer['status']).toMatchObject({ yanked: { reason: 'x' } });
    expect(site.version('1.0.0')?.status.yanked).toBeUndefined();
  });
});

/** Secret of a token that is made now. */
async function tokenFor(name: string, spec: object): Promise<string> {
  const answer = await fetch(`${site.url}/apis/registrar.synapsis.network/v1/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${site.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ apiVersion: 'registrar.synapsis.network/v1', kind: 'Token' },
      ...{ metadata: { name }, spec },
    }),
  });
  return ((await answer.json()) as { status: { token: string } }).status.token;
}

it('no other route changes a version', async () => {
  const { metadata } = await site.release('1.0.0');
  const url = `${site.url}/apis/registrar.synapsis.network/v1/moduleversions/${metadata.name}`;
  const headers = { authorization: `Bearer ${site.token}` };
  const requests = [
    ...[
      ['DELETE', url],
      ['PUT', url],
      ['PATCH', url],
      ['PATCH', `${url}/status`],
    ],
    ['POST', url.replace(/\/[^/]*$/, '')],
  ] as const;
  for (const [method, path] of requests) {
    const body = method === 'DELETE' ? {} : { body: '{}' };
    const { status } = await fetch(path, { method, headers, ...body });
    expect([method, [404, 405].includes(status)]).toEqual([method, true]);
  }
});
