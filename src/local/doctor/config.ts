import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_YAML_BYTES } from '../../lib/yaml.js';
import { formatProblem } from '../../manifest/parse.js';
import { readTexts } from '../verify/declared-texts.js';
import type { ManifestText } from '../verify/declared-texts.js';
import { ok, problem, warning } from './check.js';
import type { DoctorCheck } from './check.js';

const MANIFEST = /^[^.#].*\.(?:ya?ml|json)$/;
const MAX_TOLD = 3;

/** Whether the files of the config directory can be used. */
export const CONFIG: DoctorCheck = {
  id: 'config',
  look({ configDir }) {
    if (!existsSync(configDir)) {
      return warning(`"${configDir}" does not exist`, 'make it, or name it with --config-dir');
    }
    const texts = textsIn(configDir);
    const { modules, policies, problems } = readTexts(texts);
    if (problems.length > 0) {
      const told = problems.slice(0, MAX_TOLD).map(formatProblem).join('; ');
      const more = problems.length > MAX_TOLD ? ` and ${problems.length - MAX_TOLD} more` : '';
      return problem(`${told}${more}`, 'correct the files: until then their last good state holds');
    }
    const counts = `modules: ${modules.length}, policies: ${policies.length}`;
    return ok(`all files in "${configDir}" can be used (files: ${texts.length}, ${counts})`);
  },
};

function textsIn(folder: string): ManifestText[] {
  const paths = readdirSync(folder)
    .filter((name) => MANIFEST.test(name))
    .map((name) => ({ name, path: join(folder, name) }));
  return paths
    .filter(({ path }) => isReadable(path))
    .map(({ name, path }) => ({ name, text: readFileSync(path, 'utf8') }));
}

function isReadable(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && stats.size <= MAX_YAML_BYTES;
}
