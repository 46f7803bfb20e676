import { silentLog } from '../../lib/log.js';
import { printable } from '../../lib/printable.js';
import { createGitSources } from '../../source/git-sources.js';
import { createWorkshop } from '../../source/workshop.js';
import type { GitSourcesOptions } from '../../source/workshop.js';
import { withTemporaryFolder } from '../temporary-folder.js';
import { existingFolder } from '../verify/folder-texts.js';
import { readTexts } from '../verify/declared-texts.js';
import { lookAtNothing } from '../verify/look.js';
import { verifyModule } from '../verify/verify-module.js';
import type { LocalReport } from '../verify/verify-module.js';
import { baseDraft, piecesOf } from './draft.js';
import type { Answers } from './draft.js';
import { factsOf } from './facts.js';
import type { Build, Facts } from './found.js';
import { manifestText } from './manifest-text.js';
import { openLocalRepository, openRemoteRepository } from './open-repository.js';
import { pieceName, withPieces } from './verified-draft.js';

/** Which repository to look at. */
export interface InitRequest {
  /** URL of a repository, or a folder. */
  readonly place: string;
  readonly branch: string | undefined;
  readonly dockerfile: string | undefined;
  readonly git: Pick<GitSourcesOptions, 'caFile' | 'sshKeyFile' | 'knownHostsFile'>;
  readonly onProgress: (text: string) => void;
}

const IS_URL = /^(?:[a-z][a-z0-9+.-]*:\/\/|[^@/:\s]+@[^/:\s]+:)/i;

/** Looks at a repository; what was fetched of it is gone afterwards. */
export const lookAtRepository = (request: InitRequest): Promise<Facts> =>
  withTemporaryFolder(async (dataDir, signal) => {
    const { place, branch, git, onProgress, dockerfile } = request;
    const setting = { dataDir, log: silentLog, ...git };
    const workshop = createWorkshop(setting);
    const sources = createGitSources(setting);
    const folder = IS_URL.test(place) ? undefined : await existingFolder(place);
    const repository =
      folder === undefined
        ? await openRemoteRepository(place, branch, { workshop, sources }, onProgress, signal)
        : await openLocalRepository(folder, workshop, signal);
    try {
      return await factsOf(repository, { place, called: folder ?? place, dockerfile });
    } finally {
      repository.tree.close();
    }
  });

/** A manifest in YAML, and what there is to say of it. */
export interface Written {
  readonly text: string;
  /** What the checks of the manifest find in it. */
  readonly report: LocalReport;
  /** What somebody has to do, in sentences without a full stop. */
  readonly toDo: readonly string[];
}

/** Writes a manifest that is valid and harmless, whatever was found. INVALID for a bad answer. */
export async function writeManifest(
  facts: Facts,
  build: Build,
  answers: Answers,
  { file, registrarVersion }: { readonly file: string; readonly registrarVersion: string },
): Promise<Written> {
  const base = baseDraft(answers, build);
  const { draft, left } = await withPieces(base, piecesOf(facts, build), registrarVersion);
  const toDo = [
    ...build.toDo,
    ...left.map(
      (piece) =>
        `See to ${printable(pieceName(piece), 100)}: what is in ${piece.from} cannot stand here`,
    ),
  ];
  const text = manifestText(draft, headOf(facts, toDo));
  const [module] = readTexts([{ name: file, text }]).modules;
  if (module === undefined) throw new Error('what was drafted is no manifest');
  const surroundings = { policies: [], modules: new Map<string, string>(), now: Date.now() };
  const { report } = await verifyModule(module, {
    ...surroundings,
    registrarVersion,
    look: lookAtNothing,
  });
  return { text, report, toDo };
}

function headOf({ place, commit }: Facts, toDo: readonly string[]): string[] {
  const at = commit === undefined ? '' : `, commit ${commit}`;
  const left = toDo.length === 0 ? [] : ['', 'To do:', ...toDo.map((sentence) => `- ${sentence}`)];
  return [
    `Drafted by "registrar init" from ${place}${at}.`,
    'Behind each value stands where it is from.',
    ...left,
  ];
}
