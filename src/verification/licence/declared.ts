import parseSpdx from 'spdx-expression-parse';
import { familyOf } from './known-licences.js';

/** What `spec.license` says, with the ids of licences as `familyOf` has them. */
export type Declared =
  | { readonly kind: 'one'; readonly id: string }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly [Declared, Declared] };

/** Reads an SPDX expression; undefined for NOASSERTION. Throws for what is no expression. */
export function readDeclared(expression: string): Declared | undefined {
  return expression === 'NOASSERTION' ? undefined : converted(parseSpdx(expression));
}

type Parsed = ReturnType<typeof parseSpdx>;

/** An exception (WITH) adds to what a licence allows: its text is not compared. */
function converted(parsed: Parsed): Declared {
  if ('license' in parsed) return { kind: 'one', id: familyOf(parsed.license) };
  const parts = [converted(parsed.left), converted(parsed.right)] as const;
  return { kind: parsed.conjunction, parts };
}

/** All ids in it. */
export const idsOf = (declared: Declared): string[] =>
  declared.kind === 'one' ? [declared.id] : declared.parts.flatMap(idsOf);

/** Whether these texts are what it says: all of an AND, one of an OR. */
export function isMet(declared: Declared, found: ReadonlySet<string>): boolean {
  if (declared.kind === 'one') return found.has(declared.id);
  const [one, other] = declared.parts;
  return declared.kind === 'and'
    ? isMet(one, found) && isMet(other, found)
    : isMet(one, found) || isMet(other, found);
}
