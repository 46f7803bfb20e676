import { describe, expect, it } from 'vitest';
import { MODULES, openTestApi } from './test-api.js';

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
    expect(await read('/apis')).toEqual({
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [group],
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
          verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
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
          name: 'revisions',
          singularName: 'revision',
          namespaced: false,
          kind: 'Revision',
          verbs: ['get', 'list', 'watch'],
          shortNames: ['rev'],
          categories: ['registrar'],
        },
      ],
    });
  });

  it('lists what can only be read', async () => {
    const verbs = ['get', 'list', 'watch'];
    expect(await read('/api/v1')).toMatchObject({
      groupVersion: 'v1',
      resources: [
        { name: 'events', namespaced: true, verbs },
        { name: 'namespaces', namespaced: false, verbs },
        { name: 'pods', namespaced: true, verbs },
      ],
    });
  });

  it('answers clients that would rather have another form, with this one', async () => {
    const api = await openTestApi();
    const accept =
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    for (const path of ['/api', '/apis', MODULES]) {
      expect((await api.call('GET', path, { headers: { accept } })).code).toBe(200);
    }
  });
});
