import { expect, test } from 'vitest';
import { plainBooleans } from '../../src/client/boolean-flags.js';

const FLAGS = {
  wait: { type: 'boolean', allowNo: true },
  all: { type: 'boolean' },
  server: { type: 'option' },
} as const;

test.for([
  [['--wait=true'], ['--wait']],
  [['--wait=false'], ['--no-wait']],
  [['--all=false', 'web'], ['web']],
  [
    ['--server=true', '--other=false'],
    ['--server=true', '--other=false'],
  ],
  [
    ['--', '--wait=false'],
    ['--', '--wait=false'],
  ],
  [['--toString=true'], ['--toString=true']],
] as const)('plainBooleans(%j) is %j', ([argv, plain]) => {
  expect(plainBooleans(argv, FLAGS)).toEqual(plain);
});

test('plainBooleans() refuses another value', () => {
  expect(() => plainBooleans(['--all=1'], FLAGS)).toThrow('write true or false');
});
