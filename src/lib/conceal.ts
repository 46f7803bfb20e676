/** What stands in place of a value. */
const COVER = '***';

/** A value that is shorter is in many texts by chance. */
const SHORTEST_VALUE = 4;
/** So is a shorter piece of base64. */
const SHORTEST_PIECE = 8;
/** Of a few values, or of the first lines of a long one: each line of a build is compared with all. */
const MAX_FORMS = 4096;

/**
 * The texts that tell of values: as they are, line by line, as JSON, URLs and hexadecimal digits have
 * them, and in base64 of a text that has them somewhere. The longest come first; of many lines the
 * later ones are left out.
 */
export function writtenForms(values: readonly Buffer[]): readonly string[] {
  const whole = values.flatMap((bytes) => [...wholeForms(bytes), ...base64Forms(bytes)]);
  const forms = new Set([...whole, ...values.flatMap(lineForms)]);
  return [...forms].slice(0, MAX_FORMS).toSorted((a, b) => b.length - a.length);
}

/** Covers all of a text that tells of values. Of text that was cut before it may leave a part. */
export function concealing(values: readonly Buffer[]): (text: string) => string {
  const forms = byBeginning(writtenForms(values));
  if (forms.size === 0) return (text) => text;
  return (text) => {
    let covered = '';
    let from = 0;
    for (let at = 0; at + SHORTEST_VALUE <= text.length; at += 1) {
      const begun = forms.get(text.slice(at, at + SHORTEST_VALUE));
      const form = begun?.find((one) => text.startsWith(one, at));
      if (form === undefined) continue;
      covered += text.slice(from, at) + COVER;
      from = at + form.length;
      at = from - 1;
    }
    return covered + text.slice(from);
  };
}

/** So that most places of a text are compared with nothing. */
function byBeginning(forms: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const form of forms) {
    const beginning = form.slice(0, SHORTEST_VALUE);
    const known = found.get(beginning);
    if (known === undefined) found.set(beginning, [form]);
    else known.push(form);
  }
  return found;
}

const telling = (forms: readonly string[]): string[] =>
  forms.filter((form) => form.length >= SHORTEST_VALUE);

function wholeForms(bytes: Buffer): string[] {
  const text = bytes.toString();
  return telling([text, ...escapedForms(text), bytes.toString('hex')]);
}

/** A value of several lines shows in a log line by line. */
const lineForms = (bytes: Buffer): string[] =>
  bytes
    .toString()
    .split(/\r?\n/)
    .map((line) => line.trim())
    .flatMap((line) => telling([line, ...escapedForms(line)]));

const escapedForms = (text: string): string[] => [
  JSON.stringify(text).slice(1, -1),
  encodeURIComponent(text),
];

function base64Forms(bytes: Buffer): string[] {
  const pieces = (['base64', 'base64url'] as const).flatMap((encoding) => [
    bytes.toString(encoding),
    ...[0, 1, 2].map((before) => pieceOf(bytes, before, encoding)),
  ]);
  return pieces.filter((piece) => piece.length >= SHORTEST_PIECE);
}

/** The characters that the bytes alone decide about, when so many others are before them. */
function pieceOf(bytes: Buffer, before: number, encoding: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString(encoding)
    .replace(/=+$/, '');
  const isWhole = (before + bytes.length) % 3 === 0;
  return text.slice(before === 0 ? 0 : before + 1, isWhole ? undefined : -1);
}
