import { RegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import type { TrustLink } from '../../model/trust.js';
import { blocks, warns } from '../../model/verdict.js';
import { outcomeText } from '../outcome.js';
import type { Basis } from '../preparation/basis.js';
import type { Preparation } from '../preparation/prepare.js';
import { isBuilt } from '../preparation/resolved-commit.js';

const NONE = '<none>';

/** Repository and branch, and the commit that they stood for. */
export function sourceLink(
  module: Module,
  { source, report }: Pick<Preparation, 'source' | 'report'>,
): TrustLink {
  const say = (value: string, holds: TrustLink['holds'], detail: string): TrustLink => ({
    ...{ link: 'source', value, holds, detail },
  });
  if (!isBuilt(module)) {
    return say(NONE, 'unknown', 'The image is given: where it comes from was not verified');
  }
  if (source === undefined) return say(NONE, 'no', 'No commit was looked up yet');
  const { repoUrl, ref, commit, resolvedAt } = source;
  const value = `${repoUrl} ${ref === '' ? 'pinned' : ref} ${commit}`;
  const verified = report?.spec.source;
  if (verified?.commit !== commit) return say(value, 'no', 'That commit was not verified');
  return say(value, 'yes', `Looked up ${resolvedAt}; its files are ${verified.sourceHash}`);
}

/** Who signed the commit. */
export function signatureLink(
  { report }: Pick<Preparation, 'report'>,
  basis: Basis | RegistrarError,
): TrustLink {
  const { signer, key, signature } = report?.spec.source ?? {};
  const value = signer === undefined ? NONE : `${signer} ${key ?? ''}`.trim();
  const say = (holds: TrustLink['holds'], detail: string): TrustLink => ({
    ...{ link: 'signature', value, holds, detail },
  });
  if (signature === undefined) return say('unknown', 'There is no commit');
  if (basis instanceof RegistrarError) return say('unknown', basis.message);
  if (basis.signers.length === 0) return say('unknown', 'The policy names no signers');
  if (signature !== 'good') return say('no', `git says "${signature}"`);
  const isStill = basis.signers.some(({ name }) => name === signer);
  return isStill
    ? say('yes', 'The policy takes that key')
    : say('no', 'The policy does not name that signer any more');
}

/** What the checks found. */
export function verificationLink({
  report,
  verificationProblem: problem,
}: Pick<Preparation, 'report' | 'verificationProblem'>): TrustLink {
  const link = 'verification';
  if (report === undefined) {
    return { link, value: NONE, holds: 'no', detail: 'Nothing was verified' };
  }
  const { results, verifiedAt } = report.spec;
  const count = (of: (result: (typeof results)[number]) => boolean): number =>
    results.filter(of).length;
  const passed = count(({ result }) => result === 'passed');
  const blocking = count(blocks);
  const detail = `${passed} checks passed, ${count(warns)} warn, ${blocking} block, ${verifiedAt}`;
  const value = report.metadata.name;
  if (problem !== undefined && blocking === 0) {
    return { link, value, holds: 'no', detail: outcomeText(problem).message };
  }
  return { link, value, holds: blocking === 0 ? 'yes' : 'no', detail };
}

/** What decided then is what decides now. */
export function policyLink(
  { report }: Pick<Preparation, 'report'>,
  basis: Basis | RegistrarError,
): TrustLink {
  const link = 'policy';
  const told = report?.spec.policy;
  const value = told?.name === undefined ? NONE : `${told.name} generation ${told.generation ?? 0}`;
  if (basis instanceof RegistrarError) {
    return { link, value, holds: 'no', detail: basis.message };
  }
  const { name, generation } = basis.policy?.metadata ?? {};
  const isSame = report !== undefined && told?.name === name && told?.generation === generation;
  if (isSame && name === undefined) {
    return {
      link,
      value,
      holds: 'yes',
      detail: 'No policy selects it: checks are as by themselves',
    };
  }
  const now = name === undefined ? 'no policy' : `${name} generation ${generation ?? 0}`;
  const detail = isSame ? 'It decides today as well' : `What decides today is ${now}`;
  return { link, value, holds: isSame ? 'yes' : 'no', detail };
}
