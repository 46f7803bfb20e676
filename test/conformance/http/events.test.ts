import { describe, expect, it } from 'vitest';
import { watched } from '../wire.js';
import { ACCEPT, EVENTS, JSON_BODY, wireApi } from './wire-api.js';
import type { WireApi } from './wire-api.js';

const IN_DEFAULT = '/api/v1/namespaces/default/events';
const MODULE_TYPE = 'involvedObject.apiVersion=registrar.synapsis.network/v1';

/** A module with an event, as the controller records it; resolves to its uid. */
async function withEvent(): Promise<WireApi & { readonly uid: string }> {
  const wire = await wireApi();
  const { uid } = (await wire.create('demo')).json.metadata;
  await wire.api.registry.recordEvent({
    ...{ type: 'Normal', reason: 'Started', message: 'Started it' },
    about: { kind: 'Module', apiVersion: 'registrar.synapsis.network/v1', name: 'demo', uid },
  });
  return { ...wire, uid };
}

const selecting = (path: string, ...fields: readonly string[]): string =>
  `${path}?fieldSelector=${encodeURIComponent(fields.join(','))}&limit=500`;

describe('events', () => {
  it('as kubectl describe asks for them', async () => {
    const { send, uid } = await withEvent();
    const { json } = await send(
      'GET',
      selecting(
        EVENTS,
        ...['involvedObject.uid=' + uid, 'involvedObject.name=demo'],
        ...['involvedObject.namespace=', 'involvedObject.kind=Module'],
      ),
    );
    expect(json.items).toHaveLength(1);
    const [event] = json.items;
    expect(event).toMatchObject({
      ...{ kind: 'Event', apiVersion: 'v1', reason: 'Started', type: 'Normal', count: 1 },
      metadata: { namespace: 'default', name: expect.stringMatching(/^demo\./) },
      involvedObject: { kind: 'Module', name: 'demo', uid },
      source: { component: 'registrar' },
      ...{ reportingComponent: 'registrar', firstTimestamp: expect.any(String) },
      ...{ lastTimestamp: expect.any(String), eventTime: null },
    });
    expect(event.involvedObject).not.toHaveProperty('namespace');
  });

  it('as kubectl events --for asks for them', async () => {
    const { send } = await withEvent();
    const fields = ['involvedObject.kind=Module', MODULE_TYPE, 'involvedObject.name=demo'];
    const headers = { accept: ACCEPT.protobufOrJson };
    const { json } = await send('GET', selecting(IN_DEFAULT, ...fields), { headers });
    expect(json).toMatchObject({ kind: 'EventList', items: [{ reason: 'Started' }] });
  });

  it('as kubectl events --watch asks for them: what there is, then what comes', async () => {
    const { connection } = await withEvent();
    const events = await watched(connection, `${IN_DEFAULT}?watch=true&timeoutSeconds=1`);
    expect(events.map(({ type, object }) => `${type} ${object.reason}`)).toEqual(['ADDED Started']);
  });

  it('as kubectl get events asks for them', async () => {
    const { send } = await withEvent();
    const { json } = await send('GET', selecting(IN_DEFAULT, 'involvedObject.name=demo'), {
      headers: { accept: ACCEPT.table },
    });
    const names = json.columnDefinitions.map(({ name }: { name: string }) => name);
    expect(names.slice(0, 5)).toEqual(['Last Seen', 'Type', 'Reason', 'Object', 'Message']);
    expect(json.rows[0].cells).toEqual(expect.arrayContaining(['Normal', 'Started', 'Started it']));
  });

  it.each([
    ['reason=Started,type=Normal', 1],
    ['reason!=Started', 0],
    ['metadata.namespace=default', 1],
    ['source=registrar', 1],
    ['reportingComponent=registrar', 1],
  ])('with %s are %d', async (fields, count) => {
    const { send } = await withEvent();
    expect((await send('GET', selecting(EVENTS, fields))).json.items).toHaveLength(count);
  });

  it('are taken from programs that record them', async () => {
    const { send } = await withEvent();
    const { code, json } = await send('POST', IN_DEFAULT, {
      headers: JSON_BODY,
      body: {
        ...{ kind: 'Event', apiVersion: 'v1', metadata: { generateName: 'demo.' } },
        ...{ reason: 'Seen', message: 'By a program', type: 'Normal' },
        involvedObject: {
          ...{ kind: 'Module', apiVersion: 'registrar.synapsis.network/v1', name: 'demo' },
        },
      },
    });
    expect(code, JSON.stringify(json)).toBe(201);
    expect((await send('GET', selecting(EVENTS, 'reason=Seen'))).json.items).toHaveLength(1);
  });
});

describe('namespaces', () => {
  it.each(['/api/v1/namespaces/default', '/api/v1/namespaces'])('%s', async (path) => {
    const { send } = await wireApi();
    const { json } = await send('GET', path);
    const [namespace] = json.items ?? [json];
    expect(namespace).toMatchObject({ kind: 'Namespace', metadata: { name: 'default' } });
  });
});
