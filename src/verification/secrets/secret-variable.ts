import { isPlaceholder } from '../checks/tree/secrets/placeholder.js';

const SECRET = /(?:^|[_.-])(?:KEY|APIKEY|TOKEN|SECRET|CREDENTIALS?)$|PASS(?:WORD|WD|PHRASE)$/i;
/** Base images name the key of PGP that signs what they install. */
const PUBLIC = /(?:PUBLIC|GPG|PGP)[_.-]?KEY$/i;

/** A path, a number or a yes: where the secret lies, or something that only sounds like one. */
const HARMLESS = /^(?:\/.*|\d{1,6}|true|false|yes|no|on|off)?$/i;

/** Whether a variable has a name as secrets have, such as `API_KEY`, and a value that can be one. */
export const isSecretVariable = (name: string, value: string): boolean =>
  SECRET.test(name) && !PUBLIC.test(name) && !HARMLESS.test(value) && !isPlaceholder(value);
