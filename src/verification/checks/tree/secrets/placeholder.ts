/** Words of values that stand for one: somebody is meant to put the real one there. */
const WORDS =
  /example|sample|change.?me|your[-_ ]|placeholder|replace|dummy|fake|redacted|insert|todo|x{4}|\*{3}|\.{3}|123456|abcdef|00000000|<|\$\{|\{\{|%[sd(]/i;

/** What stands for a password where one is shown. */
const BARE =
  /^(?:pass(?:word|wd)?|secret|token|key|user(?:name)?|admin|root|test(?:ing)?|none|null|undefined|true|false)$/i;

/** Fewer different characters than that are no secret: `aaaaaaaa`, `--------`. */
const LEAST_DISTINCT = 6;

/** The password of an address: the rest of it is no secret. */
const IN_ADDRESS = /:\/\/[^:@/\s]*:([^@/\s]+)@/;

/** Whether a value says that another one belongs in its place. */
export const standsForAnother = (value: string): boolean => WORDS.test(value);

/** Whether a value only stands for a secret, as in documentation. */
export function isPlaceholder(value: string): boolean {
  const secret = IN_ADDRESS.exec(value)?.[1] ?? value;
  return standsForAnother(secret) || BARE.test(secret) || new Set(secret).size < LEAST_DISTINCT;
}
