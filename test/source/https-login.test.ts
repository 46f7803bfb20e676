import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { silentLog } from '../../src/lib/log.js';
import { createGitSources } from '../../src/source/git-sources.js';
import type { SourceLocation, Sources } from '../../src/source/source.js';
import { foundIn } from '../helpers/canaries.js';
import { messageOf } from '../helpers/code-of.js';
import { echoLogin } from '../helpers/echo-servers.js';
import { aRepository, temporaryFolder } from '../helpers/git-repository.js';
import { aGitServer } from '../helpers/git-server.js';

const ACCOUNT = { username: 'ada', password: 'glpat-corr3ct-h0rse?&%' };
const LOGIN = Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64');
const NEVER = new AbortController().signal;
const RULES = { schemes: ['https'], privateAddresses: true } as const;
const LIMITS = { maxBytes: 1e6, maxFiles: 100, maxPathLength: 200, timeoutMs: 60_000 };
const quiet = (): void => undefined;

/** The arguments of all processes now. */
function allArguments(): string {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.map((id) => textOf(`/proc/${id}/cmdline`)).join('\n');
}

/** All files below a folder, one after the other. */
function allFiles(folder: string): string {
  const names = readdirSync(folder, { recursive: true }) as string[];
  return names.map((name) => textOf(join(folder, name))).join('\n');
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

const told = (text: string): boolean =>
  [ACCOUNT.password, encodeURIComponent(ACCOUNT.password), LOGIN].some((one) => text.includes(one));

interface World {
  readonly sources: Sources;
  readonly location: SourceLocation;
  readonly commit: string;
  readonly dataDir: string;
  /** What was in arguments and files while git talked to the server. */
  readonly seen: string[];
}

/** A server that asks for the account. */
async function aWorld(): Promise<World> {
  const repository = aRepository();
  const commit = repository.commit({ 'a.txt': 'a' });
  const dataDir = temporaryFolder('data');
  const seen: string[] = [];
  const intercept = ({ headers }: IncomingMessage, response: ServerResponse): boolean => {
    seen.push(allArguments(), allFiles(dataDir));
    if (headers.authorization === `Basic ${LOGIN}`) return false;
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    return true;
  };
  const { url, caFile } = await aGitServer(repository, { intercept });
  const lookup = async (): Promise<string[]> => ['127.0.0.1'];
  const sources = createGitSources({ dataDir, log: silentLog, caFile, lookup });
  const location = { repoUrl: url, branch: 'main', commit: '', secret: 'account' };
  return { sources, location, commit, dataDir, seen };
}

describe('a repository over https that asks for a login', () => {
  test('is fetched with an account, which nobody sees', async () => {
    const { sources, location, commit, dataDir, seen } = await aWorld();
    const found = await sources.resolve(location, RULES, NEVER, ACCOUNT);
    expect(found.commit).toBe(commit);
    const options = { rules: RULES, limits: LIMITS, credentials: ACCOUNT };
    const progress: string[] = [];
    const onProgress = (text: string): void => void progress.push(text);
    const { files } = await sources.fetch(location, commit, options, onProgress, NEVER);
    expect(files).toBe(1);
    expect(seen.length).toBeGreaterThan(2);
    expect([...seen, ...progress, allFiles(dataDir)].filter(told)).toEqual([]);
  });

  test('is in the cache for those who name the same Secret', async () => {
    const { sources, location, commit } = await aWorld();
    const options = { rules: RULES, limits: LIMITS, credentials: ACCOUNT };
    await sources.fetch(location, commit, options, quiet, NEVER);
    const { repoUrl } = location;
    expect(await sources.cached({ repoUrl, secret: 'account' }, commit)).toBeDefined();
    expect(await sources.cached({ repoUrl }, commit)).toBeUndefined();
    expect(await sources.cached({ repoUrl, secret: 'other' }, commit)).toBeUndefined();
    const anonymous = { repoUrl, branch: 'main', commit };
    const fetched = sources.fetch(
      anonymous,
      commit,
      { rules: RULES, limits: LIMITS },
      quiet,
      NEVER,
    );
    expect(await messageOf(fetched)).toContain('the server asks for a login');
  });

  test.each([
    ['no account', undefined],
    ['another password', { ...ACCOUNT, password: 'wr0ng-and-told-nobody' }],
    ['a key for ssh', { privateKey: Buffer.from('x') }],
  ])('says so when it is given %s', async (_, credentials) => {
    const { sources, location } = await aWorld();
    const message = await messageOf(sources.resolve(location, RULES, NEVER, credentials));
    expect(message).toMatch(/the server asks for a login.*name a Secret/);
    expect(message).not.toContain('wr0ng');
  });

  test('is quoted without the account when it repeats it', async () => {
    const repository = aRepository({ 'a.txt': 'a' });
    const { url, caFile } = await aGitServer(repository, { intercept: echoLogin });
    const lookup = async (): Promise<string[]> => ['127.0.0.1'];
    const log = silentLog;
    const sources = createGitSources({ dataDir: temporaryFolder('data'), log, caFile, lookup });
    const location = { repoUrl: url, branch: 'main', commit: '', secret: 'account' };
    const options = { rules: RULES, limits: LIMITS, credentials: ACCOUNT };
    const asks = [
      () => sources.resolve(location, RULES, NEVER, ACCOUNT),
      () => sources.tags(location, RULES, NEVER, ACCOUNT),
      () => sources.fetch(location, 'a'.repeat(40), options, quiet, NEVER),
    ];
    for (const ask of asks) {
      const message = await messageOf(ask());
      expect(message).toContain('remote error: no login Basic ');
      expect(foundIn(message, [ACCOUNT.password])).toEqual([]);
    }
  });
});
