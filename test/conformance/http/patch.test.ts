import { describe, expect, it } from 'vitest';
import { DEMO, readDemo, withDemo } from './demo.js';
import { JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, wireApi } from './wire-api.js';

describe('patch', () => {
  it('that changes nothing keeps the version', async () => {
    const wire = await withDemo();
    const before = await readDemo(wire);
    for (const body of [{ spec: { replicas: 2 } }, { status: { phase: 'Failed' } }]) {
      const { json } = await wire.send('PATCH', DEMO, { headers: MERGE_PATCH, body });
      expect(json).toEqual(before);
    }
  });

  it('of labels keeps the generation, of the spec raises it', async () => {
    const wire = await withDemo();
    const patch = async (body: object) =>
      (await wire.send('PATCH', DEMO, { headers: MERGE_PATCH, body })).json.metadata.generation;
    expect(await patch({ metadata: { labels: { tier: 'x' }, annotations: { note: 'hi' } } })).toBe(
      1,
    );
    expect(await patch({ spec: { replicas: 4 } })).toBe(2);
  });

  it('in JSON is done whole or not at all', async () => {
    const wire = await withDemo();
    const patch = (value: number) =>
      wire.send('PATCH', `${DEMO}?fieldManager=kubectl-patch`, {
        headers: JSON_PATCH,
        body: [
          { op: 'replace', path: '/spec/replicas', value: 5 },
          { op: 'test', path: '/spec/version', value: `${value}.0.0` },
        ],
      });
    const refused = (await patch(9)).json;
    expect(refused).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(refused.details?.causes ?? []).toEqual([]);
    expect((await readDemo(wire)).spec.replicas).toBe(2);
    expect((await patch(1)).json.spec.replicas).toBe(5);
  });

  it('of the strategic kind is 415, with what to send instead', async () => {
    const wire = await withDemo();
    const { json } = await wire.send('PATCH', DEMO, { headers: STRATEGIC_PATCH, body: {} });
    expect(json).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
    for (const type of [JSON_PATCH, MERGE_PATCH]) {
      expect(json.message).toContain(type['content-type']);
    }
  });

  it.each([
    ['another name', { metadata: { name: 'other' } }, 400],
    ['another uid', { metadata: { uid: 'other' } }, 409],
    ['an old version', { metadata: { resourceVersion: '99999' } }, 409],
    ['an invalid value', { spec: { replicas: -8 } }, 422],
  ])('with %s is %#', async (_what, body, code) => {
    const wire = await withDemo();
    expect((await wire.send('PATCH', DEMO, { headers: MERGE_PATCH, body })).code).toBe(code);
  });

  it('of a missing object is 404', async () => {
    const { send } = await wireApi();
    expect((await send('PATCH', DEMO, { headers: MERGE_PATCH, body: {} })).code).toBe(404);
  });
});
