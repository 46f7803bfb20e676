import Type from 'typebox';
import { printable } from '../../../lib/printable.js';
import { matchesPattern } from '../../../lib/star-pattern.js';
import type { ModuleManifest } from '../../../model/module.js';
import { check, NotApplicable } from '../../check.js';
import { allowedList } from './allowed-list.js';
import { parseUrl } from '../../../lib/parse-url.js';

/** Ways that git can go; nothing else can be admitted. */
const SCHEMES = ['https', 'ssh', 'file'] as const;

/** The code comes over a way that says who the other side is. */
export const REPOSITORY_SCHEME = check({
  id: 'manifest/repository-scheme',
  title: 'The repository is fetched over an allowed scheme',
  severity: 'high',
  mode: 'enforce',
  about: 'manifest',
  why: 'Over http and git:// anybody on the way can change what is fetched, and file reads this host.',
  remedy: 'Write https://HOST/PATH or ssh://git@HOST/PATH, or allow the scheme in the policy',
  parameters: Type.Object({
    schemes: Type.Array(Type.Enum([...SCHEMES], { type: 'string' }), {
      default: ['https', 'ssh'],
      description: 'https, ssh or file',
    }),
  }),
  run({ manifest }, { schemes }) {
    const { scheme } = repositoryOf(manifest);
    if (schemes.some((one) => one === scheme)) return [];
    const shown = scheme === '' ? 'It has no scheme' : `Scheme "${printable(scheme, 40)}"`;
    const message = `${shown} is not allowed, only ${allowedList(schemes)}`;
    return [{ field: 'spec.source.repoUrl', message }];
  },
});

/** The code comes from where it is meant to. */
export const REPOSITORY_HOST = check({
  id: 'manifest/repository-host',
  title: 'The repository is on an allowed host',
  severity: 'high',
  mode: 'enforce',
  about: 'manifest',
  why: 'Whoever runs the host of a repository decides what a branch in it stands for.',
  remedy: 'Use a repository on an allowed host, or allow the host in the policy',
  parameters: Type.Object({
    hosts: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
      default: ['*'],
      maxItems: 100,
      description: 'Names of hosts; * stands for any text, as in *.example.org',
    }),
    privateAddresses: Type.Boolean({
      default: false,
      description:
        'Whether the host may have an address of a private network; looked at when it is fetched',
    }),
  }),
  run({ manifest }, { hosts }) {
    const { scheme, host } = repositoryOf(manifest);
    if (scheme === 'file') throw new NotApplicable('The repository is on this host');
    if (hosts.some((pattern) => matchesPattern(pattern.toLowerCase(), host))) return [];
    const shown = host === '' ? 'No host' : `Host "${printable(host)}"`;
    const message = `${shown} is not allowed, only ${allowedList(hosts)}`;
    return [{ field: 'spec.source.repoUrl', message }];
  },
});

/** `git@host:path`. */
const SCP_LIKE = /^[^@/:]+@(\[[^\]]+\]|[^@/:]+):(?!\/\/)/;

/** Scheme and host of the repository, lower case; empty for what it does not have. */
function repositoryOf({ spec: { source } }: ModuleManifest): { scheme: string; host: string } {
  if (source === undefined) throw new NotApplicable('The manifest names no source');
  const short = SCP_LIKE.exec(source.repoUrl)?.[1];
  if (short !== undefined) return { scheme: 'ssh', host: normalHost(short) };
  const url = parseUrl(source.repoUrl);
  if (url === undefined) return { scheme: '', host: '' };
  return { scheme: url.protocol.slice(0, -1), host: normalHost(url.hostname) };
}

/** What could be read as part of a host by one program, and as its end by another. */
const ODD = /[^\p{L}\p{M}\p{N}._[\]:-]/u;

/**
 * One way to write a host, empty for what is none: only the parser for https knows that 0x7f.1 is
 * 127.0.0.1.
 */
function normalHost(host: string): string {
  if (ODD.test(decoded(host))) return '';
  return parseUrl(`https://${host}/`)?.hostname.replace(/\.$/, '') ?? '';
}

function decoded(host: string): string {
  try {
    return decodeURIComponent(host);
  } catch {
    return '%';
  }
}
