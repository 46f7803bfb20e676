import { describe, expect, it } from 'vitest';
import { DEMO, readDemo, withDemo } from './demo.js';
import { JSON_BODY } from './wire-api.js';

describe('replace', () => {
  it('needs the version that it replaces', async () => {
    const wire = await withDemo();
    const current = await readDemo(wire);
    const put = (resourceVersion: string | undefined) =>
      wire.send('PUT', `${DEMO}?fieldManager=kubectl-replace&fieldValidation=Strict`, {
        headers: JSON_BODY,
        body: { ...current, metadata: { ...current.metadata, resourceVersion } },
      });
    expect((await put(undefined)).json).toMatchObject({
      ...{ code: 422, reason: 'Invalid' },
      details: { causes: [{ field: 'metadata.resourceVersion' }] },
    });
    expect((await put('99999')).json).toMatchObject({
      ...{ code: 409, reason: 'Conflict' },
      message: expect.stringContaining('the object has been modified; please apply your changes'),
    });
    expect((await put(current.metadata.resourceVersion)).code).toBe(200);
  });

  it('takes back what client-node makes of a time', async () => {
    const wire = await withDemo();
    const current = await readDemo(wire);
    const creationTimestamp = current.metadata.creationTimestamp.replace('Z', '.000Z');
    const { code, json } = await wire.send('PUT', DEMO, {
      headers: JSON_BODY,
      body: { ...current, metadata: { ...current.metadata, creationTimestamp } },
    });
    expect(code).toBe(200);
    expect(json.metadata).toEqual(current.metadata);
  });
});
