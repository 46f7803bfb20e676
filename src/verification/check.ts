import type { Static, TObject, TSchema } from 'typebox';
import type { Mode, Problem, Severity, Subject } from '../model/verification.js';
import type { Subjects } from './subjects.js';

/** What a check found; it may take its time. */
export type Found = readonly Problem[] | Promise<readonly Problem[]>;

type Parameters = TObject<Record<string, TSchema>>;

/** One thing that must hold, of one subject. A file has one, or a table of those of one topic. */
export interface CheckOf<S extends Subject, P extends Parameters = Parameters> {
  /** `dockerfile/pinned-base`: stable, since policies and people name it. */
  readonly id: string;
  /** What must hold: `Base images are pinned by a digest`. */
  readonly title: string;
  readonly severity: Severity;
  /** What a finding comes to, unless a policy says otherwise. */
  readonly mode: Mode;
  readonly about: S;
  /** What to do about a finding, in a sentence. */
  readonly remedy: string;
  /** Why it matters, for docs/checks.md: a sentence or two. */
  readonly why: string;
  /** Number of the same rule elsewhere, such as hadolint's `DL3006`. */
  readonly reference?: string;
  /** What a policy can tell it. Every property has a default. */
  readonly parameters?: P;
  /**
   * What is wrong; empty when nothing is. Throws NotVerified when it cannot look, NotApplicable
   * when there is nothing to look at.
   */
  run(subject: Subjects[S], parameters: Static<P>): Found;
}

/** A check of any subject. */
export type Check = { [S in Subject]: CheckOf<S> }[Subject];

/** Writes down a check; the types of its subject and parameters follow from it. */
export function check<S extends Subject, P extends Parameters = Parameters>(
  definition: CheckOf<S, P>,
): Check {
  return definition as CheckOf<S> as Check;
}

/** Thrown by a check that cannot look: what it checks may be so or not. */
export class NotVerified extends Error {}

/** Thrown by a check that has nothing to look at. */
export class NotApplicable extends Error {}
