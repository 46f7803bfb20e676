import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { MODULE_TYPES } from '../../src/model/module.js';
import { runCli } from '../helpers/cli.js';
import type { Ran } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/git-repository.js';
import type { Files } from '../helpers/git-repository.js';
import { GOOD_FILES } from '../helpers/verifying.js';
import { aWorkTree } from '../helpers/work-tree.js';

const FILES: Files = {
  ...GOOD_FILES,
  Dockerfile: [
    'FROM python:3.12-slim',
    'EXPOSE 8091 9000/udp',
    'VOLUME ["/data/state"]',
    'USER 10001',
    'HEALTHCHECK --interval=15s CMD ["python", "/app/health.py"]',
    'CMD ["python", "/app/main.py"]',
    '',
  ].join('\n'),
  'README.md': '# Echo\n\nAnswers **every** challenge.\n',
  'package.json': JSON.stringify({ name: '@example/echo-miner', author: 'Ada <ada@example.org>' }),
  '.env.example': 'NETUID=17\nAPI_KEY=\n',
};

/** A clone whose origin is one that a daemon would fetch from. */
function echo(files: Files = FILES) {
  const tree = aWorkTree(files);
  tree.git('tag', 'v1.4.2');
  tree.git('remote', 'set-url', 'origin', 'https://user:secret@git.example.org/echo.git');
  return tree;
}

/** Runs `registrar init` in a folder of its own. */
async function runInit(...args: string[]): Promise<Ran & { cwd: string; place: string }> {
  const [cwd, place] = [temporaryFolder('cwd'), temporaryFolder('place')];
  return { ...(await runCli(['init', ...args], { cwd, env: { TMPDIR: place } })), cwd, place };
}

describe('init', () => {
  test('writes what it finds, says where it is from and what is left, and it verifies', async () => {
    const { path, commit } = echo();
    const ran = await runInit(path, '--type', 'miner');
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    const text = readFileSync(join(ran.cwd, 'echo-miner.yaml'), 'utf8');
    expect(parse(text)).toEqual({
      apiVersion: 'registrar.synapsis.network/v1',
      kind: 'Module',
      metadata: { name: 'echo-miner' },
      spec: {
        ...{ version: '1.4.2', type: 'miner', license: 'MIT' },
        source: { repoUrl: 'https://git.example.org/echo.git', branch: 'v1.4.2' },
        description: 'Answers every challenge.',
        author: 'Ada <ada@example.org>',
        env: [{ name: 'NETUID', value: '17' }],
        ports: [
          { name: 'tcp-8091', containerPort: 8091 },
          { name: 'udp-9000', containerPort: 9000, protocol: 'UDP' },
        ],
        volumes: [{ name: 'data-state', mountPath: '/data/state' }],
        resources: { memory: '512Mi', cpus: '1.0', pids: 256 },
        healthCheck: { exec: { command: ['python', '/app/health.py'] }, intervalSeconds: 15 },
        securityContext: { runAsUser: 10001 },
      },
    });
    expect(text).toContain(`# Drafted by "registrar init" from https://git.example.org/echo.git`);
    expect(text).toContain(`commit ${commit}`);
    expect(text).toContain('  version: 1.4.2 # from tag v1.4.2\n');
    expect(text).toContain('  license: MIT # from LICENSE\n');
    expect(text).toContain('# - Set API_KEY in spec.env; .env.example leaves it open\n');
    expect(text).not.toContain('secret');
    expect(ran.stderr).toContain('Wrote echo-miner.yaml\nTo do:\n  Set API_KEY in spec.env');
    expect(ran.stderr).toContain(`Next: registrar verify -f echo-miner.yaml --path ${path}`);
    expect(readdirSync(ran.place)).toEqual([]);
    const verified = await runCli(['verify', '-f', 'echo-miner.yaml', '--path', path], ran);
    expect(verified.code).toBe(0);
  });

  test('fetches a repository that is named by its URL, and keeps nothing of it', async () => {
    const { url } = aWorkTree(FILES);
    const ran = await runInit(url, '--type', 'miner', '--version', '2.0.0', '--output', '-');
    expect(ran.code).toBe(0);
    expect(parse(ran.stdout)).toMatchObject({
      metadata: { name: 'echo-miner' },
      spec: { version: '2.0.0', source: { repoUrl: url, branch: 'main' } },
    });
    expect(ran.stdout).toContain('  version: 2.0.0 # from --version\n');
    expect(ran.stderr).toContain('manifest/repository-scheme');
    expect([readdirSync(ran.place), readdirSync(ran.cwd)]).toEqual([[], []]);
  });

  test('names the flags for what it cannot find', async () => {
    const tree = aWorkTree({ Dockerfile: 'FROM a:1\n' });
    const ran = await runInit(tree.path, '--name', 'web');
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain('say --type and --version and --license and --repo-url');
    expect(readdirSync(ran.cwd)).toEqual([]);
  });

  test.for([
    [['--name', 'No Name'], 'Cannot use --name: expected lower-case letters'],
    [['--version', '1.x'], 'Cannot use --version: expected a semantic version'],
    [['--license', 'MITT'], 'Cannot use --license: expected an SPDX'],
    [['--repo-url', 'ext::sh -c x'], 'Cannot use --repo-url: Cannot use repository "ext::sh -c x"'],
    [['--branch', '--upload-pack=x'], 'Cannot use --branch: Cannot use branch'],
    [['--dockerfile', '../Dockerfile'], 'There is no file "../Dockerfile"'],
  ] as const)('%s is refused', async ([args, message]) => {
    const { path } = echo();
    const ran = await runInit(path, '--type', 'miner', ...args);
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(message);
    expect(readdirSync(ran.cwd)).toEqual([]);
  });

  test('writes over no file unless it is told to', async () => {
    const { path } = echo();
    const file = join(temporaryFolder('out'), 'mine.yaml');
    writeFileSync(file, 'mine');
    const args = [path, '--type', 'miner', '--output', file];
    const ran = await runInit(...args);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(`File "${file}" exists; name another one with --output`);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await runInit(...args, '--force')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('name: echo-miner');
  });

  test('wants to know which of several Dockerfiles is meant, unless one is at the top', async () => {
    const several = { 'a/Dockerfile': 'FROM a:1\n', 'b/Dockerfile': 'FROM b:1\nEXPOSE 1\n' };
    const tree = echo({ ...several, LICENSE: GOOD_FILES['LICENSE'] ?? '' });
    const ran = await runInit(tree.path, '--type', 'miner');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('say --dockerfile with one of a/Dockerfile, b/Dockerfile');
    const args = [tree.path, '--type', 'miner', '--dockerfile', 'b/Dockerfile', '--output', '-'];
    const { spec } = parse((await runInit(...args)).stdout);
    expect(spec).toMatchObject({ source: { path: 'b' }, ports: [{ containerPort: 1 }] });
    const inside = await runInit(join(tree.path, 'b'), '--type', 'miner', '--output', '-');
    expect(parse(inside.stdout).spec.source.path).toBe('b');
  });

  test.for([
    ['a folder without a Dockerfile', { 'a.txt': '' }, 'There is no Dockerfile in'],
    ['a folder that is none', undefined, 'There is no folder "'],
  ] as const)('%s is refused', async ([, files, message]) => {
    const path = files === undefined ? '/nowhere' : aWorkTree(files).path;
    const ran = await runInit(path, '--type', 'miner');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(message);
  });

  test('takes no origin that git would run something for', async () => {
    const tree = echo();
    const canary = join(temporaryFolder('canary'), 'ran');
    tree.git('remote', 'set-url', 'origin', `ext::sh -c touch% ${canary}`);
    const ran = await runInit(tree.path, '--type', 'miner');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('say --repo-url');
    expect(existsSync(canary)).toBe(false);
  });

  test('offers exactly the types that modules have', async () => {
    const { stdout } = await runCli(['init', '--help']);
    const options = /--type=<option>[^<]*<options: ([a-z|\s]+)>/.exec(stdout)?.[1] ?? '';
    expect(options.replaceAll(/\s/g, '').split('|').toSorted()).toEqual(MODULE_TYPES.toSorted());
  });
});

describe('in a terminal', () => {
  const ENTRY = fileURLToPath(new URL('../../bin/registrar', import.meta.url));

  /** Runs a command in a terminal; types each answer when its question is there. */
  async function typing(command: string, cwd: string, answers: readonly [RegExp, string][]) {
    const { PATH = '' } = process.env;
    const line = `stty cols 200; '${process.execPath}' '${ENTRY}' ${command}`;
    const child = spawn('script', ['-qec', line, '/dev/null'], {
      ...{ cwd, env: { PATH, TERM: 'xterm' } },
    });
    const left = [...answers];
    let shown = '';
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      const [next] = left;
      if (next === undefined || !next[0].test(shown)) return;
      left.shift();
      child.stdin.write(next[1]);
    });
    const [code] = (await once(child, 'close')) as [number];
    return { code, shown };
  }

  test('it asks for what it cannot find, and no more', async () => {
    const { path } = aWorkTree(FILES);
    const cwd = temporaryFolder('cwd');
    const { code } = await typing(`init ${path} --repo-url https://git.example.org/a.git`, cwd, [
      [/What does it do in its subnet/, '\u001B[B\r'],
      [/Which version is it/, '3.1.0\r'],
    ]);
    expect(code).toBe(0);
    const { spec } = parse(readFileSync(join(cwd, 'echo-miner.yaml'), 'utf8'));
    expect(spec).toMatchObject({ type: 'validator', version: '3.1.0' });
  });

  test('who stops gets no file', async () => {
    const { path } = echo();
    const cwd = temporaryFolder('cwd');
    const { code, shown } = await typing(`init ${path}`, cwd, [[/What does it do/, '\u0003']]);
    expect(code).toBe(1);
    expect(shown).toContain('Nothing was written');
    expect(readdirSync(cwd)).toEqual([]);
  });
});
