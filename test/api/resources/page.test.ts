import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../helpers/fake-clock.js';
import { aModule, MODULES, openTestApi } from '../test-api.js';
import type { Answer, TestApi } from '../test-api.js';

const names = ({ body }: Answer): string[] =>
  body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);

const create = (api: TestApi, name: string, labels = {}): Promise<Answer> =>
  api.call('POST', MODULES, { body: aModule(name, {}, { labels }) });

async function openWithModules(overrides: Parameters<typeof openTestApi>[0] = {}) {
  const api = await openTestApi(overrides);
  for (const name of ['aaa', 'bbb', 'ccc', 'ddd', 'eee']) await create(api, name, { app: name });
  const page = (query: string): Promise<Answer> => api.call('GET', `${MODULES}?${query}`);
  return { api, page };
}

describe('a list in pages', () => {
  it('has everything once, at one version, and says how much is left', async () => {
    const { page } = await openWithModules();
    const first = await page('limit=2');
    const { resourceVersion, continue: token, remainingItemCount } = first.body.metadata;
    expect([names(first), remainingItemCount]).toEqual([['aaa', 'bbb'], 3]);
    const second = await page(`limit=2&continue=${token}`);
    expect(names(second)).toEqual(['ccc', 'ddd']);
    expect(second.body.metadata).toMatchObject({ resourceVersion, remainingItemCount: 1 });
    const third = await page(`limit=2&continue=${second.body.metadata.continue}`);
    expect(names(third)).toEqual(['eee']);
    expect(third.body.metadata).toEqual({ resourceVersion });
  });

  it('is whole when it fits', async () => {
    const { page } = await openWithModules();
    for (const query of ['limit=5', 'limit=500', 'limit=0', 'limit=']) {
      const { body } = await page(query);
      expect(body.items).toHaveLength(5);
      expect(Object.keys(body.metadata)).toEqual(['resourceVersion']);
    }
  });

  it('shows the state that it began with, whatever changed since', async () => {
    const { api, page } = await openWithModules();
    const { resourceVersion, continue: token } = (await page('limit=3')).body.metadata;
    await create(api, 'dda');
    await api.call('DELETE', `${MODULES}/eee`);
    const rest = await page(`continue=${token}`);
    expect(names(rest)).toEqual(['ddd', 'eee']);
    expect(rest.body.metadata.resourceVersion).toBe(resourceVersion);
    expect(rest.body.items[1].metadata).not.toHaveProperty('deletionTimestamp');
    const exactly = await page(`resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`);
    expect(names(exactly)).toEqual(['aaa', 'bbb', 'ccc', 'ddd', 'eee']);
    expect(names(await page(''))).toContain('dda');
  });

  it('counts only what was selected, and does not say how much is left', async () => {
    const { page } = await openWithModules();
    const query = 'labelSelector=app!%3Dbbb&limit=2';
    const first = await page(query);
    expect(names(first)).toEqual(['aaa', 'ccc']);
    expect(first.body.metadata).not.toHaveProperty('remainingItemCount');
    const second = await page(`${query}&continue=${first.body.metadata.continue}`);
    expect(names(second)).toEqual(['ddd', 'eee']);
    expect(second.body.metadata).not.toHaveProperty('continue');
  });

  it('cannot be gone on with after five minutes', async () => {
    const clock = new FakeClock();
    const { page } = await openWithModules({ clock });
    const { continue: token } = (await page('limit=1')).body.metadata;
    await clock.advance(5 * 60_000);
    const { code, body } = await page(`limit=1&continue=${token}`);
    expect([code, body.reason]).toEqual([410, 'Expired']);
    expect(body.message).toContain('list again from the start');
  });

  it.each([
    ['of a list that never was', { rv: '999999', after: 'aaa' }, '', 410],
    ['together with a version', { rv: '1', after: 'aaa' }, '&resourceVersion=1', 400],
  ])('refuses a token %s', async (_what, token, more, expected) => {
    const { page } = await openWithModules();
    const text = Buffer.from(JSON.stringify(token)).toString('base64url');
    expect((await page(`limit=1&continue=${text}${more}`)).code).toBe(expected);
  });
});
