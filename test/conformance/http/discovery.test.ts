import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { ACCEPT, GROUP, wireApi } from './wire-api.js';

const typeOf = (headers: IncomingHttpHeaders): string =>
  (headers['content-type'] ?? '').replaceAll(/[ "]/g, '');

describe('discovery', () => {
  it.each([
    ['discovery', 'v2', 'apidiscovery.k8s.io/v2'],
    ['newerDiscovery', 'v2', 'apidiscovery.k8s.io/v2'],
    ['olderDiscovery', 'v2beta1', 'apidiscovery.k8s.io/v2beta1'],
  ] as const)('%s gets all at once, as %s', async (accept, version, apiVersion) => {
    const { send } = await wireApi();
    for (const path of ['/api', '/apis']) {
      const { code, headers, json } = await send('GET', path, {
        headers: { accept: ACCEPT[accept] },
      });
      expect(code).toBe(200);
      expect(typeOf(headers)).toContain(
        `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
      );
      expect(headers.vary).toMatch(/accept/i);
      expect(json).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion });
    }
  });

  it.each(['futureDiscovery', 'protobufOrJson', 'protobufOrAny'] as const)(
    '%s gets the plain form',
    async (accept) => {
      const { send } = await wireApi();
      const headers = { accept: ACCEPT[accept] };
      expect((await send('GET', '/api', { headers })).json.kind).toBe('APIVersions');
      expect((await send('GET', '/apis', { headers })).json.kind).toBe('APIGroupList');
    },
  );

  it('names the same kinds in both forms', async () => {
    const { send } = await wireApi();
    const { json } = await send('GET', '/apis', { headers: { accept: ACCEPT.discovery } });
    const group = json.items.find(
      ({ metadata }: { metadata: { name: string } }) =>
        metadata.name === 'registrar.synapsis.network',
    );
    const [version] = group.versions;
    const plain = await send('GET', GROUP);
    const mains = plain.json.resources.filter(({ name }: Resource) => !name.includes('/'));
    expect(version).toMatchObject({ version: 'v1', freshness: 'Current' });
    expect(version.resources.map(mainOf)).toEqual(mains.map(plainMainOf));
  });

  it('tells what a module is', async () => {
    const { send } = await wireApi();
    const { json } = await send('GET', GROUP);
    const find = (name: string) => json.resources.find((each: Resource) => each.name === name);
    expect(find('modules')).toMatchObject({
      ...{ singularName: 'module', namespaced: false, kind: 'Module', shortNames: ['mod'] },
      categories: expect.arrayContaining(['all']),
    });
    expect(find('modules').verbs.toSorted()).toEqual([
      'create',
      'delete',
      'deletecollection',
      'get',
      'list',
      'patch',
      'update',
      'watch',
    ]);
    expect(find('modules/scale')).toMatchObject({
      ...{ group: 'autoscaling', version: 'v1', kind: 'Scale' },
    });
    expect(find('revisions').verbs.toSorted()).toEqual(['get', 'list', 'watch']);
  });

  it('the core group has no name', async () => {
    const { send } = await wireApi();
    const { json } = await send('GET', '/api', { headers: { accept: ACCEPT.discovery } });
    expect(json.items).toHaveLength(1);
    expect(json.items[0].metadata.name ?? '').toBe('');
  });

  it.each(['/api', '/apis'])('%s is not sent twice', async (path) => {
    const { send } = await wireApi();
    const accept = ACCEPT.discovery;
    const { headers } = await send('GET', path, { headers: { accept } });
    const again = await send('GET', path, {
      headers: { accept, 'if-none-match': headers.etag },
    });
    expect({ code: again.code, text: again.text }).toEqual({ code: 304, text: '' });
  });

  it('the version parses, and says what Registrar it is', async () => {
    const { send } = await wireApi();
    const { json } = await send('GET', '/version');
    expect(json.gitVersion).toMatch(/^v1\.\d+\.\d+\+registrar\.\d+\.\d+\.\d+$/);
  });

  it.each(['/apis/nope', '/apis/registrar.synapsis.network/v9', '/api/v9'])(
    '%s is 404',
    async (path) => {
      const { send } = await wireApi();
      expect((await send('GET', path)).json).toMatchObject({ code: 404, reason: 'NotFound' });
    },
  );
});

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

interface Aggregated {
  readonly resource: string;
  readonly responseKind: { readonly kind: string };
  readonly scope: string;
  readonly verbs: readonly string[];
}

const mainOf = ({ resource, responseKind, scope, verbs }: Aggregated) => ({
  ...{ name: resource, kind: responseKind.kind, namespaced: scope === 'Namespaced', verbs },
});
const plainMainOf = ({ name, kind, namespaced, verbs }: Resource) => ({
  ...{ name, kind, namespaced, verbs },
});
