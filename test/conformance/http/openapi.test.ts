import { describe, expect, it } from 'vitest';
import { ACCEPT, GROUP, wireApi } from './wire-api.js';

describe('OpenAPI', () => {
  it('v2 in protobuf is an empty document', async () => {
    const { send } = await wireApi();
    const { code, headers, text } = await send('GET', '/openapi/v2', {
      headers: { accept: ACCEPT.openapi },
    });
    expect({ code, bytes: Buffer.from(text).toString('hex') }).toEqual({
      ...{ code: 200, bytes: '0a03322e30' },
    });
    expect(headers['content-type']).toMatch(
      /^application\/com\.github\.proto-openapi\.spec\.v2[.@]v1\.0\+protobuf/,
    );
  });

  it('v2 in JSON is a Swagger document', async () => {
    const { send } = await wireApi();
    expect((await send('GET', '/openapi/v2')).json).toMatchObject({ swagger: '2.0' });
  });

  it('the index leads to a document that never changes', async () => {
    const { send } = await wireApi();
    const index = await send('GET', '/openapi/v3');
    for (const path of [GROUP.slice(1), 'api/v1']) {
      const { serverRelativeURL } = index.json.paths[path];
      expect(serverRelativeURL).toMatch(new RegExp(`^/openapi/v3/${path}\\?hash=\\w+$`));
      const { code, headers, json } = await send('GET', serverRelativeURL);
      expect({ code, openapi: json.openapi }).toEqual({ code: 200, openapi: '3.0.0' });
      expect(headers['cache-control']).toMatch(/public.*immutable/);
      expect(headers).toMatchObject({ etag: expect.any(String), expires: expect.any(String) });
    }
  });

  it('the index is not sent twice', async () => {
    const { send } = await wireApi();
    const { headers } = await send('GET', '/openapi/v3');
    const again = await send('GET', '/openapi/v3', {
      headers: { 'if-none-match': headers.etag },
    });
    expect(again.code).toBe(304);
  });

  it('says what a module is and that the server checks fields', async () => {
    const { send } = await wireApi();
    const { json } = await send('GET', `/openapi/v3${GROUP}`);
    const type = { group: 'registrar.synapsis.network', version: 'v1', kind: 'Module' };
    const { patch } = json.paths[`${GROUP}/modules/{name}`];
    expect(patch['x-kubernetes-group-version-kind']).toEqual(type);
    expect(patch.parameters.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['fieldValidation', 'dryRun', 'fieldManager']),
    );
    const module = Object.values<Schema>(json.components.schemas).find((schema) =>
      schema['x-kubernetes-group-version-kind']?.some(({ kind }) => kind === 'Module'),
    );
    expect(Object.keys(module?.properties ?? {})).toEqual(
      expect.arrayContaining(['apiVersion', 'kind', 'metadata', 'spec', 'status']),
    );
  });

  it('a group that does not exist is 404', async () => {
    const { send } = await wireApi();
    expect((await send('GET', '/openapi/v3/apis/nope/v1')).json.code).toBe(404);
  });
});

interface Schema {
  readonly properties?: object;
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly kind: string }[];
}
