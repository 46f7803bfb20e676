import { expect, test } from 'vitest';
import { kekBy } from '../../src/client/kek-settings.js';

test('the key comes from a file, a variable that is taken away, or a command', () => {
  expect(kekBy(undefined, {})).toBeUndefined();
  expect(kekBy(undefined, { REGISTRAR_KEK: '' })).toBeUndefined();
  const env = { REGISTRAR_KEK: 's3cr3t', PATH: '/bin' };
  expect(kekBy(undefined, env)).toEqual({
    ...{ kind: 'variable', name: 'REGISTRAR_KEK', keys: 's3cr3t' },
  });
  expect(env).toEqual({ PATH: '/bin' });
  expect(kekBy('["pass", "show", "a b"]', {})).toEqual({
    ...{ kind: 'command', argv: ['pass', 'show', 'a b'] },
  });
});

test.each(['', 'pass show', '[]', '[""]', '[1]', '{"a":1}', '"pass"'])(
  'the command %s is refused',
  (command) => {
    expect(() => kekBy(command, {})).toThrow('Cannot read --kek-command');
  },
);

test('both at once are refused without a quote', () => {
  expect(() => kekBy('["pass"]', { REGISTRAR_KEK: 's3cr3t' })).toThrow(/^(?!.*s3cr3t).*twice/);
});
