import { expect, it } from 'vitest';
import { Undo } from '../../src/lib/undo.js';

it('Undo ends what was started, last first, each once', async () => {
  const undo = new Undo();
  const ended: string[] = [];
  undo.push(() => ended.push('store'));
  undo.push(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    ended.push('server');
  });
  await undo.run();
  await undo.run();
  expect(ended).toEqual(['server', 'store']);
});
