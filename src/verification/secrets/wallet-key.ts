/** Fields of the key files of wallets, and how an encrypted one begins. */
const KEY_FILE = /"(?:secretPhrase|secretSeed)"\s*:|^\s*\$NACL|"(?:pkcs8|sr25519)"/;
const PRIVATE_KEY = /"privateKey"\s*:/;
const ADDRESS = /"ss58Address"\s*:/;

/** Whether a text looks like the key file of a wallet, of a coldkey or a hotkey. */
export const isWalletKey = (text: string): boolean =>
  KEY_FILE.test(text) || (PRIVATE_KEY.test(text) && ADDRESS.test(text));

const COLDKEY = /COLD_?KEY/i;
/** What is known of a coldkey to everybody. */
const PUBLIC = /COLD_?KEY_?(?:PUB|SS58|ADDRESS|NAME)/i;
/** An address in base 58 of 32 bytes with a prefix of one or two, and two of a checksum. */
const SS58 = /^[1-9A-HJ-NP-Za-km-z]{46,50}$/;

/** Whether a variable says that it holds a coldkey, and not its address or name. */
export const namesColdkey = (name: string, value: string): boolean =>
  COLDKEY.test(name) && !PUBLIC.test(name) && value !== '' && !SS58.test(value);
