import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseDockerfile } from '../../src/verification/dockerfile/parse-dockerfile.js';
import { runCheck } from '../../src/verification/run-check.js';
import { settingsOf } from '../../src/verification/settings.js';
import { aManifest } from './builders.js';
import { aTree } from './trees.js';

const FOLDER = join(import.meta.dirname, '../fixtures/dockerfiles');

/** A Dockerfile, and what is wrong with it by what the rules say, not by what they find. */
export interface DockerfileCase {
  readonly file: string;
  readonly name: string;
  readonly text: string;
  /** Lines that each check is to find, by its id without `dockerfile/`; empty for none. */
  readonly expect: Readonly<Record<string, readonly number[]>>;
  /** Checks that are not named find nothing: the labels are of the whole Dockerfile. */
  readonly complete?: boolean;
  readonly parameters?: Readonly<Record<string, Record<string, unknown>>>;
  /** Why the checks do not find what the labels say. */
  readonly disagrees?: string;
}

/** All labelled Dockerfiles. */
export const CASES: readonly DockerfileCase[] = readdirSync(FOLDER)
  .toSorted()
  .flatMap((file) => {
    const cases = parse(readFileSync(join(FOLDER, file), 'utf8')) as Omit<DockerfileCase, 'file'>[];
    return cases.map((one) => ({ file, ...one }));
  });

/** Lines that the checks of Dockerfiles find, by id; those that find nothing have an empty list. */
export async function linesFound(
  text: string,
  parameters: DockerfileCase['parameters'] = {},
): Promise<Map<string, number[]>> {
  const checks = Object.entries(parameters).map(([id, values]) => ({
    id: `dockerfile/${id}`,
    parameters: values,
  }));
  const dockerfile = parseDockerfile('Dockerfile', text);
  const tree = { manifest: aManifest('web'), tree: aTree({ Dockerfile: text }), dockerfile };
  const found = new Map<string, number[]>();
  for (const setting of settingsOf('test', { checks })) {
    const [about, id = ''] = setting.check.id.split('/');
    if (about !== 'dockerfile') continue;
    const { result, reason, problems } = await runCheck(setting, { tree });
    if (result === 'notVerified') throw new Error(`${id}: ${reason}`);
    found.set(
      id,
      problems.map(({ line = 0 }) => line),
    );
  }
  return found;
}
