import { check, NotApplicable, NotVerified } from '../../check.js';
import type { CommitSignature } from '../../../model/commit-signature.js';

const WRONG: Readonly<Record<Exclude<CommitSignature['state'], 'good' | 'unverifiable'>, string>> =
  {
    unsigned: 'The commit is not signed',
    unknownKey: 'The commit is signed with a key that the policy does not know',
    bad: 'The signature does not fit the commit',
    expiredKey: 'The key was not valid when the commit was signed, or has expired',
    revokedKey: 'The key was revoked',
  };

/** Somebody whom the policy knows signed the commit. */
export const COMMIT_SIGNATURE = check({
  id: 'commit/signature',
  title: 'The commit is signed by a signer of the policy',
  severity: 'critical',
  mode: 'enforce',
  about: 'commit',
  why: 'A signature shows who made a commit, also when the repository or its host was taken over.',
  remedy:
    'Sign the commit (git commit -S) with a key of spec.signers of the policy, or add the key',
  run({ commit, signers, signature: { state, key, message } }) {
    if (signers.length === 0) throw new NotApplicable('The policy names no signers');
    if (state === 'good') return [];
    if (state === 'unverifiable') throw new NotVerified(message ?? 'git could not check it');
    const by = key === undefined ? '' : ` (key ${key})`;
    return [{ message: `${WRONG[state]}: ${commit.slice(0, 12)}${by}` }];
  },
});
