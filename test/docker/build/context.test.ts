import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { buffer, text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { extract, pack } from 'tar-stream';
import type { Header } from 'tar-stream';
import { describe, expect, test, vi } from 'vitest';
import { forEachEntry } from '../../../src/docker/build/archive-entries.js';
import { findContext } from '../../../src/docker/build/context.js';
import { codeOf, messageOf } from '../../helpers/code-of.js';
import { archiveFile, commitArchive } from '../../helpers/commit-archive.js';
import { archiveOf as archiveOfFolder } from '../../helpers/git-archive.js';
import { tempFolder } from '../../helpers/temp-folder.js';

type Wanted = Parameters<typeof findContext>[0];
type Entry = Partial<Header> & Pick<Header, 'name'>;

const FILE = { mode: 0o664, uid: 7, gid: 8, uname: 'ada', gname: 'ada', mtime: new Date(1e12) };

/** A tar file with exactly these headers; a file has its own name as its content. */
async function archiveOf(entries: readonly Entry[]): Promise<string> {
  const target = pack();
  for (const entry of entries) {
    const isFile = (entry.type ?? 'file') === 'file';
    if (isFile) target.entry({ ...FILE, ...entry }, entry.name);
    else target.entry({ ...FILE, ...entry });
  }
  target.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of target as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return archiveFile(Buffer.concat(chunks));
}

const wanted = (archive: string, more: Partial<Wanted> = {}): Wanted => ({
  ...{ archive, path: '.', dockerfile: 'Dockerfile' },
  ...more,
});

/** What is sent to the engine. */
async function sent(request: Wanted): Promise<Map<string, Header & { content: string }>> {
  const context = await findContext(request);
  const reader = context.open(() => undefined).pipe(extract());
  const found = new Map<string, Header & { content: string }>();
  for await (const entry of reader) {
    found.set(entry.header.name, { ...entry.header, content: await text(entry) });
  }
  return found;
}

/** Whether this process has a file open. */
const isOpen = (path: string): boolean =>
  readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  });

const names = async (request: Wanted): Promise<string[]> => [...(await sent(request)).keys()];

describe('the context of a build', () => {
  test.each(['.', './', '', 'app/..'])('"%s" is all of the commit, or refused', async (path) => {
    const archive = commitArchive({ Dockerfile: 'FROM scratch', 'a/b': 'x' });
    if (path === 'app/..')
      return expect(await codeOf(sent(wanted(archive, { path })))).toBe('BUILD_FAILED');
    expect(await names(wanted(archive, { path }))).toEqual(['Dockerfile', 'a/b']);
  });

  test('a folder is sent without what is beside it, its name taken off', async () => {
    const archive = commitArchive({
      ...{ 'app/Dockerfile': 'FROM scratch', 'app/x': '1', 'application/x': '2', x: '3' },
      'other/app/x': '4',
    });
    for (const path of ['app', './app', 'app/', 'app/.']) {
      const found = await sent(wanted(archive, { path }));
      expect([...found].map(([name, { content }]) => [name, content])).toEqual([
        ['Dockerfile', 'FROM scratch'],
        ['x', '1'],
      ]);
    }
  });

  test('the Dockerfile may be in a folder of the context', async () => {
    const archive = commitArchive({ 'app/docker/Prod': 'FROM scratch', 'app/x': '1' });
    const context = await findContext(
      wanted(archive, { path: 'app', dockerfile: './docker/Prod' }),
    );
    expect(context.dockerfile).toBe('docker/Prod');
  });

  test('long and foreign names, empty and large files arrive as they are', async () => {
    const long = `${'folder/'.repeat(40)}file`;
    const archive = await archiveOf([
      { name: 'Dockerfile' },
      { name: long },
      { name: 'größe 模块' },
    ]);
    expect(await names(wanted(archive))).toEqual(['Dockerfile', long, 'größe 模块']);
    const large = 'x'.repeat(3_000_000);
    const found = await sent(wanted(commitArchive({ Dockerfile: 'x', empty: '', large })));
    expect(found.get('empty')?.content).toBe('');
    expect(found.get('large')?.content).toBe(large);
  });

  test("headers are those of a plain checkout by root, and nothing of the archive's own", async () => {
    const xattr = { 'SCHILY.xattr.security.capability': 'all' };
    const archive = await archiveOf([
      { name: 'Dockerfile', pax: xattr },
      { name: 'run', mode: 0o6775 },
      { name: 'folder/', type: 'directory', mode: 0o700 },
      { name: 'link', type: 'symlink', linkname: '../outside' },
    ]);
    const found = await sent(wanted(archive));
    const told = [...found].map(([name, { mode, type, linkname }]) => [name, mode, type, linkname]);
    expect(told).toEqual([
      ['Dockerfile', 0o644, 'file', null],
      ['run', 0o755, 'file', null],
      ['folder', 0o755, 'directory', null],
      ['link', 0o755, 'symlink', '../outside'],
    ]);
    for (const header of found.values()) {
      expect(header).toMatchObject({ uid: 0, gid: 0, uname: '', gname: '', mtime: FILE.mtime });
      expect(header.pax ?? {}).not.toHaveProperty('SCHILY.xattr.security.capability');
    }
  });

  test('.dockerignore leaves out files, but neither itself nor the Dockerfile', async () => {
    const files = { Dockerfile: 'FROM scratch', '.dockerignore': '*\n!src\nsrc/*.tmp', other: '' };
    const archive = commitArchive({ ...files, 'src/a': '', 'src/b.tmp': '', 'lib/c': '' });
    expect(await names(wanted(archive))).toEqual(['Dockerfile', '.dockerignore', 'src/a']);
  });

  test('only the .dockerignore of the context counts', async () => {
    const archive = commitArchive({
      ...{ '.dockerignore': 'x', 'app/Dockerfile': '', 'app/x': '', 'app/sub/.dockerignore': 'x' },
    });
    expect(await names(wanted(archive, { path: 'app' }))).toContain('x');
  });

  test('the archive is not changed', async () => {
    const archive = commitArchive({ Dockerfile: 'FROM scratch', '.dockerignore': '*' });
    const before = readFileSync(archive);
    await sent(wanted(archive));
    expect(readFileSync(archive).equals(before)).toBe(true);
  });

  test('what git wrote is sent byte by byte when all of it is wanted', async () => {
    const files = { Dockerfile: 'FROM scratch', '.dockerignore': '.git\nDockerfile', 'a/b': 'x' };
    const archive = archiveOfFolder(tempFolder(files));
    const context = await findContext(wanted(archive));
    expect(await buffer(context.open(() => undefined))).toEqual(readFileSync(archive));
  });

  test.each([
    ['an extended attribute', { pax: { 'SCHILY.xattr.security.capability': 'all' } }],
    ['a mode that no checkout has', { mode: 0o4755 }],
    ['another owner', { uid: 7 }],
    ['another group', { gid: 8 }],
  ])('one file with %s, and the archive is not sent as it is', async (_, odd) => {
    const plain = { mode: 0o644, uid: 0, gid: 0 };
    const entries = [{ name: 'Dockerfile' }, { name: 'odd', ...odd }];
    const archive = await archiveOf(entries.map((entry) => ({ ...plain, ...entry })));
    const [, found] = [...(await sent(wanted(archive))).values()];
    expect(found).toMatchObject({ name: 'odd', uid: 0, gid: 0, pax: null });
    expect([0o644, 0o755]).toContain(found?.mode);
  });

  test.each([
    ['as it is', '.'],
    ['in part', 'app'],
  ])('a reader of an archive %s that goes away lets go of it', async (_, path) => {
    const large = 'x'.repeat(5_000_000);
    const archive = commitArchive({ Dockerfile: 'x', 'app/Dockerfile': 'x', 'app/large': large });
    const context = await findContext(wanted(archive, { path }));
    const stream = context.open(() => undefined);
    await new Promise((resolve) => stream.once('data', resolve));
    expect(isOpen(archive)).toBe(true);
    stream.destroy();
    await vi.waitFor(() => expect(isOpen(archive)).toBe(false), { timeout: 20_000 });
  });

  test('one that goes away between two files lets go of it, too', async () => {
    const archive = commitArchive({ Dockerfile: 'x', other: 'x' });
    const gone = new AbortController();
    const leave = (): Promise<void> => {
      gone.abort();
      return turn();
    };
    expect(await codeOf(forEachEntry(archive, leave, gone.signal))).toBe('BUILD_FAILED');
    await vi.waitFor(() => expect(isOpen(archive)).toBe(false), { timeout: 20_000 });
  });
});

describe('no context', () => {
  const archive = (): string => commitArchive({ 'app/Dockerfile': 'FROM scratch', file: '' });

  test.each([
    ['a folder that is not there', { path: 'nowhere' }, 'the commit has no folder "nowhere"'],
    ['a file as the folder', { path: 'file' }, 'the commit has no folder "file"'],
    ['no Dockerfile', { path: 'app', dockerfile: 'D' }, 'the commit has no file "app/D"'],
    ['no Dockerfile at the top', {}, 'the commit has no file "Dockerfile"'],
    ['a folder as the Dockerfile', { dockerfile: 'app' }, 'the commit has no file "app"'],
    ['a path that leads out', { path: 'app/../..' }, '"app/../.." leads out of the repository'],
    ['an absolute path', { path: '/etc' }, '"/etc": it leads out of the repository'],
    ['a Dockerfile outside', { dockerfile: '../x' }, '"../x": it leads out of the repository'],
  ])('%s is BUILD_FAILED', async (_, more, words) => {
    const found = findContext(wanted(archive(), more));
    expect(await codeOf(found)).toBe('BUILD_FAILED');
    expect(await messageOf(found)).toContain(words.replace('" leads', '": it leads'));
  });

  test('a Dockerfile that is a link is none', async () => {
    const linked = await archiveOf([
      { name: 'Dockerfile', type: 'symlink', linkname: 'other' },
      { name: 'other' },
    ]);
    expect(await codeOf(findContext(wanted(linked)))).toBe('BUILD_FAILED');
  });

  test.each<[string, Entry]>([
    ['leads out', { name: '../escape' }],
    ['leads out in the middle', { name: 'a/../../escape' }],
    ['is absolute', { name: '/etc/passwd' }],
    ['is a device', { name: 'null', type: 'character-device', devmajor: 1, devminor: 3 }],
    ['is a disk', { name: 'disk', type: 'block-device' }],
    ['is a pipe', { name: 'pipe', type: 'fifo' }],
    ['is a hard link', { name: 'hard', type: 'link', linkname: 'Dockerfile' }],
    ['is not UTF-8', { name: 'a\u{fffd}b' }],
  ])('an entry that %s is BUILD_FAILED', async (_, entry) => {
    const bad = await archiveOf([{ name: 'Dockerfile' }, entry]);
    expect(await codeOf(findContext(wanted(bad)))).toBe('BUILD_FAILED');
  });

  test('a .dockerignore that is too long is BUILD_FAILED', async () => {
    const long = commitArchive({ Dockerfile: '', '.dockerignore': '#'.repeat(70_000) });
    expect(await messageOf(findContext(wanted(long)))).toContain('".dockerignore"');
  });

  test('an archive that is missing, cut or no archive is BUILD_FAILED', async () => {
    const whole = readFileSync(commitArchive({ Dockerfile: 'x'.repeat(9000), y: 'z' }));
    const archives = ['/nonexistent.tar', archiveFile(whole.subarray(0, 3000))];
    for (const one of [...archives, archiveFile(Buffer.alloc(9000, 'no tar '))]) {
      expect(await codeOf(findContext(wanted(one)))).toBe('BUILD_FAILED');
    }
  });
});
