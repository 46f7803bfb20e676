import { describe, expect, it } from 'vitest';
import { aModule } from '../../api/test-api.js';
import { DEMO, readDemo, withDemo } from './demo.js';
import { JSON_BODY, MERGE_PATCH, MODULES } from './wire-api.js';

describe('dryRun=All', () => {
  it('answers as if, and stores nothing', async () => {
    const wire = await withDemo();
    const before = await wire.send('GET', MODULES);
    const { code, json } = await wire.send('POST', `${MODULES}?dryRun=All&fieldValidation=Strict`, {
      ...{ headers: JSON_BODY, body: aModule('fin') },
    });
    expect({ code, name: json.metadata.name }).toEqual({ code: 201, name: 'fin' });
    expect(json.metadata.uid).toEqual(expect.any(String));
    expect((await wire.send('GET', MODULES)).text).toBe(before.text);
  });

  it('as kubectl diff does it, with a version as a precondition', async () => {
    const wire = await withDemo();
    const { metadata } = await readDemo(wire);
    const diff = (resourceVersion: string) =>
      wire.send('PATCH', `${DEMO}?dryRun=All&fieldManager=kubectl-client-side-apply`, {
        headers: MERGE_PATCH,
        body: { metadata: { resourceVersion }, spec: { replicas: 3 } },
      });
    expect((await diff(metadata.resourceVersion)).json.spec.replicas).toBe(3);
    expect((await diff('99999')).json).toMatchObject({ code: 409, reason: 'Conflict' });
    expect((await readDemo(wire)).spec.replicas).toBe(2);
  });

  it('with any other value is 422', async () => {
    const wire = await withDemo();
    const { json } = await wire.send('PATCH', `${DEMO}?dryRun=Some`, {
      ...{ headers: MERGE_PATCH, body: {} },
    });
    expect(json).toMatchObject({ code: 422, reason: 'Invalid' });
  });
});
