import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { parseDeclared } from '../../../src/kinds/declared.js';
import { ConfigContents } from '../../../src/triggers/config/contents.js';
import type { ConfigFile } from '../../../src/triggers/config/snapshot.js';
import { RESTLESS_MS, SETTLE_MS } from '../../../src/triggers/config/settle.js';
import { versionIn } from '../../helpers/config-files.js';
import { yamlOf } from '../../helpers/config-world.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { tempDataDir } from '../../helpers/temp-registry.js';

const NOBODY: ReadonlySet<string> = new Set();

let directory: string;
let clock: FakeClock;
let contents: ConfigContents;
const parse = vi.fn<typeof parseDeclared>(parseDeclared);

beforeEach(() => {
  directory = tempDataDir();
  clock = new FakeClock();
  parse.mockClear();
  contents = new ConfigContents(directory, clock, parse);
});

const write = (text: string): void => writeFileSync(join(directory, 'a.yaml'), text);

/** What is known of a.yaml after time has passed and another look. */
async function look(afterMs: number): Promise<ConfigFile | undefined> {
  await clock.advance(afterMs);
  const { snapshot } = await contents.refresh(NOBODY);
  return snapshot?.files.get('a.yaml');
}

const versionsIn = (file: ConfigFile | undefined): string[] =>
  file?.content.kind === 'declares'
    ? file.content.declarations.flatMap(({ manifest }) => versionIn(manifest) ?? [])
    : [];

describe('ConfigContents', () => {
  it('says nothing before it has looked twice', async () => {
    expect((await contents.refresh(NOBODY)).snapshot).toBeUndefined();
    await clock.advance(SETTLE_MS);
    expect((await contents.refresh(NOBODY)).snapshot).toBeDefined();
  });

  it('reads a file once two looks agree', async () => {
    await look(0);
    await look(SETTLE_MS);
    write(yamlOf('web'));
    expect(await look(1)).toMatchObject({ settled: false, content: { kind: 'unknown' } });
    write(`${yamlOf('web')}# more\n`);
    expect(await look(SETTLE_MS)).toMatchObject({ settled: false });
    expect(parse).not.toHaveBeenCalled();
    expect(versionsIn(await look(SETTLE_MS))).toEqual(['1.0.0']);
  });

  it('goes by the last text that settled while a file is changing', async () => {
    write(yamlOf('web'));
    await look(0);
    await look(SETTLE_MS);
    write(yamlOf('web', '2.0.0'));
    const file = await look(SETTLE_MS);
    expect([file?.settled, versionsIn(file)]).toEqual([false, ['1.0.0']]);
    expect(versionsIn(await look(SETTLE_MS))).toEqual(['2.0.0']);
  });

  it('reads and parses a file again only when it changed', async () => {
    write(yamlOf('web'));
    for (let round = 0; round < 5; round += 1) await look(SETTLE_MS);
    expect(parse).toHaveBeenCalledOnce();
  });

  it('says of a file that never settles that it does not', async () => {
    await look(0);
    await look(SETTLE_MS);
    const seen: boolean[] = [];
    for (let ms = 0; ms <= RESTLESS_MS; ms += SETTLE_MS) {
      write(yamlOf('web', `1.0.${ms}`));
      seen.push((await look(SETTLE_MS))?.restless ?? false);
    }
    expect(seen.at(0)).toBe(false);
    expect(seen.at(-1)).toBe(true);
  });

  it('says what changed: nothing, files or the directory itself', async () => {
    const changed = async (): Promise<string> => (await contents.refresh(NOBODY)).changed;
    expect(await changed()).toBe('nothing');
    write(yamlOf('web'));
    expect(await changed()).toBe('files');
    renameSync(directory, `${directory}-away`);
    expect(await changed()).toBe('directory');
    mkdirSync(directory);
    expect(await changed()).toBe('directory');
    rmSync(`${directory}-away`, { recursive: true });
  });

  it('knows the files of a directory at once when it is back', async () => {
    write(yamlOf('web'));
    await look(0);
    await look(SETTLE_MS);
    renameSync(directory, `${directory}-away`);
    await look(SETTLE_MS);
    await clock.advance(SETTLE_MS);
    const { snapshot } = await contents.refresh(NOBODY);
    expect(snapshot).toEqual({
      directory: { kind: 'missing', message: `Config directory "${directory}" does not exist` },
      files: new Map(),
    });
    renameSync(`${directory}-away`, directory);
    expect(await look(SETTLE_MS)).toBeUndefined();
    expect(versionsIn(await look(SETTLE_MS))).toEqual(['1.0.0']);
    expect(parse).toHaveBeenCalledOnce();
  });
});
