import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { folderOf, startCli } from '../helpers/cli.js';
import type { Files } from '../helpers/git-repository.js';
import { temporaryFolder } from '../helpers/git-repository.js';
import { manifestOf } from '../helpers/manifests.js';
import { anSshKey } from '../helpers/signing.js';
import type { SigningKey } from '../helpers/signing.js';
import { builtFrom, GOOD_FILES, GOOD_MANIFEST, policyOf, runVerify } from '../helpers/verifying.js';
import { aWorkTree } from '../helpers/work-tree.js';
import type { WorkTree } from '../helpers/work-tree.js';

const FILES: Files = { ...GOOD_FILES, 'registrar.yaml': GOOD_MANIFEST };
/** Made up, and of the form that GitHub gives out. */
const TOKEN = ['ghp', 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5'].join('_');

describe('verify --path', () => {
  test('checks the files of a work tree with the manifest in it', async () => {
    const { path, commit } = aWorkTree(FILES);
    const ran = await runVerify(['--path', '.'], { cwd: path });
    expect(ran.code).toBe(0);
    expect(ran.stdout).not.toContain('blocks');
    expect(ran.stdout).toMatch(/^warns +medium +dockerfile\/base-digest +Dockerfile:1 /m);
    expect(ran.stderr).toContain(
      `Looked at 5 files in "${path}" that git does not ignore, as in commit ${commit}`,
    );
    expect(readdirSync(ran.place)).toEqual([]);
  });

  test('takes files that are not committed yet, and none that git ignores', async () => {
    const tree = aWorkTree({ ...FILES, '.gitignore': 'ignored/\n' });
    tree.write('ignored/settings.py', `TOKEN = "${TOKEN}"\n`);
    expect(await runVerify(['--path', tree.path])).toMatchObject({ code: 0 });
    tree.write('src/settings.py', `# new\nTOKEN = "${TOKEN}"\n`);
    const ran = await runVerify(['--path', tree.path]);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/^blocks +\w+ +tree\/\S+ +src\/settings\.py:2 /m);
    expect(ran.stdout).not.toContain(TOKEN);
    expect(ran.stderr).toContain('with changes since commit');
  });

  test('checks all of a folder that is in no repository', async () => {
    const cwd = folderOf({ ...(FILES as Record<string, string>), 'src/a.py': `T = "${TOKEN}"\n` });
    const ran = await runVerify(['--path', '.'], { cwd });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('src/a.py:1');
    expect(ran.stderr).toContain('which is no git repository');
  });

  test('takes all of the repository that the folder is part of', async () => {
    const manifest = builtFrom('https://git.example.org/web.git').replace(
      '.git" }',
      '.git", path: web }',
    );
    const inside = Object.entries(GOOD_FILES).map(([name, content]) => [`web/${name}`, content]);
    const tree = aWorkTree({ ...Object.fromEntries(inside), 'web/module.yaml': manifest } as Files);
    tree.write('other/key.py', `T = "${TOKEN}"\n`);
    const ran = await runVerify(['--path', join(tree.path, 'web')]);
    expect(ran.stdout).toMatch(/^warns .* web\/Dockerfile:1 /m);
    expect(ran.stdout).toContain('other/key.py:1');
    const other = await runVerify(['--path', 'web', '-f', 'web/module.yaml'], { cwd: tree.path });
    expect(other.stdout).toBe(ran.stdout);
  });

  test('says where fields of the manifest stand, from the top of the work tree', async () => {
    const bad = '  ports: [{ name: http, containerPort: 80, hostPort: 80 }]\n';
    const manifest = builtFrom('https://git.example.org/a.git', bad);
    const { path } = aWorkTree({ ...GOOD_FILES, 'deploy/web.yaml': manifest });
    const ran = await runVerify(['--path', path, '-f', join(path, 'deploy/web.yaml')]);
    expect(ran.stdout).toContain(' deploy/web.yaml:11 spec.ports[0].hostPort ');
  });
});

describe('the manifest in a folder', () => {
  const module = GOOD_MANIFEST;

  test.for([
    ['is registrar.yaml', { 'registrar.yaml': module, 'other.yaml': manifestOf('other') }, 0, ''],
    ['is the only one', { 'web.yml': module, 'compose.yaml': 'services: {}\n' }, 0, ''],
    ['may be missing', { 'compose.yaml': 'kind: Module\n' }, 2, 'There is no manifest of a module'],
    ['is chosen by the user', { 'a.yaml': module, 'b.yaml': module }, 2, 'such as "a.yaml", "b.y'],
    ['may be broken', { 'a.yaml': `${module}  replicas: many\n` }, 2, 'a.yaml:11:3: spec.replicas'],
  ] as const)('%s', async ([, files, code, message]) => {
    const { path } = aWorkTree({ ...GOOD_FILES, ...files });
    const ran = await runVerify(['--path', path]);
    expect(ran.stderr).toContain(message);
    expect(ran.code).toBe(code);
  });
});

describe('the signature of the commit', () => {
  let key: SigningKey;
  beforeEach(() => {
    key = anSshKey();
  });
  const check = async (path: string) => {
    const spec = `{ signers: [{ name: ada, sshKey: "${key.publicKey.trim()}" }] }`;
    const cwd = folderOf({ 'policy.yaml': policyOf('signed', spec) });
    const { code, stdout } = await runVerify(['--path', path, '--policy', 'policy.yaml'], { cwd });
    return { code, row: /^.* commit\/signature .*$/m.exec(stdout)?.[0].replaceAll(/ +/g, ' ') };
  };

  test('is checked against the signers of the policy', async () => {
    const signed = aWorkTree(FILES, { sign: key.sign });
    expect(await check(signed.path)).toEqual({ code: 0, row: undefined });
    const unsigned = aWorkTree(FILES);
    expect(await check(unsigned.path)).toEqual({
      code: 1,
      row: `blocks critical commit/signature The commit is not signed: ${unsigned.commit.slice(0, 12)}`,
    });
    const other = aWorkTree(FILES, { sign: anSshKey().sign });
    expect((await check(other.path)).row).toContain('a key that the policy does not know');
  });

  test.for([
    ['a changed file', (tree: WorkTree): void => tree.write('greeting.txt', 'Hi\n')],
    ['a new file', (tree: WorkTree): void => tree.write('new.txt', '')],
    ['a missing file', (tree: WorkTree): void => void tree.git('rm', 'greeting.txt')],
    [
      'a file that became a program',
      (tree: WorkTree): void => chmodSync(join(tree.path, 'greeting.txt'), 0o755),
    ],
  ] as const)('says nothing of %s', async ([, change]) => {
    const tree = aWorkTree(FILES, { sign: key.sign });
    change(tree);
    expect(await check(tree.path)).toEqual({
      code: 1,
      row: 'blocks critical commit/signature could not look: The files are not those of the commit; commit the changes first',
    });
  });

  test('is missing where there is no commit', async () => {
    expect((await check(folderOf(FILES as Record<string, string>))).row).toContain(
      'could not look: The folder has no commit',
    );
  });
});

describe('a hostile work tree', () => {
  test('has nothing run that its configuration names', async () => {
    const tree = aWorkTree({ ...FILES, '.gitattributes': '* filter=evil diff=evil\n' });
    const canary = join(temporaryFolder('canary'), 'ran');
    const evil = `touch ${canary}`;
    for (const name of [
      ...['core.fsmonitor', 'core.pager', 'core.sshCommand', 'core.askPass', 'core.editor'],
      ...['filter.evil.clean', 'filter.evil.smudge', 'filter.evil.process', 'diff.evil.command'],
      ...[
        'diff.evil.textconv',
        'diff.external',
        'gpg.program',
        'gpg.ssh.program',
        'alias.ls-files',
      ],
      ...['uploadpack.packObjectsHook', 'credential.helper', 'core.alternateRefsCommand'],
    ])
      tree.git('config', name, evil);
    tree.git('config', 'core.hooksPath', temporaryFolder('hooks'));
    tree.write('.git/hooks/post-index-change', `#!/bin/sh\n${evil}\n`);
    tree.write('greeting.txt', 'changed\n');
    const ran = await runVerify(['--path', tree.path]);
    expect(ran.code).toBe(0);
    expect(existsSync(canary)).toBe(false);
  });

  test('that git cannot read is not taken for one without findings', async () => {
    const cwd = folderOf({ ...(FILES as Record<string, string>), '.git/config': 'nothing' });
    const ran = await runVerify(['--path', '.'], { cwd });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/^blocks +critical +\d+ checks +could not look: Cannot look at /m);
  });

  test('writes no control characters with the names of its files', async () => {
    const tree = aWorkTree(FILES);
    tree.write('a\u001B[2J\u202E.py', `T = "${TOKEN}"\n`);
    const ran = await runVerify(['--path', tree.path]);
    expect(ran.stdout).toContain('a?[2J?.py:1');
    for (const hidden of ['\u001B', '\u202E'])
      expect(ran.stdout + ran.stderr).not.toContain(hidden);
  });

  test('is done with in spite of pipes and repositories in it', async () => {
    const tree = aWorkTree(FILES);
    execFileSync('mkfifo', [join(tree.path, 'requirements.txt')]);
    tree.git('init', '--quiet', join(tree.path, 'nested'));
    const ran = await runVerify(['--path', tree.path]);
    // Git does not list a pipe.
    expect(ran.stderr).toContain('Looked at 6 files');
    const cwd = folderOf(FILES as Record<string, string>);
    execFileSync('mkfifo', [join(cwd, 'requirements.txt')]);
    const whole = await runVerify(['--path', '.'], { cwd });
    expect(whole.stdout).toMatch(/^\w+ +\w+ +tree\/special-files +requirements\.txt /m);
  });
});

describe('a scanner that is installed', () => {
  const scanner = (script: string) => {
    const bin = folderOf({ trivy: `#!/bin/sh\n${script}\n` });
    chmodSync(join(bin, 'trivy'), 0o755);
    return { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  };
  const found = {
    SchemaVersion: 2,
    Results: [
      {
        Target: 'requirements.txt',
        Vulnerabilities: [
          {
            ...{ VulnerabilityID: 'CVE-2021-44228', PkgName: 'aiohttp', Severity: 'CRITICAL' },
            ...{ InstalledVersion: '3.8.0', FixedVersion: '3.9.4' },
          },
        ],
      },
    ],
  };

  test('is asked about the dependencies of a folder', async () => {
    const { path } = aWorkTree({ ...FILES, 'requirements.txt': 'aiohttp==3.8.0\n' });
    const env = scanner(`[ "$1" = --version ] && echo 1.2.3 || echo '${JSON.stringify(found)}'`);
    const ran = await runVerify(['--path', path], { env });
    expect(ran.stdout).toMatch(
      /^warns +high +tree\/vulnerabilities +requirements\.txt +aiohttp 3\.8\.0 has CVE-2021-44228/m,
    );
  });

  test('is ended, and all temporary files removed, when the command is', async () => {
    const { path } = aWorkTree({ ...FILES, 'requirements.txt': 'aiohttp==3.8.0\n' });
    const place = temporaryFolder('place');
    const sign = join(temporaryFolder('sign'), 'started');
    const env = { ...scanner(`touch ${sign}; exec sleep 600`), TMPDIR: place };
    const child = startCli(['verify', '--path', path], { env });
    while (!existsSync(sign)) await sleep(20);
    expect(readdirSync(place)).not.toEqual([]);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([null, 'SIGINT']);
    expect(readdirSync(place)).toEqual([]);
  });
});
