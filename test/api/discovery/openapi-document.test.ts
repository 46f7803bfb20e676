import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../src/api/discovery/openapi-document.js';
import { ModuleSchema } from '../../../src/model/module.js';

const GROUP = 'registrar.synapsis.network';
const BASE = `/apis/${GROUP}/v1`;
const NAME = 'network.synapsis.registrar.v1.Module';

const gvk = (kind: string) => ({ group: GROUP, version: 'v1', kind });

const MODULE = {
  ...gvk('Module'),
  description: 'A program that runs',
  schema: ModuleSchema,
  plural: 'modules',
  namespaced: false,
  verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: [
    { name: 'status', type: gvk('Module') },
    { name: 'scale', type: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
  ],
};
const EVENT = {
  ...{ group: '', version: 'v1', kind: 'Event', description: 'What happened' },
  ...{ schema: { type: 'object', properties: {} }, plural: 'events', namespaced: true },
  ...{ verbs: ['get', 'list', 'watch'], subresources: [] },
};

// oxlint-disable-next-line typescript/no-explicit-any
const document = openApiDocument(BASE, [MODULE], '0.1.0') as any;
const { schemas } = document.components;

const refs = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref);

describe('the OpenAPI document of a group version', () => {
  it('has what kubectl explain looks for', () => {
    const { patch } = document.paths[`${BASE}/modules/{name}`];
    expect(patch).toMatchObject({
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': gvk('Module'),
    });
    const names = patch.parameters.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['dryRun', 'fieldManager', 'fieldValidation', 'force']);
    expect(schemas[NAME]['x-kubernetes-group-version-kind']).toEqual([gvk('Module')]);
  });

  it('has one operation for each verb, and no other', () => {
    const operations = Object.fromEntries(
      Object.entries<object>(document.paths).map(([path, methods]) => [
        path.slice(BASE.length),
        Object.keys(methods).filter((key) => key !== 'parameters'),
      ]),
    );
    expect(operations).toEqual({
      '/modules': ['get', 'post', 'delete'],
      '/modules/{name}': ['get', 'put', 'patch', 'delete'],
      '/modules/{name}/status': ['get', 'put', 'patch'],
      '/modules/{name}/scale': ['get', 'put', 'patch'],
    });
    const scale = document.paths[`${BASE}/modules/{name}/scale`].get;
    expect(scale['x-kubernetes-group-version-kind'].kind).toBe('Scale');
  });

  it('names its operations once each', () => {
    const ids = [...JSON.stringify(document).matchAll(/"operationId":"(\w+)"/g)].map(
      ([, id]) => id,
    );
    expect(ids).toContain('listModule');
    expect(ids).toContain('patchModuleStatus');
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers only to schemas that are in it', () => {
    const known = Object.keys(schemas).map((name) => `#/components/schemas/${name}`);
    expect(refs(document).filter((ref) => !known.includes(ref))).toEqual([]);
  });

  it('gives every object the metadata that all kinds share', () => {
    const { metadata, spec, apiVersion } = schemas[NAME].properties;
    expect(metadata).toEqual({
      allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }],
      default: {},
      description: 'Standard object metadata',
    });
    expect(apiVersion).toEqual({ type: 'string', description: 'Group and version of the kind' });
    expect(schemas[NAME].required).toEqual(['spec']);
    expect(spec.properties.replicas).toMatchObject({
      ...{ type: 'integer', default: 1 },
      description: 'How many containers run',
    });
  });

  it('has the paths of a namespaced kind in one namespace and in all', () => {
    const { paths } = openApiDocument('/api/v1', [EVENT], '0.1.0');
    expect(Object.keys(paths as object)).toEqual([
      '/api/v1/events',
      '/api/v1/namespaces/{namespace}/events',
      '/api/v1/namespaces/{namespace}/events/{name}',
    ]);
  });
});
