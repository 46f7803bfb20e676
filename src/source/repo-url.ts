import { posix } from 'node:path';
import { findHidden, printable } from '../lib/printable.js';
import { RegistrarError } from '../model/errors.js';
import { maskCredentials } from './clean-text.js';
import type { SourceRules, SourceScheme } from './source.js';
import { parseUrl } from '../lib/parse-url.js';

const MAX_LENGTH = 2048;
/** `git@host:path`: no scheme, and the colon comes before any slash. */
const SCP_LIKE = /^([^@/:]+)@(\[[^\]]+\]|[^@/:]+):(?!\/\/)\/*(.+)$/;
const FORMS = 'write https://HOST/PATH or ssh://git@HOST/PATH';
const LABEL = '[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?';
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-f:.]+\\])$`);
const USER = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

const DEFAULT_PORTS: Readonly<Record<SourceScheme, number>> = { https: 443, ssh: 22, file: 0 };

/** A repository, in the one form that is given to git and that the cache is keyed by. */
export interface RepoUrl {
  readonly scheme: SourceScheme;
  /** Normal form: no credentials, no numbers or escapes that stand for another host. */
  readonly href: string;
  /** Name or address, IPv6 in brackets; empty for a file. */
  readonly host: string;
  /** 0 for a file. */
  readonly port: number;
}

/**
 * Reads the URL of a repository. INVALID for one that is malformed, has credentials in it or could
 * make git run something; SOURCE_REFUSED for a scheme that the rules do not admit.
 */
export function parseRepoUrl(text: string, { schemes }: Pick<SourceRules, 'schemes'>): RepoUrl {
  const url = toUrl(text);
  const scheme = schemeOf(url, text);
  if (!schemes.includes(scheme)) throw schemeRefused(scheme, schemes, text);
  if (url.search !== '' || url.hash !== '')
    throw invalid(text, 'leave out what follows "?" or "#"');
  return scheme === 'file' ? fileUrl(url, text) : remoteUrl(url, scheme, text);
}

function toUrl(text: string): URL {
  if (text.length > MAX_LENGTH) throw invalid(text, `it is longer than ${MAX_LENGTH} characters`);
  if (text.startsWith('-')) throw invalid(text, 'it begins with "-"');
  // The URL parser drops tabs and line feeds without a word.
  if (/\s/.test(text) || findHidden(text) !== undefined) {
    throw invalid(text, 'it contains a space or a hidden character');
  }
  const full = text.replace(SCP_LIKE, 'ssh://$1@$2/$3');
  // `ext::…` is a scheme of git's that runs what follows.
  const url = /^[a-z]+:\/\//i.test(full) ? parseUrl(full) : undefined;
  if (url === undefined) throw invalid(text, FORMS);
  return url;
}

function schemeOf({ protocol }: URL, text: string): SourceScheme {
  const name = protocol.slice(0, -1);
  if (name === 'https' || name === 'ssh' || name === 'file') return name;
  throw invalid(text, FORMS);
}

function remoteUrl(url: URL, scheme: 'https' | 'ssh', text: string): RepoUrl {
  refuseCredentials(url, scheme, text);
  const host = hostOf(url, text);
  const path = url.pathname.replace(/\/+$/, '');
  if (path === '') throw invalid(text, 'the path of the repository is missing');
  if (path.startsWith('/-')) throw invalid(text, 'its path begins with "-"');
  const port = url.port === '' ? DEFAULT_PORTS[scheme] : Number(url.port);
  if (port === 0) throw invalid(text, 'there is no port 0');
  const authority = port === DEFAULT_PORTS[scheme] ? host : `${host}:${port}`;
  const user = url.username === '' ? '' : `${url.username}@`;
  return { scheme, href: `${scheme}://${user}${authority}${path}`, host, port };
}

function refuseCredentials(url: URL, scheme: 'https' | 'ssh', text: string): void {
  if (url.password !== '' || (scheme === 'https' && url.username !== '')) {
    const remedy = 'for a private repository name a Secret in "spec.source.secret"';
    throw invalid(
      text,
      `it contains credentials, which everybody who may read the module sees; ${remedy}`,
    );
  }
  if (url.username !== '' && !USER.test(url.username)) throw invalid(text, 'its user is malformed');
}

/** Only the parser for https knows that 0x7f.1 is 127.0.0.1, and what an international name is. */
function hostOf({ hostname }: URL, text: string): string {
  // With a dot at its end it is the same host, which curl would not find among the pinned ones.
  const host = parseUrl(`https://${hostname}/`)?.hostname.replace(/\.$/, '') ?? '';
  if (HOST.test(host)) return host;
  throw invalid(text, 'its host is malformed');
}

function fileUrl(url: URL, text: string): RepoUrl {
  const path = url.pathname.replace(/\/+$/, '');
  if (url.host !== '' || path === '' || posix.normalize(path) !== path) {
    throw invalid(text, 'write file:///PATH with an absolute path');
  }
  return { scheme: 'file', href: `file://${path}`, host: '', port: 0 };
}

function schemeRefused(
  scheme: SourceScheme,
  schemes: readonly SourceScheme[],
  text: string,
): RegistrarError {
  const admitted = schemes.length === 0 ? 'no scheme' : schemes.map((one) => `"${one}"`).join(', ');
  const message = `Cannot use repository "${show(text)}": the policy does not admit "${scheme}", it admits ${admitted}`;
  return new RegistrarError('SOURCE_REFUSED', message);
}

const show = (text: string): string => printable(maskCredentials(text));

function invalid(text: string, why: string): RegistrarError {
  return new RegistrarError('INVALID', `Cannot use repository "${show(text)}": ${why}`);
}
