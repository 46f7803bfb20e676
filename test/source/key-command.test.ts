import { expect, test } from 'vitest';
import { keysFromCommand } from '../../src/source/key-command.js';
import { messageOf } from '../helpers/code-of.js';

const env = { PATH: process.env['PATH'] };

test('what a command prints is taken as it is, and no shell looks at its words', async () => {
  const text = await keysFromCommand(['printf', '%s', '$(id) `id` > /dev/null'], { env });
  expect(text).toBe('$(id) `id` > /dev/null');
});

test.each([
  ['ends badly', ['sh', '-c', 'echo s3cr3t; echo s3cr3t >&2; exit 3'], 'it ended with code 3'],
  ['takes too long', ['sh', '-c', 'echo s3cr3t; exec sleep 60'], 'it took too long'],
  ['writes too much', ['sh', '-c', 'yes s3cr3t'], 'it wrote more than 4096 bytes'],
  ['is not there', ['no-such-program', 's3cr3t'], 'it cannot be run (ENOENT)'],
] as const)('a command that %s is told of without what it wrote', async (_what, argv, why) => {
  const message = await messageOf(keysFromCommand(argv, { env, timeoutMs: 500 }));
  expect(message).toContain(why);
  expect(message).not.toContain('s3cr3t');
});
