import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { TreeVerifier } from '../../src/verification/off-thread.js';
import type { OffThreadOptions } from '../../src/verification/off-thread.js';
import type { TreeJob } from '../../src/verification/tree-job.js';
import { aManifest } from '../helpers/builders.js';
import { compiled } from '../helpers/compiled.js';
import { archiveOf } from '../helpers/git-archive.js';
import { tempFolder } from '../helpers/temp-folder.js';

const entry = pathToFileURL(await compiled('src/verification/worker.ts'));
const fixture = (name: string): URL => new URL(`../fixtures/threads/${name}`, import.meta.url);
const never = new AbortController().signal;
const policy = { name: 'default', checks: [] };

function verifier(options: Partial<OffThreadOptions> = {}): TreeVerifier {
  const made = new TreeVerifier({ entry, threads: 1, timeLimitMs: 30_000, ...options });
  onTestFinished(() => made.stop());
  return made;
}

const job = (files: TreeJob['files'], name = 'web'): TreeJob => ({
  ...{ files, policy, manifest: aManifest(name) },
});

const resultOf = (results: readonly { check: string; result: string }[], id: string) =>
  results.find(({ check }) => check === id);

test('checks an archive on a thread of its own, with the parameters of the policy', async () => {
  const archive = archiveOf(tempFolder({ 'a.py': 'x'.repeat(2_000) }));
  const checks = [{ id: 'tree/large-files', parameters: { maxBytes: 1_000 } }];
  const results = await verifier().verify(
    { ...job({ archive }), policy: { ...policy, checks } },
    never,
  );
  expect(resultOf(results, 'tree/large-files')).toMatchObject({
    result: 'failed',
    problems: [{ file: 'a.py' }],
  });
  expect(resultOf(results, 'tree/symlinks')).toMatchObject({ result: 'passed' });
});

test('checks a folder, or the files of it that count, job after job on one thread', async () => {
  const folder = tempFolder({ README: 'x', readme: 'x' });
  const one = verifier();
  const all = await one.verify(job({ folder }), never);
  const some = await one.verify(job({ folder, paths: ['README'] }), never);
  const clashes = [all, some].map((results) => resultOf(results, 'tree/name-clashes')?.result);
  expect(clashes).toEqual(['failed', 'passed']);
});

test('files that cannot be looked at are not verified, and the reason says why', async () => {
  const results = await verifier().verify(job({ archive: join(tempFolder(), 'none') }), never);
  expect(results.length).toBeGreaterThan(0);
  expect(new Set(results.map(({ result }) => result))).toEqual(new Set(['notVerified']));
  expect(results[0]).toMatchObject({ reason: expect.stringContaining('ENOENT') });
});

test('what was found in time is kept, the rest is not verified, and the next job is done', async () => {
  const busy = verifier({ entry: fixture('busy.mjs'), timeLimitMs: 3000 });
  for (let round = 0; round < 2; round += 1) {
    const results = await busy.verify(job({ folder: '/' }), never);
    expect(resultOf(results, 'tree/symlinks')).toMatchObject({ result: 'passed' });
    expect(resultOf(results, 'tree/special-files')).toMatchObject({
      result: 'notVerified',
      reason: 'The checks broke off: it took longer than 3000 ms',
    });
  }
});

test.each([
  ['hungry.mjs', 'web', /memory/],
  ['crashing.mjs', 'throws', /: broken \?\[31m$/],
  ['crashing.mjs', 'exits', /the thread ended/],
])('a thread that breaks down (%s, %s) verifies nothing', async (name, module, reason) => {
  const broken = verifier({ entry: fixture(name), memoryMiB: 32 });
  const results = await broken.verify(job({ folder: '/' }, module), never);
  expect(results[0]).toMatchObject({
    result: 'notVerified',
    reason: expect.stringMatching(reason),
  });
});

test('a check that is off stays so, whatever became of the thread', async () => {
  const broken = verifier({ entry: fixture('crashing.mjs') });
  const checks = [{ id: 'tree/symlinks', mode: 'off' as const }];
  const results = await broken.verify(
    { ...job({ folder: '/' }), policy: { ...policy, checks } },
    never,
  );
  expect(resultOf(results, 'tree/symlinks')).toMatchObject({ result: 'notApplicable' });
});

test('a job that is called off ends at once, also one that waits for its turn', async () => {
  const busy = verifier({ entry: fixture('busy.mjs') });
  const calledOff = new AbortController();
  const jobs = [1, 2].map(() => busy.verify(job({ folder: '/' }), calledOff.signal));
  calledOff.abort(new Error('enough'));
  const ends = await Promise.allSettled(jobs);
  expect(ends).toMatchObject([
    { reason: { message: 'enough' } },
    { reason: { message: 'enough' } },
  ]);
});

test('a job that is called off while it waits does not wait any longer', async () => {
  const busy = verifier({ entry: fixture('busy.mjs') });
  const [first, second] = [new AbortController(), new AbortController()];
  const jobs = [first, second].map(({ signal }) => busy.verify(job({ folder: '/' }), signal));
  second.abort(new Error('enough'));
  await expect(jobs[1]).rejects.toThrow('enough');
  first.abort(new Error('more than enough'));
  await expect(jobs[0]).rejects.toThrow('more than enough');
});

test('a policy that cannot be used is said before anything starts', async () => {
  const unusable = { ...policy, checks: [{ id: 'tree/nothing' }] };
  const work = verifier().verify({ ...job({ folder: '/' }), policy: unusable }, never);
  await expect(work).rejects.toMatchObject({ code: 'POLICY_UNUSABLE' });
});

test('many jobs at once are all done', async () => {
  const two = verifier({ threads: 2 });
  const folders = Array.from({ length: 6 }, (_, index) => tempFolder({ [`f${index}`]: 'x' }));
  const all = await Promise.all(folders.map((folder) => two.verify(job({ folder }), never)));
  expect(all.map((one) => resultOf(one, 'tree/symlinks')?.result)).toEqual(
    Array.from({ length: 6 }, () => 'passed'),
  );
});
