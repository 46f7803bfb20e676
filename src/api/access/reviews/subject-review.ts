import { GROUP } from '../../../model/names.js';
import type { Identity } from '../../../model/identity.js';

/** Status of a SelfSubjectReview: who somebody is. */
export interface SubjectReviewStatus {
  readonly userInfo: {
    readonly username: string;
    readonly uid: string;
    readonly groups: readonly string[];
    readonly extra: Readonly<Record<string, readonly string[]>>;
  };
}

/** Who an identity is, with what limits it. */
export function reviewSubject({ name, uid, groups, modules, exec }: Identity): SubjectReviewStatus {
  const extra = { [`${GROUP}/modules`]: modules, [`${GROUP}/exec`]: [String(exec)] };
  return { userInfo: { username: name, uid, groups, extra } };
}
