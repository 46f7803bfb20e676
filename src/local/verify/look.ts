import type { SourceBasis } from '../../controller/preparation/source-job.js';
import type { FetchedCommit } from '../../kinds/report/schema.js';
import type { ModuleManifest } from '../../model/module.js';
import type { CheckResult } from '../../model/verification.js';
import { notVerified } from '../../verification/run-check.js';
import type { Setting } from '../../verification/run-check.js';

/** What was found of the source of a module. */
export interface Looked {
  readonly results: readonly CheckResult[];
  /** The commit that was fetched, if one was. */
  readonly source?: FetchedCommit;
  /** What to know about it, in sentences without a full stop. */
  readonly notes: readonly string[];
}

/** Looks at the source of a module, whose manifest was checked before. */
export type Look = (
  module: ModuleManifest,
  basis: SourceBasis,
  ofManifest: readonly CheckResult[],
) => Promise<Looked>;

/** Where neither a repository nor a folder is to be looked at. */
export const lookAtNothing: Look = async ({ spec }) => ({
  results: [],
  notes: [
    spec.image === ''
      ? 'Its source was not looked at: --fetch fetches it, --path takes a folder'
      : 'Its image was not looked at: that is done where it is to run',
  ],
});

/** All checks of commit and files, none of which could look. */
export const unseen = (settings: readonly Setting[], reason: string): CheckResult[] =>
  settings
    .filter(({ check: { about } }) => about === 'commit' || about === 'tree')
    .map((setting) => notVerified(setting, reason));
