import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codeOf } from '../helpers/code-of.js';
import { aRepository, temporaryFolder } from '../helpers/git-repository.js';
import { fileIn, namesIn, someSources } from '../helpers/sources.js';

test('the attributes of the tree change nothing in the archive', async () => {
  const files = {
    '.gitattributes': [
      ...['* export-ignore', '*.txt export-subst ident text eol=crlf filter=evil'],
      ...[
        'sub/ export-ignore',
        '*.u working-tree-encoding=UTF-16',
        '[attr]all export-ignore -text',
      ],
      ...['Dockerfile all', '.gitattributes export-ignore', ''],
    ].join('\n'),
    Dockerfile: 'FROM scratch\r\n',
    'a.txt': '$Format:%H$ $Id$\nline\n',
    'a.u': 'grüße\n',
    'sub/.gitattributes': '* export-ignore export-subst\n',
    'sub/b.txt': '$Format:%an$\n',
  };
  const repository = aRepository(files);
  const commit = repository.git('rev-parse', 'main');
  const { archive } = await someSources().take(repository.url, commit);
  const names = namesIn(archive).filter((name) => !name.endsWith('/'));
  expect(names).toEqual(Object.keys(files).toSorted());
  for (const [name, content] of Object.entries(files)) expect(fileIn(archive, name)).toBe(content);
});

test('LFS pointers stay pointers, and no filter is run', async () => {
  const touched = join(temporaryFolder('touched'), 'by-filter');
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 5\n`;
  const repository = aRepository({
    '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
    '.gitconfig': `[filter "lfs"]\n\tsmudge = touch ${touched}\n`,
    '.lfsconfig': '[lfs]\n\turl = https://evil.test/\n',
    'model.bin': pointer,
  });
  const commit = repository.git('rev-parse', 'main');
  const { archive } = await someSources().take(repository.url, commit);
  expect(fileIn(archive, 'model.bin')).toBe(pointer);
  expect(existsSync(touched)).toBe(false);
});

test('submodules are named and not fetched', async () => {
  const repository = aRepository({
    '.gitmodules': '[submodule "x"]\n\tpath = lib/x\n\turl = https://nobody.test/x\n',
    'lib/x': { submodule: 'a'.repeat(40) },
    'main.c': 'int main;',
  });
  const commit = repository.git('rev-parse', 'main');
  const source = await someSources().take(repository.url, commit);
  expect(source).toMatchObject({ submodules: ['lib/x'], files: 2 });
  expect(namesIn(source.archive)).toEqual(['.gitmodules', 'lib/', 'lib/x/', 'main.c']);
});

test('links stay links, wherever they lead', async () => {
  const repository = aRepository({
    out: { symlink: '/etc/passwd' },
    up: { symlink: '../../../../etc/passwd' },
    Dockerfile: { symlink: 'out' },
  });
  const commit = repository.git('rev-parse', 'main');
  const { archive } = await someSources().take(repository.url, commit);
  const tar = readFileSync(archive);
  expect(tar.includes('root:x:0')).toBe(false);
  expect(tar.includes('../../../../etc/passwd')).toBe(true);
});

test('hooks of the remote are not taken over', async () => {
  const repository = aRepository({ 'hooks/post-checkout': { executable: '#!/bin/sh\nexit 1\n' } });
  const sources = someSources();
  await sources.take(repository.url, repository.git('rev-parse', 'main'));
  const cache = join(sources.dataDir, 'source', 'repositories');
  const names = readdirSync(cache, { recursive: true, encoding: 'utf8' });
  expect(names.filter((name) => name.includes('hook'))).toEqual([]);
});

test.each([
  ['..', 'a path that leads out'],
  ['.git', 'a folder that git would obey'],
  ['.GIT', 'the same where case does not matter'],
  ['git~1', 'the same by its short name'],
  ['.', 'a folder in itself'],
])('a tree with "%s" is refused: %s', async (name) => {
  const repository = aRepository();
  const blob = repository.feed('x', 'hash-object', '-w', '--stdin');
  const inner = repository.feed(`100644 blob ${blob}\tfile\n`, 'mktree');
  const entry = Buffer.concat([Buffer.from(`40000 ${name}\0`), Buffer.from(inner, 'hex')]);
  const literally = ['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'];
  const tree = repository.feed(entry, ...literally);
  const commit = repository.git('commit-tree', '-m', 'evil', tree);
  repository.git('update-ref', 'refs/heads/main', commit);
  expect(await codeOf(someSources().take(repository.url, commit))).toBe('SOURCE_REFUSED');
});

test('a submodule whose address would be an option is refused', async () => {
  const repository = aRepository({
    '.gitmodules': '[submodule "x"]\n\tpath = x\n\turl = --upload-pack=touch\n',
    x: { submodule: 'a'.repeat(40) },
  });
  const commit = repository.git('rev-parse', 'main');
  expect(await codeOf(someSources().take(repository.url, commit))).toBe('SOURCE_REFUSED');
});

test('what a commit says of itself is safe to show', async () => {
  const repository = aRepository();
  const commit = repository.commit(
    { a: 'a' },
    { author: 'A\u001b[31mda\u202e <ada@example.org>', at: 253_402_300_800 },
  );
  expect(await someSources().take(repository.url, commit)).toMatchObject({
    author: 'Ada? <ada@example.org>',
    committedAt: '9999-12-31T23:59:59Z',
  });
});
