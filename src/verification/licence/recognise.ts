import { bigramsOf, likeness } from './bigrams.js';
import { knownLicences } from './known-licences.js';

/** How alike a text and a licence must be. */
const LEAST_LIKENESS = 0.9;

/** What takes back part of a licence in a few words, which leave it as alike as before. */
const RIDER =
  /commons clause|good, not evil|non-?commercial (?:use|purpose)|(?:not|prohibited)[^.]{0,40} for [a-z ]{0,10}commercial|may not (?:be )?(?:sold|sell|host)/gi;

/** What a text was recognised as. */
export interface Recognised {
  /** `GPL-3.0` stands for -only and -or-later; undefined for a text that is none of the known. */
  readonly id: string | undefined;
  /** Words in it that the licence does not have and that change what it allows. */
  readonly rider?: string;
}

/** Which of the known licences a text is, whoever's copyright it names. */
export function recogniseLicence(text: string): Recognised {
  const bigrams = bigramsOf(text);
  const ranked = knownLicences()
    .map((licence) => ({ ...licence, likeness: likeness(licence.bigrams, bigrams) }))
    .toSorted((one, other) => other.likeness - one.likeness);
  const [best] = ranked;
  if (best === undefined || best.likeness < LEAST_LIKENESS) return { id: undefined };
  const own = best.text.match(RIDER)?.length ?? 0;
  const rider = text.match(RIDER)?.[own];
  return rider === undefined ? { id: best.id } : { id: best.id, rider };
}
