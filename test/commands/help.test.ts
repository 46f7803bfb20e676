import { beforeAll, expect, test } from 'vitest';
import { runCli } from '../helpers/cli.js';

const COMMANDS = [
  'apply',
  'get',
  'describe',
  'diff',
  'verify',
  'init',
  'delete',
  'logs',
  'top',
  'trust',
  'graph',
  'search',
  'versions',
  'pull',
  'yank',
  'deprecate',
  'events',
  'audit',
  'api-resources',
  'wait',
  'scale',
  'rollout status',
  'rollout history',
  'rollout undo',
  'rollout restart',
  'rollout pause',
  'rollout resume',
  'rollout unquarantine',
  'restart',
  'suspend',
  'resume',
  'backup',
  'restore',
  'adopt',
  'config',
  'config confirm-prune',
  'doctor',
  'gc',
  'engine accept',
  'kubeconfig',
  'token create',
  'token list',
  'token rotate',
  'token revoke',
  'secret create',
  'secret set',
  'secret import',
  'secret list',
  'secret delete',
  'secret rotate-keys',
  'schema',
  'version',
  'daemon',
] as const;

const INTRODUCTION = `# Commands

What \`registrar COMMAND --help\` prints, kept equal by a test.

Results go to standard output, progress and warnings to standard error. A command exits with 0 when
all of it worked and with 1 when anything did not; \`diff\` and \`verify\` exit with 0, 1 or 2. Colours
and the spinner appear in a terminal only. \`restart\` is \`rollout restart\` for short.
`;

const helps = new Map<string, string>();

beforeAll(async () => {
  for (const command of COMMANDS) {
    const args = [...command.split(' '), '--help'];
    const { stdout } = await runCli(args, { env: { OCLIF_COLUMNS: '100' } });
    helps.set(command, stdout.replace(/ +$/gm, '').trim());
  }
});

test('docs/cli.md shows the help of every command', async () => {
  const sections = [...helps].map(
    ([command, help]) => `\n## registrar ${command}\n\n\`\`\`text\n${help}\n\`\`\`\n`,
  );
  await expect(INTRODUCTION + sections.join('')).toMatchFileSnapshot('../../docs/cli.md');
});

test('the list of commands has no other', async () => {
  const { stdout } = await runCli(['--help']);
  const [, list = ''] = stdout.split('COMMANDS\n');
  const listed = [...list.matchAll(/^ {2}([a-z-]+) {2}/gm)].map(([, name]) => name);
  const known = COMMANDS.filter((name) => !name.includes(' '));
  expect(listed).toEqual(known.toSorted());
});

test('each command comes with two examples', () => {
  for (const [command, help] of helps) {
    const [, examples = ''] = help.split('\nEXAMPLES\n');
    expect(examples.match(/^ {2}\$ registrar /gm), command).toHaveLength(2);
  }
});
