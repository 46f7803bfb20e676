import { expect, test } from 'vitest';
import { silentLog } from '../../src/lib/log.js';
import { localRefs, remoteRefs } from '../../src/source/refs.js';
import { createWorkshop } from '../../src/source/workshop.js';
import { codeOf } from '../helpers/code-of.js';
import { aRepository, temporaryFolder } from '../helpers/git-repository.js';
import { never, RULES } from '../helpers/sources.js';

const workshop = () => createWorkshop({ dataDir: temporaryFolder('refs'), log: silentLog });

/** What the two ways to ask say of one repository. */
async function both(repository: ReturnType<typeof aRepository>) {
  const shop = workshop();
  const far = await remoteRefs(shop, repository.url, RULES, never());
  const { origin, ...near } = await localRefs(shop, repository.path, never());
  expect(near).toEqual(far);
  return { ...far, origin };
}

test.each(['sha1', 'sha256'] as const)('branch, commit and tags are found (%s)', async (format) => {
  const repository = aRepository({ a: '1' }, format);
  const first = repository.git('rev-parse', 'main');
  repository.git('tag', 'v1.0.0');
  const second = repository.commit({ a: '2' });
  repository.git(
    '-c',
    'user.name=a',
    '-c',
    'user.email=a@b',
    'tag',
    '-am',
    'x',
    'rel/v1.1.0',
    'main',
  );
  expect(await both(repository)).toEqual({
    ...{ head: second, branch: 'main', origin: undefined },
    tags: new Map([
      ['rel/v1.1.0', second],
      ['v1.0.0', first],
    ]),
  });
});

test('names that hide something are left out', async () => {
  const repository = aRepository({ a: '1' });
  repository.git('update-ref', 'refs/tags/v1\u202E.0', 'main');
  repository.git('update-ref', 'refs/heads/ma\u200Bin\u202E', 'main');
  repository.git('symbolic-ref', 'HEAD', 'refs/heads/ma\u200Bin\u202E');
  const { branch, tags } = await both(repository);
  expect(branch).toBeUndefined();
  expect([...tags.keys()]).toEqual([]);
});

test('a repository without a commit has neither', async () => {
  const shop = workshop();
  const { url, path } = aRepository();
  expect(await remoteRefs(shop, url, RULES, never())).toMatchObject({ head: undefined });
  expect(await localRefs(shop, path, never())).toMatchObject({ head: undefined, branch: 'main' });
});

test('a remote that is not there is told as such', async () => {
  expect(await codeOf(remoteRefs(workshop(), 'file:///nowhere', RULES, never()))).toBe(
    'SOURCE_NOT_FOUND',
  );
});
