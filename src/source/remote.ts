import { isIP } from 'node:net';
import { concealing } from '../lib/conceal.js';
import { checkedAddresses } from './addresses.js';
import type { Lookup } from './addresses.js';
import type { RepoUrl } from './repo-url.js';
import type { RemoteLogin } from './key-files.js';
import type { SourceAccount, SourceRules } from './source.js';
import { sshCommand } from './ssh-command.js';

/** What the operator gives for talking to remotes. */
export interface RemoteSetting extends RemoteLogin {
  readonly lookup: Lookup;
  /** Authorities that are trusted for https, in PEM. */
  readonly caFile?: string;
}

/** A repository whose address was checked: what a call of git needs to talk to it and to no other. */
export interface Remote {
  readonly href: string;
  readonly config: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Covers the login in what git says. */
  readonly conceal: (text: string) => string;
}

/** Finds and checks the addresses of a repository; rejects like `checkedAddresses`. */
export async function openRemote(
  url: RepoUrl,
  rules: SourceRules,
  setting: RemoteSetting,
  signal: AbortSignal,
): Promise<Remote> {
  const { href, scheme } = url;
  const env = { GIT_ALLOW_PROTOCOL: scheme };
  const { account } = setting;
  const conceal = concealing(account === undefined ? [] : [Buffer.from(account.password)]);
  if (scheme === 'file') return { href, config: {}, env, conceal };
  const addresses = await checkedAddresses(url, rules, setting.lookup, signal);
  if (scheme === 'https') {
    const config = httpsConfig(url, addresses, setting);
    return { href, config, env: { ...env, ...loginEnvironment(url, account) }, conceal };
  }
  const [address = ''] = addresses;
  const command = sshCommand(url, address, setting);
  return { href, config: {}, env: { ...env, GIT_SSH_COMMAND: command }, conceal };
}

function httpsConfig(
  { host, port }: RepoUrl,
  addresses: readonly string[],
  { caFile }: RemoteSetting,
): Record<string, string> {
  const list = addresses.map((address) => (isIP(address) === 6 ? `[${address}]` : address));
  return {
    'http.curloptResolve': `${host}:${port}:${list.join(',')}`,
    ...(caFile === undefined ? {} : { 'http.sslCAInfo': caFile }),
  };
}

/**
 * The header of a login, for this server alone: git does not follow where it leads. In the environment
 * of git, since every user of a machine can read arguments, and files stay when a process is killed.
 */
function loginEnvironment(
  { host, port }: RepoUrl,
  account: SourceAccount | undefined,
): Record<string, string> {
  if (account === undefined) return {};
  const login = Buffer.from(`${account.username}:${account.password}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.https://${host}:${port}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${login}`,
  };
}
