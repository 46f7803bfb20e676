import { describe, expect, it } from 'vitest';
import { ACCEPT, MODULES, wireApi } from './wire-api.js';
import type { WireApi } from './wire-api.js';

interface ColumnDefinition {
  readonly name: string;
  readonly priority: number;
}

async function withDemo(): Promise<WireApi> {
  const wire = await wireApi();
  await wire.create('demo', { replicas: 2 });
  return wire;
}

const headers = { accept: ACCEPT.table };

describe('a table', () => {
  it('has the columns of an operator', async () => {
    const { send } = await withDemo();
    const answer = await send('GET', `${MODULES}?limit=500`, { headers });
    const columns: ColumnDefinition[] = answer.json.columnDefinitions;
    const shown = columns.filter(({ priority }) => priority === 0).map(({ name }) => name);
    expect(shown.map((name) => name.toUpperCase())).toEqual(
      'NAME VERSION TYPE PHASE READY RESTARTS COMMIT AGE'.split(' '),
    );
    expect(columns.find(({ name }) => name === 'Image')?.priority).toBeGreaterThan(0);
    expect(answer.json).toMatchObject({
      ...{ kind: 'Table', apiVersion: 'meta.k8s.io/v1' },
      metadata: { resourceVersion: expect.stringMatching(/^\d+$/) },
    });
  });

  it('shows the age as text, and metadata beside the cells', async () => {
    const { send } = await withDemo();
    const { json } = await send('GET', MODULES, { headers });
    const [{ cells, object }] = json.rows;
    const age = json.columnDefinitions.findIndex(({ name }: ColumnDefinition) => name === 'Age');
    expect(cells[0]).toBe('demo');
    expect(cells[age]).toMatch(/^\d+s$/);
    expect(object).toMatchObject({
      ...{ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' },
      metadata: { name: 'demo' },
    });
    expect(object).not.toHaveProperty('spec');
  });

  it('holds whole objects or none when asked to', async () => {
    const { send } = await withDemo();
    const rowOf = async (include: string) =>
      (await send('GET', `${MODULES}?includeObject=${include}`, { headers })).json.rows[0];
    expect((await rowOf('Object')).object).toMatchObject({ kind: 'Module', spec: { replicas: 2 } });
    expect((await rowOf('None')).object ?? null).toBeNull();
    expect((await rowOf('Metadata')).object.kind).toBe('PartialObjectMetadata');
  });

  it('of one object has one row; errors stay what they are', async () => {
    const { send } = await withDemo();
    const one = await send('GET', `${MODULES}/demo`, { headers });
    expect(one.json).toMatchObject({
      kind: 'Table',
      rows: [{ object: { metadata: { name: 'demo' } } }],
    });
    const none = await send('GET', `${MODULES}/nope`, { headers });
    expect(none.json).toMatchObject({ kind: 'Status', code: 404 });
  });

  it('is of the version that was asked for', async () => {
    const { send } = await withDemo();
    const accept = 'application/json;as=Table;v=v1beta1;g=meta.k8s.io';
    const { json } = await send('GET', MODULES, { headers: { accept } });
    expect(json).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1beta1' });
  });

  it.each(['/api/v1/events', '/api/v1/pods', '/api/v1/namespaces'])('%s has one', async (path) => {
    const { send } = await withDemo();
    expect((await send('GET', path, { headers })).json.kind).toBe('Table');
  });
});

it('metadata alone can be listed and read', async () => {
  const { send } = await withDemo();
  const of = (as: string) => ({ accept: `application/json;as=${as};g=meta.k8s.io;v=v1` });
  const list = await send('GET', MODULES, { headers: of('PartialObjectMetadataList') });
  expect(list.json).toMatchObject({
    kind: 'PartialObjectMetadataList',
    items: [{ kind: 'PartialObjectMetadata', metadata: { name: 'demo' } }],
  });
  const one = await send('GET', `${MODULES}/demo`, { headers: of('PartialObjectMetadata') });
  expect(one.json).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'demo' } });
  expect(one.json).not.toHaveProperty('spec');
});
