import { familyOf } from '../../verification/licence/known-licences.js';
import type { Asked } from './field-problem.js';
import { fieldProblem } from './field-problem.js';
import type { Answers } from './draft.js';
import type { Build, Facts, Found } from './found.js';

/** What need not be asked, since it was found. The type of a module stands nowhere. */
export function foundAnswers(facts: Facts, build: Build): Partial<Answers> {
  const { name, version, repoUrl, branch } = facts;
  const found: Record<Asked, Found | undefined> = {
    ...{ name, version, repoUrl, type: undefined },
    license: licenceFor(facts, build),
    branch: branch ?? { value: 'main', from: 'the name that most have' },
  };
  return Object.fromEntries(
    Object.entries(found).filter(
      ([field, one]) => one !== undefined && fieldProblem(field as Asked, one.value) === undefined,
    ),
  );
}

/** The text counts; where it leaves open which versions, what the package says of it does. */
function licenceFor({ license: said }: Facts, { license: text }: Build): Found | undefined {
  if (text === undefined) return said;
  if (said !== undefined && familyOf(said.value) === text.value) return said;
  const value = HAS_VERSIONS.test(text.value) ? `${text.value}-only` : text.value;
  return { value, from: text.from };
}

/** Their ids end with -only or -or-later. */
const HAS_VERSIONS = /^(?:A|L)?GPL-[\d.]+$/;
