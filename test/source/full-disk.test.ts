import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { aRepository } from '../helpers/git-repository.js';
import { noise } from '../helpers/noise.js';
import { mountSmallDisk, whyNoDisk } from '../helpers/small-disk.js';
import { fileIn, someSources } from '../helpers/sources.js';

const noDisk = whyNoDisk();

describe(`a full disk${noDisk === undefined ? '' : ` (skipped: ${noDisk})`}`, () => {
  test.skipIf(noDisk !== undefined)('is said, and fetching works once there is room', async () => {
    const disk = mountSmallDisk('4m');
    const repository = aRepository({ 'big.bin': noise(1024 * 1024), 'a.txt': 'a' });
    const commit = repository.git('rev-parse', 'main');
    const sources = someSources({ dataDir: join(disk.path, 'data') });
    await sources.prune(new Set(), 0);
    disk.fill();
    const fetched = sources.take(repository.url, commit);
    expect(await codeOf(fetched)).toBe('SOURCE_UNAVAILABLE');
    expect(await messageOf(fetched)).toMatch(/disk|no space/i);
    disk.free();
    expect(fileIn((await sources.take(repository.url, commit)).archive, 'a.txt')).toBe('a');
  });
});
