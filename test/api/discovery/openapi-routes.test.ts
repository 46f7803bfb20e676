import { describe, expect, it } from 'vitest';
import { openTestApi } from '../test-api.js';

const GROUP_PATH = 'apis/registrar.synapsis.network/v1';
const PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

describe('OpenAPI', () => {
  it('has an index whose addresses change with the documents', async () => {
    const api = await openTestApi();
    const { paths } = (await api.call('GET', '/openapi/v3')).body;
    expect(Object.keys(paths).toSorted()).toEqual(['api/v1', GROUP_PATH]);
    expect(paths[GROUP_PATH].serverRelativeURL).toMatch(
      /^\/openapi\/v3\/apis\/registrar\.synapsis\.network\/v1\?hash=[0-9A-F]{64}$/,
    );
  });

  it('lets a client keep what it asks for by its hash', async () => {
    const api = await openTestApi();
    const { paths } = (await api.call('GET', '/openapi/v3')).body;
    const url = paths[GROUP_PATH].serverRelativeURL;
    const { body, headers } = await api.call('GET', url);
    expect(body.openapi).toBe('3.0.0');
    expect(headers['cache-control']).toBe('public, immutable');
    expect(Date.parse(String(headers['expires']))).toBeGreaterThan(Date.now());
    expect(headers['etag']).toBe(`"${url.split('=')[1]}"`);
  });

  it.each(['', '?hash=00', '?hash=%00'])('asks it to come again with "%s"', async (query) => {
    const api = await openTestApi();
    const { code, headers } = await api.call('GET', `/openapi/v3/${GROUP_PATH}${query}`);
    expect([code, headers['cache-control']]).toEqual([200, 'no-cache, private']);
    const etag = String(headers['etag']);
    const again = { headers: { 'if-none-match': etag } };
    expect((await api.call('GET', `/openapi/v3/${GROUP_PATH}`, again)).code).toBe(304);
  });

  it('describes every kind with the schema that validates it', async () => {
    const api = await openTestApi();
    const ours = (await api.call('GET', `/openapi/v3/${GROUP_PATH}`)).body.components.schemas;
    const { spec } = ours['network.synapsis.registrar.v1.Module'].properties;
    expect(spec.properties.type.enum).toContain('miner');
    expect(ours).toHaveProperty(['network.synapsis.registrar.v1.Revision']);
    const core = (await api.call('GET', '/openapi/v3/api/v1')).body.components.schemas;
    expect(Object.keys(core)).toContain('io.k8s.api.core.v1.Pod');
    expect(Object.keys(core)).toContain('io.k8s.api.core.v1.EventList');
  });

  it.each([PROTOBUF, PROTOBUF.replace('@', '.'), `${PROTOBUF},application/json`])(
    'gives a client that asks for %s the five bytes that it can live with',
    async (accept) => {
      const api = await openTestApi();
      const { code, headers, text } = await api.call('GET', '/openapi/v2', { headers: { accept } });
      expect([code, text]).toEqual([200, '\n\u00032.0']);
      expect(headers['content-type']).toBe(
        'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
      );
    },
  );

  it.each(['application/json', '*/*', `application/json,${PROTOBUF}`])(
    'gives a client that asks for %s a small Swagger document',
    async (accept) => {
      const api = await openTestApi();
      const { body } = await api.call('GET', '/openapi/v2', { headers: { accept } });
      expect(body).toMatchObject({ swagger: '2.0', paths: {} });
    },
  );
});
