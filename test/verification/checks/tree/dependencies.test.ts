import { describe, expect, test } from 'vitest';
import { aBuilt } from '../../../helpers/built.js';
import { findings } from '../../../helpers/trees.js';

const npm = (fields: object): string => JSON.stringify(fields, undefined, 2);
const withDependency = npm({ dependencies: { left: '^1.0.0' } });

describe('tree/lock-files', () => {
  test.each([
    ['package.json', withDependency],
    ['pyproject.toml', '[project]\ndependencies = ["torch>=2"]\n'],
    ['pyproject.toml', '[tool.poetry.dependencies]\ntorch = "^2"\n'],
    ['Pipfile', '[packages]\ntorch = "*"\n'],
    ['Cargo.toml', '[package]\nname = "a"\n[[bin]]\nname = "a"\n'],
    ['go.mod', 'module a\nrequire b v1.0.0\n'],
    ['Gemfile', "gem 'rails'\n"],
    ['miner/package.json', withDependency],
  ])('misses the one of %s', async (path, text) => {
    expect(await findings('tree/lock-files', { [path]: text })).toEqual([
      expect.stringMatching(new RegExp(`^${path}: There is no lock file, such as `)),
    ]);
  });

  test.each([
    [{ 'package.json': withDependency, 'package-lock.json': '{}' }],
    [{ 'package.json': withDependency, 'yarn.lock': '' }],
    [{ 'apps/a/package.json': withDependency, 'pnpm-lock.yaml': '' }],
    [{ 'package.json': npm({ name: 'a' }) }],
    [{ 'pyproject.toml': '[project]\ndependencies = ["a"]', 'uv.lock': '' }],
    [{ 'pyproject.toml': '[project]\ndependencies = ["a"]', 'requirements.txt': 'a==1' }],
    [{ 'pyproject.toml': '[tool.ruff]\nline-length = 100\n' }],
    [{ 'pyproject.toml': '[project]\ndependencies = []\n' }],
    [{ 'Cargo.toml': '[package]\n', 'src/main.rs': '', 'Cargo.lock': '' }],
    [{ 'Cargo.toml': '[package]\nname = "library"\n', 'src/lib.rs': '' }],
    [{ 'go.mod': 'module a\n' }],
    [{ 'go.mod': 'require a v1', 'go.sum': '' }],
  ])('has nothing against %j', async (tree) => {
    expect(await findings('tree/lock-files', tree)).toEqual(['passed']);
  });

  test('of a program in Rust by its main file', async () => {
    const tree = { 'Cargo.toml': '[package]\n', 'src/main.rs': '' };
    expect(await findings('tree/lock-files', tree)).toHaveLength(1);
  });

  test('goes by the folder that is built, without what others keep there', async () => {
    const tree = {
      ...{ 'package.json': withDependency, 'miner/node_modules/a/package.json': withDependency },
      ...{ 'miner/tests/package.json': withDependency, 'miner/go.mod': 'module a\n' },
    };
    const manifest = aBuilt({}, 'miner');
    expect(await findings('tree/lock-files', tree, { manifest })).toEqual(['passed']);
    expect(await findings('tree/lock-files', tree)).toHaveLength(1);
  });

  test('has nothing to look at without dependencies', async () => {
    expect(await findings('tree/lock-files', { 'a.sh': '' })).toEqual([
      expect.stringMatching(/^notApplicable/),
    ]);
  });

  test('is not verified for a package.json that cannot be read', async () => {
    expect(await findings('tree/lock-files', { 'package.json': '{' })).toEqual([
      'notVerified: "package.json" is no JSON',
    ]);
  });
});

describe('tree/pinned-requirements', () => {
  test.each([
    'torch',
    'torch>=2.0',
    'torch~=2.1',
    'torch[cuda]<3,>=2',
    'git+https://github.com/a/b.git@main',
    'torch ; python_version < "3.12"',
  ])('wants a version of %s', async (text) => {
    const found = await findings('tree/pinned-requirements', {
      'requirements.txt': `a==1\n${text}\n`,
    });
    expect(found).toEqual([expect.stringMatching(/^requirements\.txt:2: ".*" is not pinned/)]);
  });

  test.each([
    'torch==2.1.0',
    'torch[cuda] == 2.1.0 ; python_version < "3.12"',
    'torch===2.1.0',
    `torch>=2 \\\n    --hash=sha256:${'a'.repeat(64)}`,
    `b @ git+https://github.com/a/b.git@${'0a'.repeat(20)}`,
    `https://a.example/b.whl#sha256=${'b'.repeat(64)}`,
    '-r other.txt',
    '--index-url https://a.example',
    '-e .',
    './local',
    '# torch',
    '',
  ])('takes %s', async (text) => {
    const tree = { 'requirements.txt': `${text}\n` };
    expect(await findings('tree/pinned-requirements', tree)).toEqual(['passed']);
  });

  test.each(['requirements-dev.txt', 'requirements/base.txt', 'gpu-requirements.txt'])(
    'looks at %s',
    async (path) => {
      expect(await findings('tree/pinned-requirements', { [path]: 'torch' })).toHaveLength(1);
    },
  );
});

describe('tree/install-scripts', () => {
  test('finds what npm runs by itself', async () => {
    const text = npm({ scripts: { test: 'a', preinstall: 'b', postinstall: 'c' } });
    expect(await findings('tree/install-scripts', { 'package.json': text })).toEqual([
      'package.json:4: npm install runs its script "preinstall"',
      'package.json:5: npm install runs its script "postinstall"',
    ]);
  });

  test.each([{ scripts: { build: 'a', prepublishOnly: 'b' } }, { scripts: 7 }, {}])(
    'has nothing against %j',
    async (fields) => {
      const tree = { 'package.json': npm(fields) };
      expect(await findings('tree/install-scripts', tree)).toEqual(['passed']);
    },
  );
});

describe('tree/remote-dependencies', () => {
  const commit = '0a'.repeat(20);

  test.each([
    'git+https://github.com/a/b.git',
    'git+ssh://git@github.com/a/b.git#main',
    'github:a/b',
    'a/b',
    'a/b#v1.0.0',
    'https://a.example/b.tgz',
    `http://a.example/b.git#${commit}`,
  ])('finds %s in package.json', async (version) => {
    const tree = { 'package.json': npm({ dependencies: { b: version } }) };
    expect(await findings('tree/remote-dependencies', tree)).toHaveLength(1);
  });

  test.each(['^1.0.0', 'latest', 'npm:other@1.0.0', 'workspace:*', 'file:../b', `a/b#${commit}`])(
    'takes %s in package.json',
    async (version) => {
      const tree = { 'package.json': npm({ dependencies: { b: version } }) };
      expect(await findings('tree/remote-dependencies', tree)).toEqual(['passed']);
    },
  );

  test.each([
    ['requirements.txt', 'git+https://github.com/a/b.git@main'],
    ['requirements.txt', 'b @ https://a.example/b.whl'],
    ['pyproject.toml', 'b = { git = "https://github.com/a/b.git", branch = "main" }'],
    ['Cargo.toml', 'b = { git = "https://github.com/a/b" }'],
  ])('finds it in %s: %s', async (path, text) => {
    expect(await findings('tree/remote-dependencies', { [path]: text })).toHaveLength(1);
  });

  test.each([
    ['requirements.txt', `git+https://github.com/a/b.git@${commit}`],
    ['requirements.txt', '--index-url https://a.example/simple'],
    ['requirements.txt', 'torch==2.1.0'],
    ['pyproject.toml', `b = { git = "https://github.com/a/b.git", rev = "${commit}" }`],
    ['pyproject.toml', 'url = "https://a.example/simple"'],
    ['pyproject.toml', 'homepage = "https://a.example"'],
    ['Cargo.toml', 'repository = "https://github.com/a/b"'],
  ])('takes it in %s: %s', async (path, text) => {
    expect(await findings('tree/remote-dependencies', { [path]: text })).toEqual(['passed']);
  });

  test('does not show a login in an address', async () => {
    const login = ['git+https://ada:', 'pass1234word', '@git.example/a.git'].join('');
    const [found] = await findings('tree/remote-dependencies', { 'requirements.txt': login });
    expect(found).toContain('git+https://***@git.example/a.git');
  });
});

describe('tree/package-indexes', () => {
  test.each([
    ['requirements.txt', '--extra-index-url https://a.example/simple', 'two indexes'],
    ['pip.conf', '[global]\nextra-index-url = https://a.example', 'two indexes'],
    ['requirements.txt', '--trusted-host a.example', 'certificate'],
    ['.npmrc', 'strict-ssl=false', 'certificate'],
    ['.npmrc', 'registry=http://a.example/', 'without encryption'],
    ['requirements.txt', '--index-url http://a.example/simple', 'without encryption'],
  ])('finds it in %s: %s', async (path, text, message) => {
    expect(await findings('tree/package-indexes', { [path]: text })).toEqual([
      expect.stringContaining(message),
    ]);
  });

  test('finds it in the Dockerfile', async () => {
    const Dockerfile = 'FROM a:1\nRUN pip install --extra-index-url https://a.example b\n';
    expect(await findings('tree/package-indexes', { Dockerfile }, { manifest: aBuilt() })).toEqual([
      expect.stringMatching(/^Dockerfile:2: /),
    ]);
  });

  test.each([
    ['requirements.txt', '--index-url https://a.example/simple\ntorch==2'],
    ['requirements.txt', '# --extra-index-url https://a.example'],
    ['.npmrc', 'registry=https://a.example/\nstrict-ssl=true'],
    ['.npmrc', 'registry=http://localhost:4873/'],
  ])('takes it in %s: %s', async (path, text) => {
    expect(await findings('tree/package-indexes', { [path]: text })).toEqual(['passed']);
  });

  test('has nothing to look at where nothing is said', async () => {
    expect(await findings('tree/package-indexes', { 'a.py': '' })).toEqual([
      'notApplicable: Nothing says where packages come from',
    ]);
  });
});
