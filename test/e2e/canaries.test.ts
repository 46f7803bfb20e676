import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureSshServer } from '../../bin/lib/test-clients.js';
import { DEFINITIONS } from '../../src/kinds/registered.js';
import { groupPath } from '../../src/api/resources/resource-routes.js';
import type { Authority } from '../../src/api/serving/tls/issue.js';
import { API_VERSION } from '../../src/model/names.js';
import { base64, foundIn } from '../helpers/canaries.js';
import { anAuthority } from '../helpers/certificates.js';
import { API, CanarySite } from '../helpers/canary-site.js';
import { echoingRegistry, echoLogin } from '../helpers/echo-servers.js';
import { docker, SAMPLE_IMAGE } from '../helpers/engine.js';
import { aRepository } from '../helpers/git-repository.js';
import { aGitServer } from '../helpers/git-server.js';
import { CREDENTIALS, registryProblem, startRegistry } from '../helpers/image-registry.js';
import { LeakSearch } from '../helpers/leak-search.js';
import { conditionOf } from '../helpers/live-modules.js';
import { memoryFolder } from '../helpers/memory-folder.js';
import { goodFiles } from '../helpers/module-repository.js';
import { anSshKeyFile } from '../helpers/signing.js';
import { anSshServer } from '../helpers/ssh-server.js';
import { tempFolder } from '../helpers/temp-folder.js';

/** What is to be found nowhere but where it is used. Names say what each is. */
const VALUES: Record<string, string> = {
  variable: 'cnry-var-41d0?&/',
  rotatedVariable: 'cnry-rot-9b2c',
  file: 'cnry-file-7e35"\\',
  crashedVariable: 'cnry-crv-0f81',
  crashedFile: 'cnry-crf-c64a',
  stuckField: 'cnry-stuck-2d97',
  probeOutput: 'cnry-probe-58ee',
  builtIn: 'cnry-built-e370',
  failedBuild: 'cnry-fbld-16ad',
  registryPassword: CREDENTIALS.password,
  wrongRegistryPassword: 'cnry-wrp-83bc',
  echoedRegistryPassword: 'cnry-erp-f50d',
  repositoryPassword: 'cnry-git-6a19',
  echoedRepositoryPassword: 'cnry-ego-d27f',
  urlPassword: 'cnry-url-31c6',
  wrongToken: 'rgt_cnry-wrong-token-b84e',
  basicPassword: 'cnry-bas-07d3',
  queryToken: 'cnry-qry-e19a',
  hookToken: 'cnry-hook-5cf2',
  wrongHookToken: 'cnry-whk-a08b',
  lastApplied: 'cnry-last-94e7',
  refusedValue: 'cnry-ref-2b6c',
  misplacedValue: 'cnry-mis-d1f5',
  configFile: 'cnry-cfg-78a0',
  brokenConfigFile: 'cnry-brk-c3e4',
};

const POLICY = `apiVersion: registrar.synapsis.network/v1
kind: Policy
metadata: { name: local }
spec:
  checks:
    - { id: manifest/image-registry, mode: "off" }
    - { id: manifest/repository-scheme, parameters: { schemes: [https, ssh, file] } }
    - { id: manifest/repository-host, parameters: { privateAddresses: true } }
`;

// Before the site: what is made first is removed last, when no daemon writes any more.
const secretsDir = memoryFolder(afterAll);
const here = new CanarySite();
const { site, modules, answers } = here;
const { ask, cli, secret } = {
  ask: here.ask.bind(here),
  cli: here.cli.bind(here),
  secret: here.secret.bind(here),
};
let authority: Authority;

beforeAll(async () => {
  const file = (name: string): string => join(site.dataDir, '..', name);
  authority = await anAuthority();
  writeFileSync(file('ca.pem'), authority.certificate.toString());
  VALUES['keyOfSecrets'] = randomBytes(32).toString('base64');
  writeFileSync(file('kek'), VALUES['keyOfSecrets']);
  site.declare('policy.yaml', POLICY);
  const kek = ['--kek-command', JSON.stringify(['cat', file('kek')])];
  await here.start(['--git-ca', file('ca.pem'), '--secrets-dir', secretsDir, ...kek]);
});

const HEAD = { apiVersion: API_VERSION, kind: 'Secret' };

const fromSecret = (name: string, key: string) => ({
  ...{ name: 'K', valueFrom: { secretKeyRef: { name, key } } },
});
const asFiles = (secretName: string) => [
  { name: 'keys', mountPath: '/keys', secret: { secretName } },
];

/** Prints a value as programs do that should not, and ends. */
const telling = (value: string): string[] => [
  'sh',
  '-c',
  `sleep 1; V="${value}"; echo "value $V"; printf "u:$V" | base64; printf "a:u:$V" | base64; printf "ab:u:$V" | base64; printf "$V" | hexdump -v -e '1/1 "%02x"'; echo; exit 3`,
];
const because = (name: string, reason: string) =>
  modules.until(name, reason, (one) => conditionOf(one, 'Ready')?.reason === reason);

/** Nothing here takes long, but there is much of it. */
const SLOW = { timeout: 240_000 };

describe('secrets are planted', SLOW, () => {
  it('in what modules run with, print, and answer', async () => {
    const { variable = '', file = '', crashedVariable = '', crashedFile = '' } = VALUES;
    const { stuckField = '', probeOutput = '', rotatedVariable = '' } = VALUES;
    await secret('app', { variable, crashedVariable, stuckField, probeOutput });
    await secret('files', { file });
    await secret('crash-files', { file: crashedFile });
    await modules.create('good', {
      ...{ env: [fromSecret('app', 'variable')], volumes: asFiles('files') },
    });
    await modules.create('crash', { env: [fromSecret('app', 'crashedVariable')] });
    await modules.create('crash-file', { volumes: asFiles('crash-files') });
    await modules.create('stuck', {
      env: [fromSecret('app', 'stuckField')],
      command: [
        'sh',
        '-c',
        'echo "{\\"height\\":\\"$K\\"}" > /tmp/height; httpd -f -p 8080 -h /tmp',
      ],
      progressCheck: { http: { path: '/height', port: 8080, field: 'height' }, withinSeconds: 5 },
    });
    await modules.create('sick', {
      env: [fromSecret('app', 'probeOutput')],
      healthCheck: {
        exec: { command: ['sh', '-c', 'echo "no: $K"; echo "no: $K" >&2; exit 1'] },
        ...{ intervalSeconds: 1, timeoutSeconds: 5, retries: 1 },
      },
    });
    await modules.untilReady('good');
    await cli(['secret', 'set', 'app', 'variable'], rotatedVariable);
    for (const [name, value] of Object.entries({
      crash: '$K',
      'crash-file': '$(cat /keys/file)',
    })) {
      await modules.untilReady(name);
      await modules.change(name, { command: telling(value), strategy: { minReadySeconds: 5 } });
    }
    for (const name of ['crash', 'crash-file']) await because(name, 'RolledBack');
    await modules.until('stuck', 'it is stuck', ({ status }) =>
      JSON.stringify(status).includes('Stuck'),
    );
    await modules.until('sick', 'it is unhealthy', ({ status }) =>
      JSON.stringify(status).includes('nhealthy'),
    );
    const [shown] = (await site.containers()).filter(({ module }) => module === 'good');
    const { Config } = await docker()
      .getContainer(shown?.id ?? '')
      .inspect();
    // What the engine has to hold: it is there, so the search would find it elsewhere.
    expect(foundIn(JSON.stringify(Config.Env), [variable, rotatedVariable])).toHaveLength(1);
  });

  it('in logins of registries of images', async ({ skip }) => {
    const problem = await registryProblem();
    if (problem !== undefined) return skip(problem);
    const { wrongRegistryPassword = '' } = VALUES;
    const registry = await startRegistry({ login: true });
    const { Id } = await docker().getImage(SAMPLE_IMAGE).inspect();
    await registry.push(docker(), Id, 'private', '1');
    const login = { registry: registry.address, username: CREDENTIALS.username };
    await secret('login', { ...login, password: wrongRegistryPassword }, 'registry');
    const image = { image: `${registry.address}/private:1`, imagePullSecret: 'login' };
    await modules.create('private', image);
    await because('private', 'ImageNotFound');
    await ask('PATCH', `${API}/secrets/login`, {
      body: { stringData: { password: CREDENTIALS.password } },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    await modules.untilReady('private');
    await registry.stop();
    // The module needs its image; its name is of a registry that is gone.
    await docker().getImage(image.image).remove();
  });

  it('in the login of a registry that repeats it', async () => {
    const { echoedRegistryPassword = '' } = VALUES;
    const echo = await echoingRegistry();
    const other = { registry: echo, username: 'ada', password: echoedRegistryPassword };
    await secret('echo-login', other, 'registry');
    await modules.create('echo', { image: `${echo}/echo:1`, imagePullSecret: 'echo-login' });
    await modules.until('echo', 'it is not pulled', (one) =>
      /Image/.test(conditionOf(one, 'ImageReady')?.reason ?? ''),
    );
  });

  it('in logins of repositories, in URLs, and in what builds print', async () => {
    const { repositoryPassword = '', echoedRepositoryPassword = '', urlPassword = '' } = VALUES;
    const { builtIn = '', failedBuild = '' } = VALUES;
    // In two parts, so that the repository does not hold it.
    const printing = (value: string, end: string) => ({
      Dockerfile: [
        `FROM ${SAMPLE_IMAGE}`,
        `RUN printf '%s%s is it\\n' '${value.slice(0, 6)}' '${value.slice(6)}'; ${end}`,
        'USER 10001:10001',
        'CMD ["sleep", "3600"]',
      ].join('\n'),
    });
    const repository = aRepository(goodFiles(SAMPLE_IMAGE));
    repository.commit(printing(builtIn, 'true'));
    const bad = { ...goodFiles(SAMPLE_IMAGE), ...printing(failedBuild, 'exit 4') };
    repository.commit(bad, { branch: 'bad' });
    const wanted = `Basic ${base64(`ada:${repositoryPassword}`)}`;
    const names = ['127.0.0.1'];
    const server = await aGitServer(repository, {
      ...{ authority, names },
      intercept: ({ headers }, response) => {
        if (headers.authorization === wanted) return false;
        response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
        return true;
      },
    });
    const echo = await aGitServer(repository, { authority, names, intercept: echoLogin });
    const [good, other] = [server, echo].map((one) => one.url.replace('git.test', '127.0.0.1'));
    const host = (of: string | undefined): string => new URL(of ?? '').host;
    const account = { username: 'ada', password: repositoryPassword };
    await secret('account', { host: host(good), ...account }, 'basic');
    const echoed = { username: 'ada', password: echoedRepositoryPassword };
    await secret('echo-account', { host: host(other), ...echoed }, 'basic');
    await secret('building', { builtIn, failedBuild });
    const from = (repoUrl: string | undefined, name: string, branch = 'main') => ({
      ...{ image: '', source: { repoUrl, branch, secret: name } },
    });
    await modules.create('built', {
      ...from(good, 'account'),
      env: [fromSecret('building', 'builtIn')],
    });
    await modules.create('unbuilt', {
      ...{ ...from(good, 'account', 'bad'), env: [fromSecret('building', 'failedBuild')] },
    });
    await modules.create('echoed', from(other, 'echo-account'));
    const withLogin = good?.replace('://', `://ada:${urlPassword}@`);
    await ask('POST', `${API}/modules`, {
      body: {
        ...{ ...HEAD, kind: 'Module', metadata: { name: 'url' } },
        spec: { version: '1.0.0', type: 'miner', license: 'MIT', source: { repoUrl: withLogin } },
      },
    });
    await modules.untilReady('built');
    await because('unbuilt', 'BuildFailed');
    await because('echoed', 'SourceUnavailable');
  });

  it('in deploy keys', async ({ skip }) => {
    const sshd = await ensureSshServer();
    if (sshd === undefined) return skip('OpenSSH is no server here');
    const server = await anSshServer(sshd);
    const knownHosts = readFileSync(server.knownHostsFile, 'utf8').replace('git.test', '127.0.0.1');
    const [right, wrong] = [server.sshKeyFile, anSshKeyFile()].map((path) =>
      readFileSync(path, 'utf8'),
    );
    // A line of the middle of each: it is in no public key.
    VALUES['deployKey'] = right?.split('\n')[3] ?? '';
    VALUES['wrongDeployKey'] = wrong?.split('\n')[3] ?? '';
    const repository = aRepository(goodFiles(SAMPLE_IMAGE));
    const repoUrl = server.url(repository).replace('git.test', '127.0.0.1');
    await secret('deploy', { privateKey: right ?? '', knownHosts }, 'ssh');
    await secret('wrong-deploy', { privateKey: wrong ?? '', knownHosts }, 'ssh');
    await modules.create('by-ssh', { image: '', source: { repoUrl, secret: 'deploy' } });
    await modules.create('not-by-ssh', { image: '', source: { repoUrl, secret: 'wrong-deploy' } });
    await modules.untilReady('by-ssh');
    await because('not-by-ssh', 'SourceUnavailable');
  });

  it('in requests: tokens, webhooks, and Secrets that are written well and badly', async () => {
    const { wrongToken, basicPassword, queryToken = '', hookToken = '', wrongHookToken } = VALUES;
    const { lastApplied = '', refusedValue = '', misplacedValue } = VALUES;
    const made = await site.cli(['token', 'create', 'bot', '--role', 'admin']);
    VALUES['token'] = /rgt_[\w-]+/.exec(made.stdout)?.[0] ?? '';
    VALUES['firstToken'] = here.token;
    const bearer = (token: string | undefined) => ({ authorization: `Bearer ${token}` });
    expect(await ask('GET', `${API}/modules`, { headers: bearer(VALUES['token']) })).toBe(200);
    expect(await ask('DELETE', `${API}/modules/none`, { headers: bearer(wrongToken) })).toBe(401);
    const basic = { authorization: `Basic ${base64(`ada:${basicPassword}`)}` };
    expect(await ask('POST', `${API}/modules`, { headers: basic, body: '{}' })).toBe(401);
    await ask('GET', `/nothing?access_token=${encodeURIComponent(queryToken)}`);
    await ask('POST', `${API}/modules?token=${queryToken}`, { headers: bearer('rgt_no') });
    expect(await ask('DELETE', `${API}/tokens/bot`)).toBe(200);
    expect(await ask('GET', `${API}/modules`, { headers: bearer(VALUES['token']) })).toBe(401);
    await secret('hook', { token: hookToken });
    const { source } = (await modules.find('built'))?.spec ?? {};
    const body = { project: { git_http_url: source?.repoUrl } };
    await modules.change('built', {
      updates: { webhookSecret: 'hook', policy: 'Follow', intervalSeconds: 604_800 },
    });
    const hook = (token: string | undefined) =>
      ask('POST', '/hooks/git', { body, headers: { 'x-gitlab-token': token ?? '' } });
    expect(await hook(hookToken)).toBe(202);
    expect(await hook(wrongHookToken)).toBe(401);
    const applied = { ...HEAD, metadata: { name: 'applied' }, stringData: { a: lastApplied } };
    const note = 'kubectl.kubernetes.io/last-applied-configuration';
    const metadata = { name: 'applied', annotations: { [note]: JSON.stringify(applied) } };
    expect(await ask('POST', `${API}/secrets`, { body: { ...applied, metadata } })).toBe(201);
    for (const bad of [
      { ...HEAD, metadata: { name: 'bad' }, data: { a: refusedValue } },
      { ...HEAD, metadata: { name: 'bad' }, type: 'ssh', stringData: { a: refusedValue } },
      {
        ...HEAD,
        metadata: { name: 'bad', labels: { a: refusedValue } },
        stringData: { a: refusedValue },
      },
      `{"kind":"Secret","stringData":{"a":"${refusedValue}"`,
    ]) {
      expect(await ask('POST', `${API}/secrets`, { body: bad })).toBeGreaterThanOrEqual(400);
    }
    await ask('POST', `${API}/modules`, {
      body: {
        ...HEAD,
        kind: 'Module',
        metadata: { name: 'bad' },
        spec: { env: { K: misplacedValue } },
      },
    });
    await cli(['apply', '-f', '-'], `kind: Secret\nstringData: {a: "${refusedValue}"`);
  });

  it('in the config directory', async () => {
    const { configFile, brokenConfigFile } = VALUES;
    const text = `apiVersion: registrar.synapsis.network/v1\nkind: Secret\nmetadata: { name: inFile }\nstringData: { a: ${configFile} }\n`;
    site.declare('secret.yaml', text);
    site.declare(
      'broken.yaml',
      `kind: Module\nspec: { env: [{ name: K, value: "${brokenConfigFile}" }\n`,
    );
    const told = (): boolean =>
      ['broken.yaml', 'secret.yaml'].every((file) => here.log.includes(file));
    await expect.poll(told, { timeout: 60_000, interval: 1_000 }).toBe(true);
  });
});

/** All that the API has to tell, and what commands make of it. */
async function readAll(): Promise<void> {
  for (const definition of DEFINITIONS) {
    const path = `${groupPath(definition)}/${definition.plural}`;
    await ask('GET', path);
    await ask('GET', `${path}?watch=true&resourceVersion=1&timeoutSeconds=1`);
  }
  for (const path of ['/auditz?limit=1000', '/metrics', '/healthz', '/readyz', '/openapi/v3']) {
    await ask('GET', path);
  }
  const names = (await site.containers()).map(({ module }) => module);
  for (const name of new Set([...names, 'unbuilt', 'echo', 'echoed', 'url', 'not-by-ssh'])) {
    await cli(['describe', name]);
    await cli(['trust', name]);
    await cli(['logs', name, '--build']);
    await ask('GET', `${API}/modules/${name}/trust`);
  }
  await cli(['events']);
  await cli(['get', 'modules', '-o', 'wide']);
}

it('and are found nowhere', SLOW, async () => {
  await readAll();
  const search = new LeakSearch(VALUES);
  for (const text of answers) search.look(`the answer ${text.slice(0, 60)}`, text);
  search.look('the log', here.log);
  search.lookAtData(site);
  await search.lookAtEngine(site);
  const backup = join(tempFolder(), 'store.backup');
  await cli(['backup', '--output', backup]);
  search.look('the backup', readFileSync(backup, 'latin1'));
  expect(search.places).toBeGreaterThan(100);
  expect(search.leaks).toEqual([]);
});

it('all of it was there to be told', () => {
  const told = answers.join('\n');
  const words = [
    /Cannot pull image "127\.0\.0\.1:\d+\/echo:1": .* no login Basic \S*\*\*\*/,
    /remote error: no login Basic \S*\*\*\*/,
    /it printed: \*\*\* is it/,
    /^\*\*\* is it$/m,
    /\(masked: it may hold a secret\)/,
    /it is a text of 15 characters/,
  ];
  expect(words.filter((one) => !one.test(told)).map(String)).toEqual([]);
});
