import type { Command } from '../../dockerfile/shell/command.js';
import { commandCheck } from './command-check.js';
import { flagValue, hasFlag } from './command-flags.js';

/** Letters of curl that take the rest of a word as their value. */
const CURL_VALUED = 'AbcCdDeEFhHKmoPQrtTuUwxXyYz';

/** Whether `-k` is among the letters of a word, before one that takes a value. */
function isCurlInsecure(arg: string): boolean {
  if (!/^-[a-zA-Z0-9#:]/.test(arg)) return false;
  for (const letter of arg.slice(1)) {
    if (letter === 'k') return true;
    if (CURL_VALUED.includes(letter)) return false;
  }
  return false;
}

type Rule = readonly [programs: RegExp, isOff: (command: Command) => boolean];

const says =
  (pattern: RegExp) =>
  (command: Command): boolean =>
    pattern.test(command.args.join(' '));

/** How each program is told not to look whom it talks to, or whose packages it takes. */
const RULES: readonly Rule[] = [
  [/^curl$/, (c) => hasFlag(c, '--insecure', '--proxy-insecure') || c.args.some(isCurlInsecure)],
  [/^wget$/, (c) => hasFlag(c, '--no-check-certificate')],
  [/^(?:pip[\d.]*|python[\d.]*|uv)$/, (c) => hasFlag(c, '--trusted-host', '--allow-insecure-host')],
  [/^pip[\d.]*$/, says(/^config .*set \S*trusted-host/)],
  [/^(?:npm|pnpm|yarn)$/, says(/\bstrict-ssl(?:=| )"?false\b|--no-strict-ssl\b/i)],
  [/^yarn$/, says(/\benableStrictSsl(?:=| )false\b/)],
  [/^git$/, says(/\bhttp\.(?:\S+\.)?sslverify(?:=| )"?(?:false|0|no|off)\b/i)],
  [/^(?:apt|apt-get|aptitude)$/, (c) => hasFlag(c, ...APT_FLAGS) || says(APT_OPTIONS)(c)],
  [/^apk$/, (c) => hasFlag(c, '--allow-untrusted')],
  [/^(?:yum|dnf|microdnf)$/, (c) => hasFlag(c, '--nogpgcheck') || says(/sslverify=(?:0|false)/)(c)],
  [/^zypper$/, (c) => hasFlag(c, '--no-gpg-checks', '--gpg-auto-import-keys')],
  [/^rpm$/, (c) => hasFlag(c, '--nosignature', '--nodigest')],
  [/^(?:conda|mamba)$/, says(/^config .*ssl_verify (?:false|no)/i)],
  [/^composer$/, says(/\bdisable-tls true\b|\bsecure-http false\b/)],
];

const APT_FLAGS = ['--allow-unauthenticated', '--force-yes', '--allow-insecure-repositories'];
const APT_OPTIONS =
  /\b(?:Verify-Peer|Verify-Host)=(?:false|0|no)\b|\bAllow(?:Insecure|Unauthenticated)\S*=(?:true|1|yes)\b/i;

const TLS_COMMANDS = commandCheck({
  id: 'dockerfile/tls-off',
  title: 'Programs check whom they download from',
  severity: 'high',
  mode: 'enforce',
  atRunTime: true,
  why: 'Without the check of certificates and signatures, whoever is in between can send anything.',
  remedy: 'Leave the flag out, and add the certificate of a private authority to the image',
  wrong: (command) =>
    RULES.some(([programs, isOff]) => programs.test(command.program) && isOff(command))
      ? `The check of whom ${command.program} downloads from is switched off`
      : undefined,
});

/** Package indexes whose packages are not signed. */
const INDEX_FLAGS = [
  '-i',
  '--index-url',
  '--extra-index-url',
  '--registry',
  '--source',
  '-s',
  '-f',
];

const PLAIN_INDEX = commandCheck({
  id: 'dockerfile/plain-index',
  title: 'Package indexes are encrypted',
  severity: 'high',
  mode: 'enforce',
  why: 'Packages of pip, npm and gem are not signed: whoever is between can exchange them when they come over plain HTTP.',
  remedy: 'Use the https address of the index',
  wrong(command) {
    if (!/^(?:pip[\d.]*|python[\d.]*|uv|npm|pnpm|yarn|gem)$/.test(command.program))
      return undefined;
    const isSet = says(/^config .*set \S*(?:registry|index-url)[= ]"?http:\/\//)(command);
    const isPlain = INDEX_FLAGS.some((flag) => flagValue(command, flag)?.startsWith('http://'));
    return isSet || isPlain ? 'Packages come over plain HTTP' : undefined;
  },
});

/** Whether programs look whom they talk to. */
export const TLS_CHECKS = [TLS_COMMANDS, PLAIN_INDEX];
