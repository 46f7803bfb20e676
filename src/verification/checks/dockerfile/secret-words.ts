/** Parts of names that say that a value is a secret. */
const SECRET =
  /(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|MNEMONIC|SEED_?PHRASE|CREDENTIALS?|API_?KEY|APIKEY|(?:PRIVATE|ACCESS|SECRET|AUTH|SIGNING|ENCRYPTION)_?KEY|AUTHTOKEN)(?:_|$)/i;

/** Ends of names that say where a secret is or how it is used, not what it is. */
const ABOUT =
  /_(?:FILE|PATH|DIR|URL|URI|NAME|ID|LENGTH|LIMIT|SIZE|COUNT|TTL|EXPIRY|EXPIRATION|TYPE|HEADER|ENABLED|REQUIRED|POLICY|SYMBOL|ADDRESS|PREFIX|ALGORITHM)$/i;

/** Longest name that is looked at. */
const MAX_NAME = 200;

/** Whether a variable is for a secret, by its name. */
export const isSecretName = (name: string): boolean =>
  name.length <= MAX_NAME && says(name.replaceAll(/[-.]/g, '_'));

const says = (name: string): boolean => SECRET.test(name) && !ABOUT.test(name);

/** What is no value of a secret: nothing, switches, small numbers, places and other variables. */
const NO_VALUE = /^(?:|true|false|yes|no|on|off|none|null|\d{1,4}|[/.~<@].*)$/i;

/** Whether a text is the value of a secret itself, not a reference to one. */
export const isLiteral = (value: string): boolean => !NO_VALUE.test(value) && !value.includes('$');
