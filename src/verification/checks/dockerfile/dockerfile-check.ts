import type { Static, TObject, TSchema } from 'typebox';
import type { Problem } from '../../../model/verification.js';
import { check, NotApplicable, NotVerified } from '../../check.js';
import type { Check, CheckOf } from '../../check.js';
import type { Dockerfile } from '../../dockerfile/dockerfile.js';
import type { TreeSubject } from '../../subjects.js';

/** Something wrong in a Dockerfile. */
export interface Finding {
  readonly line: number;
  readonly message: string;
}

type Parameters = TObject<Record<string, TSchema>>;

type Definition<P extends Parameters> = Omit<CheckOf<'tree', P>, 'about' | 'run'> & {
  /** What is wrong in a Dockerfile that can be judged, line by line. */
  find(
    this: void,
    dockerfile: Dockerfile,
    parameters: Static<P>,
    subject: TreeSubject,
  ): Iterable<Finding>;
};

/** Most findings that one check gathers: a report shows fewer, and counts the rest. */
const MAX_FINDINGS = 1000;

/** A user or password in an address, which a message may quote. */
const LOGIN = /\/\/[^\s/@"]+@/g;

/** Writes down a check of the Dockerfile; it has nothing to look at when there is none. */
export function dockerfileCheck<P extends Parameters = Parameters>({
  find,
  ...definition
}: Definition<P>): Check {
  return check<'tree', P>({
    ...(definition as Omit<CheckOf<'tree', P>, 'about' | 'run'>),
    about: 'tree',
    run(subject, parameters) {
      const { dockerfile } = subject;
      if (dockerfile === undefined) throw new NotApplicable('There is no Dockerfile');
      if (dockerfile.unreadable !== undefined)
        throw new NotVerified(`The Dockerfile cannot be judged: ${dockerfile.unreadable}`);
      return problemsOf(dockerfile, find(dockerfile, parameters, subject));
    },
  });
}

function problemsOf({ path }: Dockerfile, findings: Iterable<Finding>): Problem[] {
  const problems: Problem[] = [];
  for (const { line, message } of findings) {
    if (problems.length >= MAX_FINDINGS) break;
    problems.push({ file: path, line, message: message.replaceAll(LOGIN, '//***@') });
  }
  return problems.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
}
