import { describe, expect, it } from 'vitest';
import { JSON_BODY, MODULES, wireApi } from './wire-api.js';
import type { WireApi } from './wire-api.js';

/** As client libraries send it. */
const removeAll = ({ send }: WireApi, query: string) =>
  send('DELETE', `${MODULES}${query}`, {
    headers: JSON_BODY,
    body: { propagationPolicy: 'Background' },
  });

describe('delete of a collection', () => {
  it('hits what the selector selects and answers with it', async () => {
    const wire = await wireApi();
    for (const name of ['one', 'two', 'three']) {
      await wire.create(name, {}, { labels: { odd: name === 'two' ? 'no' : 'yes' } });
    }
    const { code, json } = await removeAll(wire, '?labelSelector=odd%3Dyes');
    expect(code).toBe(200);
    expect(json.kind).toBe('ModuleList');
    expect(json.items.map(({ metadata }: Named) => metadata.name)).toEqual(['one', 'three']);
    const { json: after } = await wire.send('GET', MODULES);
    const left = after.items.filter(({ metadata }: Named) => !metadata.deletionTimestamp);
    expect(left.map(({ metadata }: Named) => metadata.name)).toEqual(['two']);
  });

  it('as a dry run deletes nothing', async () => {
    const wire = await wireApi();
    await wire.create('demo');
    expect((await removeAll(wire, '?dryRun=All')).code).toBe(200);
    expect((await wire.send('GET', `${MODULES}/demo`)).json.metadata).not.toHaveProperty(
      'deletionTimestamp',
    );
  });
});

interface Named {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
}
