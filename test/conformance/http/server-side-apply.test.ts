import { describe, expect, it } from 'vitest';
import { aModule } from '../../api/test-api.js';
import { APPLY_PATCH, JSON_PATCH, MERGE_PATCH, MODULES, wireApi } from './wire-api.js';
import type { WireApi } from './wire-api.js';

const DEMO = `${MODULES}/demo`;
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const TWO = {
  replicas: 2,
  env: [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ],
};
const THREE = { replicas: 3, env: [{ name: 'A', value: '1' }] };

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly fieldsV1: Readonly<Record<string, unknown>>;
}

/** As kubectl apply --server-side sends it. */
const apply = (
  { send }: WireApi,
  body: object | string,
  query = 'fieldManager=kubectl&force=false',
) => send('PATCH', `${DEMO}?fieldValidation=Strict&${query}`, { headers: APPLY_PATCH, body });

const read = async ({ send }: WireApi) => (await send('GET', DEMO)).json;

const managersOf = (json: { metadata: { managedFields: Entry[] } }): string[] =>
  json.metadata.managedFields.map(({ manager, operation }) => `${manager} ${operation}`).toSorted();

describe('server-side apply', () => {
  it('creates what is missing, 201, and changes it after that, 200', async () => {
    const wire = await wireApi();
    const first = await apply(wire, aModule('demo', TWO));
    expect({ code: first.code, replicas: first.json.spec.replicas }).toEqual({
      ...{ code: 201, replicas: 2 },
    });
    const [entry] = first.json.metadata.managedFields;
    expect(entry).toMatchObject({
      ...{ manager: 'kubectl', operation: 'Apply', fieldsType: 'FieldsV1' },
      apiVersion: 'registrar.synapsis.network/v1',
      fieldsV1: {
        'f:spec': {
          'f:replicas': {},
          'f:env': { 'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
        },
      },
    });
    expect((await apply(wire, aModule('demo', THREE))).code).toBe(200);
    expect((await read(wire)).spec.env).toEqual(THREE.env);
  });

  it('takes YAML too', async () => {
    const wire = await wireApi();
    const yaml = `apiVersion: registrar.synapsis.network/v1
kind: Module
metadata: { name: demo }
spec: { version: 1.0.0, type: miner, license: MIT, image: "sample:1" }
`;
    expect((await apply(wire, yaml)).code).toBe(201);
  });

  it('of the same again stores nothing', async () => {
    const wire = await wireApi();
    const first = await apply(wire, aModule('demo', TWO));
    const again = await apply(wire, aModule('demo', TWO));
    expect(again.json).toEqual(first.json);
  });

  it('by another manager conflicts where the values differ, unless it is forced', async () => {
    const wire = await wireApi();
    await apply(wire, aModule('demo', THREE));
    const { json } = await apply(wire, aModule('demo', TWO), 'fieldManager=other&force=false');
    expect(json).toMatchObject({
      ...{ code: 409, reason: 'Conflict' },
      message: 'Apply failed with 1 conflict: conflict with "kubectl": .spec.replicas',
      details: {
        causes: [
          {
            ...{ reason: 'FieldManagerConflict', field: '.spec.replicas' },
            message: 'conflict with "kubectl"',
          },
        ],
      },
    });
    const forced = await apply(wire, aModule('demo', TWO), 'fieldManager=other&force=true');
    expect(forced.json.spec.replicas).toBe(2);
  });

  it('conflicts with what was changed by hand, and names who did', async () => {
    const wire = await wireApi();
    await apply(wire, aModule('demo', TWO));
    await wire.send('PATCH', `${DEMO}?fieldManager=kubectl-patch`, {
      ...{ headers: MERGE_PATCH, body: { spec: { replicas: 7 } } },
    });
    const { json } = await apply(wire, aModule('demo', TWO));
    expect(json.details.causes).toEqual([
      {
        ...{ reason: 'FieldManagerConflict', field: '.spec.replicas' },
        message: 'conflict with "kubectl-patch" using registrar.synapsis.network/v1',
      },
    ]);
  });

  it.each([
    ['no manager', 'force=false', {}, 422],
    ['a manager of 129 characters', `fieldManager=${'m'.repeat(129)}`, {}, 422],
    ['managedFields', 'fieldManager=me', { managedFields: [{}] }, 400],
    ['another uid', 'fieldManager=me', { uid: 'x' }, 409],
    ['an old version', 'fieldManager=me', { resourceVersion: '99999' }, 409],
    ['another name', 'fieldManager=me', { name: 'other' }, 400],
  ])('with %s is refused', async (_what, query, metadata, code) => {
    const wire = await wireApi();
    await apply(wire, aModule('demo', TWO));
    const { json } = await apply(wire, aModule('demo', TWO, metadata), query);
    expect(json).toMatchObject({ kind: 'Status', code });
  });

  it('as a dry run shows what it would do', async () => {
    const wire = await wireApi();
    await apply(wire, aModule('demo', TWO));
    const query = 'fieldManager=kubectl&force=false&dryRun=All';
    const { json } = await apply(wire, aModule('demo', THREE), query);
    expect(json.spec).toMatchObject(THREE);
    expect((await read(wire)).spec).toMatchObject(TWO);
  });

  it('of a status is kept apart', async () => {
    const wire = await wireApi();
    await apply(wire, aModule('demo', TWO));
    const body = { ...TYPE, metadata: { name: 'demo' }, status: { phase: 'Failed' } };
    const { code, json } = await wire.send('PATCH', `${DEMO}/status?fieldManager=me&force=true`, {
      ...{ headers: APPLY_PATCH, body },
    });
    expect(code).toBe(200);
    expect(json.metadata.managedFields).toContainEqual(
      expect.objectContaining({ manager: 'me', operation: 'Apply', subresource: 'status' }),
    );
  });
});

const TYPE = { apiVersion: 'registrar.synapsis.network/v1', kind: 'Module' };

/** The four requests of kubectl, in its order. */
it('takes over from client-side apply', async () => {
  const wire = await wireApi();
  const annotations = { [LAST_APPLIED]: JSON.stringify(aModule('demo', TWO)) };
  await wire.send('POST', `${MODULES}?fieldManager=kubectl-client-side-apply`, {
    ...{ body: aModule('demo', TWO, { annotations }) },
  });
  expect((await apply(wire, aModule('demo', THREE))).code).toBe(200);
  const kept = { ...TYPE, metadata: { name: 'demo', annotations } };
  const query = 'fieldManager=kubectl-last-applied&force=false';
  expect((await apply(wire, kept, query)).code).toBe(200);
  const { metadata } = await read(wire);
  const entries: Entry[] = metadata.managedFields;
  const before = entries.find(({ manager }) => manager === 'kubectl-client-side-apply');
  const managedFields = entries
    .filter((entry) => entry !== before)
    .map((entry) =>
      entry.manager === 'kubectl' ? { ...entry, fieldsV1: before?.fieldsV1 } : entry,
    );
  const migrated = await wire.send('PATCH', DEMO, {
    headers: JSON_PATCH,
    body: [
      { op: 'replace', path: '/metadata/managedFields', value: managedFields },
      { op: 'replace', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
    ],
  });
  expect(migrated.code, migrated.text).toBe(200);
  const last = await apply(wire, aModule('demo', THREE));
  expect(managersOf(last.json)).not.toContain('kubectl-client-side-apply Update');
  expect(last.json.spec).toMatchObject(THREE);
});
