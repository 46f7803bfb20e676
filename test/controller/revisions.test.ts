import { expect, it } from 'vitest';
import { isReady, startLoop } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';

const revisionsOf = ({ registry }: Loop) =>
  registry
    .list('Revision')
    .items.map(({ object }) => object)
    .toSorted((a, b) => a.spec.number - b.spec.number);

const withValue = (value: string) => ({ env: [{ name: 'A', value }] });

async function change(loop: Loop, spec: Parameters<Loop['apply']>[1]): Promise<void> {
  await loop.apply('web', spec);
  const { generation } = loop.module('web').metadata;
  await loop.until(
    () => isReady(loop.module('web')) && loop.module('web').status.observedGeneration >= generation,
  );
}

it('records each revision once, with what it was made from', async () => {
  const loop = await startLoop();
  await change(loop, withValue('1'));
  await change(loop, withValue('2'));
  await change(loop, { ...withValue('2'), replicas: 2 });
  const revisions = revisionsOf(loop);
  expect(revisions.map(({ spec }) => [spec.number, spec.template.env[0]?.value])).toEqual([
    [1, '1'],
    [2, '2'],
  ]);
  const newest = revisions.at(-1);
  expect(newest?.spec.revision).toBe(loop.module('web').status.currentRevision);
  expect(newest?.metadata.name).toBe(`web-${newest?.spec.revision}`);
  expect(newest?.metadata.ownerReferences).toMatchObject([{ kind: 'Module', name: 'web' }]);
});

it('keeps as many old ones as the module says', async () => {
  const loop = await startLoop();
  for (const value of ['1', '2', '3', '4']) {
    await change(loop, { ...withValue(value), revisionHistoryLimit: 2 });
  }
  expect(revisionsOf(loop).map(({ spec }) => spec.number)).toEqual([2, 3, 4]);
});

it('forgets them with the module', async () => {
  const loop = await startLoop();
  await change(loop, withValue('1'));
  await loop.registry.delete('Module', 'web');
  await loop.until(() => loop.registry.get('Module', 'web') === undefined);
  expect(revisionsOf(loop)).toEqual([]);
});

it('writes nothing of a deleted module that somebody else holds', async () => {
  const loop = await startLoop();
  await change(loop, withValue('1'));
  await loop.registry.update('Module', 'web', (module) => ({
    ...module,
    metadata: {
      ...module.metadata,
      finalizers: [...(module.metadata.finalizers ?? []), 'example.com/hold'],
    },
  }));
  await loop.registry.delete('Module', 'web');
  await loop.until(() => loop.module('web').metadata.finalizers?.length === 1);
  await loop.advance(60_000);
  const { resourceVersion } = loop.registry;
  await loop.advance(120_000);
  expect(loop.registry.resourceVersion).toBe(resourceVersion);
  expect(revisionsOf(loop)).toEqual([]);
});
