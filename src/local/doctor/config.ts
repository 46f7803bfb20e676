import { formatProblem } from '../../manifest/parse.js';
import type { Entry } from '../../triggers/config/entry.js';
import { lookAt } from '../../triggers/config/look.js';
import { readEntry } from '../../triggers/config/read.js';
import { readTexts } from '../verify/declared-texts.js';
import type { ManifestText } from '../verify/declared-texts.js';
import { ok, problem, warning } from './check.js';
import type { DoctorCheck } from './check.js';

const MAX_TOLD = 3;
const REMEDY = 'correct the files: until then their last good state holds';

/** Whether the files of the config directory can be used, as the daemon reads them. */
export const CONFIG: DoctorCheck = {
  id: 'config',
  async look({ configDir }) {
    const found = await lookAt(configDir);
    if (found.kind !== 'present') {
      const remedy = 'make it and let the daemon read it, or name it with --config-dir';
      return found.kind === 'missing'
        ? warning(found.message, remedy)
        : problem(found.message, remedy);
    }
    const { texts, problems: unusable } = await textsOf(found.entries);
    const { modules, policies, problems } = readTexts(texts);
    const all = [...unusable, ...problems.map(formatProblem)];
    if (all.length > 0) {
      const more = all.length > MAX_TOLD ? ` and ${all.length - MAX_TOLD} more` : '';
      return problem(`${all.slice(0, MAX_TOLD).join('; ')}${more}`, REMEDY);
    }
    const counts = `modules: ${modules.length}, policies: ${policies.length}`;
    return ok(`all files in "${configDir}" can be used (files: ${texts.length}, ${counts})`);
  },
};

async function textsOf(entries: ReadonlyMap<string, Entry>) {
  const texts: ManifestText[] = [];
  const problems: string[] = [];
  for (const [name, entry] of [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const reading = entry.kind === 'file' ? await readEntry(entry) : entry;
    if (reading.kind === 'text') texts.push({ name, text: reading.text });
    else
      problems.push(`${name}: ${reading.kind === 'changed' ? 'Keeps changing' : reading.reason}`);
  }
  return { texts, problems };
}
