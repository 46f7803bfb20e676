import { describe, expect, it } from 'vitest';
import { openTestApi } from '../test-api.js';

const read = async (path: string): Promise<unknown> => {
  const api = await openTestApi();
  const { code, body } = await api.call('GET', path);
  expect(code).toBe(200);
  return body as unknown;
};

const GROUP_VERSION = { groupVersion: 'registrar.synapsis.network/v1', version: 'v1' };

describe('discovery', () => {
  it('has a version that Kubernetes clients can parse', async () => {
    expect(await read('/version')).toMatchObject({
      major: '1',
      minor: '32',
      gitVersion: 'v1.32.0+registrar.0.1.0',
    });
  });

  it('lists the groups', async () => {
    const group = {
      name: 'registrar.synapsis.network',
      versions: [GROUP_VERSION],
      preferredVersion: GROUP_VERSION,
    };
    expect(await read('/api')).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    expect(await read('/apis')).toMatchObject({
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: expect.arrayContaining([group, expect.objectContaining({ name: 'metrics.k8s.io' })]),
    });
    expect(await read('/apis/registrar.synapsis.network')).toEqual({
      kind: 'APIGroup',
      apiVersion: 'v1',
      ...group,
    });
  });

  it('lists modules with what can be done to them', async () => {
    expect(await read('/apis/registrar.synapsis.network/v1')).toEqual({
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: 'registrar.synapsis.network/v1',
      resources: [
        {
          name: 'modules',
          singularName: 'module',
          namespaced: false,
          kind: 'Module',
          verbs: [
            ...['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
          ],
          shortNames: ['mod'],
          categories: ['all', 'registrar'],
        },
        {
          name: 'modules/status',
          singularName: '',
          namespaced: false,
          kind: 'Module',
          verbs: ['get', 'patch', 'update'],
        },
        {
          name: 'modules/scale',
          singularName: '',
          namespaced: false,
          group: 'autoscaling',
          version: 'v1',
          kind: 'Scale',
          verbs: ['get', 'patch', 'update'],
        },
        {
          name: 'modulesets',
          singularName: 'moduleset',
          namespaced: false,
          kind: 'ModuleSet',
          verbs: [
            ...['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
          ],
          shortNames: ['mset'],
          categories: ['all', 'registrar'],
        },
        {
          name: 'modulesets/status',
          singularName: '',
          namespaced: false,
          kind: 'ModuleSet',
          verbs: ['get', 'patch', 'update'],
        },
        {
          name: 'modulesets/scale',
          singularName: '',
          namespaced: false,
          group: 'autoscaling',
          version: 'v1',
          kind: 'Scale',
          verbs: ['get', 'patch', 'update'],
        },
        {
          name: 'policies',
          singularName: 'policy',
          namespaced: false,
          kind: 'Policy',
          verbs: [
            ...['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
          ],
          shortNames: ['pol'],
          categories: ['registrar'],
        },
        {
          name: 'revisions',
          singularName: 'revision',
          namespaced: false,
          kind: 'Revision',
          verbs: ['get', 'list', 'watch'],
          shortNames: ['rev'],
          categories: ['registrar'],
        },
        {
          name: 'rollouts',
          singularName: 'rollout',
          namespaced: false,
          kind: 'Rollout',
          verbs: ['get', 'list', 'watch'],
          shortNames: ['ro'],
          categories: ['registrar'],
        },
        {
          name: 'reports',
          singularName: 'report',
          namespaced: false,
          kind: 'Report',
          verbs: ['get', 'list', 'watch'],
          shortNames: ['vr'],
          categories: ['registrar'],
        },
        {
          name: 'moduleversions',
          singularName: 'moduleversion',
          namespaced: false,
          kind: 'ModuleVersion',
          verbs: ['get', 'list', 'watch'],
          shortNames: ['mv'],
          categories: ['registrar'],
        },
        {
          name: 'secrets',
          singularName: 'secret',
          namespaced: false,
          kind: 'Secret',
          verbs: [
            ...['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
          ],
        },
        {
          name: 'tokens',
          singularName: 'token',
          namespaced: false,
          kind: 'Token',
          verbs: [
            ...['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
          ],
        },
      ],
    });
  });

  it('lists what can only be read', async () => {
    const verbs = ['get', 'list', 'watch'];
    expect(await read('/api/v1')).toMatchObject({
      groupVersion: 'v1',
      resources: [
        { name: 'events', namespaced: true, verbs: ['create', ...verbs] },
        { name: 'namespaces', namespaced: false, verbs },
        { name: 'pods', namespaced: true, verbs },
        { name: 'pods/exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
        { name: 'pods/log', singularName: '', kind: 'Pod', namespaced: true, verbs: ['get'] },
        { name: 'services', namespaced: true, verbs: ['list'] },
      ],
    });
  });

  it.each(['/version/', '/apis/', '/api/v1/', '/apis/registrar.synapsis.network/v1/'])(
    'takes %s with a slash at the end',
    async (path) => {
      expect(await read(path)).toEqual(await read(path.slice(0, -1)));
    },
  );

  it('lists no form that nothing serves', async () => {
    const api = await openTestApi();
    expect((await api.call('GET', '/apis/example.com')).code).toBe(404);
    expect((await api.call('GET', '/apis/registrar.synapsis.network/v2')).code).toBe(404);
  });

  it('is sent again only when it changed', async () => {
    const api = await openTestApi();
    for (const path of ['/api', '/apis', '/apis/registrar.synapsis.network/v1', '/version']) {
      const { headers } = await api.call('GET', path);
      const etag = String(headers['etag']);
      const known = await api.call('GET', path, { headers: { 'if-none-match': `"x", W/${etag}` } });
      expect([known.code, known.text, known.headers['etag']]).toEqual([304, '', etag]);
      const other = await api.call('GET', path, { headers: { 'if-none-match': '"x"' } });
      expect(other.code).toBe(200);
    }
  });
});

describe('discovery in one answer', () => {
  const accepting = (...versions: string[]) => {
    const forms = versions.map(
      (version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    );
    return { headers: { accept: [...forms, 'application/json'].join(',') } };
  };

  it('tells the same as the plain form', async () => {
    const api = await openTestApi();
    const { body, headers } = await api.call('GET', '/apis', accepting('v2', 'v2beta1'));
    const type = String(headers['content-type']).replaceAll(/["\s]/g, '').split(';');
    expect(type).toEqual(
      expect.arrayContaining(['g=apidiscovery.k8s.io', 'v=v2', 'as=APIGroupDiscoveryList']),
    );
    expect(headers['vary']).toBe('Accept');
    expect(body).toMatchObject({
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
    });
    const [group] = body.items;
    expect(group.metadata).toEqual({
      name: 'registrar.synapsis.network',
      creationTimestamp: null,
    });
    const [version] = group.versions;
    const responseKind = { group: 'registrar.synapsis.network', version: 'v1', kind: 'Module' };
    const verbs = ['get', 'patch', 'update'];
    const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
    expect(version).toMatchObject({ version: 'v1', freshness: 'Current' });
    expect(version.resources[0]).toMatchObject({
      resource: 'modules',
      responseKind,
      scope: 'Cluster',
      singularResource: 'module',
      shortNames: ['mod'],
      categories: ['all', 'registrar'],
      subresources: [
        { subresource: 'status', responseKind, verbs },
        { subresource: 'scale', responseKind: scale, verbs },
      ],
    });
  });

  it('has the core group without a name', async () => {
    const api = await openTestApi();
    const { body } = await api.call('GET', '/api', accepting('v2'));
    expect(body.items[0].metadata.name).toBe('');
    const [events] = body.items[0].versions[0].resources;
    expect(events).toMatchObject({ resource: 'events', scope: 'Namespaced' });
    expect(events).not.toHaveProperty('subresources');
  });

  it('has an older version for older clients', async () => {
    const api = await openTestApi();
    const { body } = await api.call('GET', '/apis', accepting('v2beta1'));
    expect(body.apiVersion).toBe('apidiscovery.k8s.io/v2beta1');
  });

  it.each([
    accepting('v9'),
    { headers: { accept: 'application/vnd.kubernetes.protobuf' } },
    { headers: { accept: 'text/html' } },
  ])('is the plain form for a client that takes nothing else: %j', async (options) => {
    const api = await openTestApi();
    const { code, body } = await api.call('GET', '/apis', options);
    expect([code, body.kind]).toEqual([200, 'APIGroupList']);
  });
});
