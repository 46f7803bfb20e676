import { beforeEach, describe, expect, it } from 'vitest';
import { parseDeclared } from '../../../src/kinds/declared.js';
import { draftOf } from '../../../src/model/draft.js';
import { CONFIG_FILE_ANNOTATION, PRUNE_HELD_ANNOTATION } from '../../../src/model/names.js';
import { openTestApi } from '../test-api.js';
import type { Answer, TestApi } from '../test-api.js';
import { aPolicy, POLICIES } from '../test-policies.js';

let api: TestApi;

const MERGE = { 'content-type': 'application/merge-patch+json' };
const patch = (change: object, query = ''): Promise<Answer> =>
  api.call('PATCH', `${POLICIES}/owned${query}`, { body: change, headers: MERGE });

beforeEach(async () => {
  api = await openTestApi();
  const text = JSON.stringify(aPolicy('owned', { priority: 5 }));
  const [declared] = parseDeclared(text, 'rules/a.yaml').manifests;
  if (declared?.manifest.kind !== 'Policy') throw new Error('Expected a policy');
  await api.registry.create('Policy', draftOf(declared.manifest, { configFile: 'rules/a.yaml' }));
});

describe('a policy that a file declares', () => {
  it.each([
    ['spec', { spec: { priority: 6 } }],
    ['labels', { metadata: { labels: { a: 'b' } } }],
    ['annotations', { metadata: { annotations: { note: 'hi' } } }],
  ])('cannot have its %s changed', async (_part, change) => {
    const { code, body } = await patch(change);
    expect([code, body.reason]).toEqual([409, 'Conflict']);
    expect(body.message).toBe(
      'Policy "owned" is declared in file "rules/a.yaml" of the config directory: change it there',
    );
    expect((await patch(change, '?dryRun=All')).code).toBe(409);
  });

  it('cannot be replaced or deleted, alone or with others', async () => {
    const resourceVersion = api.registry.get('Policy', 'owned')?.object.metadata.resourceVersion;
    const metadata = { name: 'owned', resourceVersion };
    const body = { ...aPolicy('owned', { priority: 6 }), metadata };
    expect((await api.call('PUT', `${POLICIES}/owned`, { body })).code).toBe(409);
    const deleted = await api.call('DELETE', `${POLICIES}/owned`);
    expect([deleted.code, deleted.body.message]).toEqual([
      409,
      'Policy "owned" is declared in file "rules/a.yaml" of the config directory: remove it there',
    ]);
    expect((await api.call('DELETE', POLICIES)).code).toBe(409);
    expect(api.registry.get('Policy', 'owned')?.object.spec.priority).toBe(5);
  });

  it('cannot be let go by its annotation', async () => {
    const annotations = { [CONFIG_FILE_ANNOTATION]: null, [PRUNE_HELD_ANNOTATION]: 'Mine' };
    const { code, body } = await patch({ metadata: { annotations } });
    expect(code).toBe(200);
    expect(body.metadata.annotations).toEqual({ [CONFIG_FILE_ANNOTATION]: 'rules/a.yaml' });
  });

  it('can be written as it is', async () => {
    expect((await patch({ spec: { priority: 5 } })).code).toBe(200);
  });
});

it.each([CONFIG_FILE_ANNOTATION, PRUNE_HELD_ANNOTATION])(
  'no client can say %s of a new policy',
  async (key) => {
    const metadata = { name: 'mine', annotations: { [key]: 'rules/a.yaml' } };
    const { code, body } = await api.call('POST', POLICIES, {
      body: { ...aPolicy('mine'), metadata },
    });
    expect([code, body.reason]).toEqual([422, 'Invalid']);
    expect(body.message).toContain(`metadata.annotations["${key}"]: Forbidden`);
  },
);
