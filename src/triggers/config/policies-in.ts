/** `kind: Policy` as YAML or JSON may write it; no YAML has to be read for it. */
const KIND = /\bkind["']?\s*:\s*["']?policy\b/gi;

const COMMENT = /^\s*#.*$/gm;

/** How many policies a text that cannot be used seems to declare: rather too many than too few. */
export function policiesIn(text: string): number {
  return text.replaceAll(COMMENT, '').match(KIND)?.length ?? 0;
}
