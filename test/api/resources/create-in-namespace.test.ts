import { expect, it } from 'vitest';
import { openTestApi } from '../test-api.js';

const anEvent = (metadata: object) => ({
  ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: 'web.1', ...metadata } },
  involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'web-0' },
  ...{ type: 'Normal', reason: 'Seen', message: 'Somebody saw it' },
});

async function post(namespace: string, metadata: object = {}) {
  const api = await openTestApi();
  const url = `/api/v1/namespaces/${namespace}/events`;
  return api.call('POST', url, { body: anEvent(metadata) });
}

it.each([{}, { namespace: 'default' }, { namespace: '' }])(
  'an object with %j is made in the namespace of its path',
  async (metadata) => {
    const { code, body } = await post('default', metadata);
    expect([code, body.metadata.namespace]).toEqual([201, 'default']);
  },
);

it('a namespace that there is not takes none', async () => {
  const { code, body } = await post('elsewhere');
  expect([code, body.message]).toEqual([404, 'namespaces "elsewhere" not found']);
});

it('an object of another namespace is refused', async () => {
  const { code, body } = await post('default', { namespace: 'elsewhere' });
  expect(code).toBe(400);
  expect(body.message).toContain('does not match the namespace on the URL (default)');
});
