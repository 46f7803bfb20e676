import { describe, expect, it } from 'vitest';
import { SAMPLE_IMAGE } from '../../bin/lib/sample-image.js';
import { base64, CANARIES, foundIn, foundInFiles } from '../helpers/canaries.js';
import { docker } from '../helpers/engine.js';
import { aCluster } from './cluster.js';
import type { Ran } from './shell.js';

const cluster = aCluster(async () => {
  for (const [file, text] of Object.entries(FILES)) cluster.write(file, text);
});

const secret = (values: string): string => `apiVersion: registrar.synapsis.network/v1
kind: Secret
metadata: { name: keys }
${values}`;

const FILES = {
  'first.yaml': secret(
    `data: { data: ${base64(CANARIES.data)} }\nstringData: { client: ${CANARIES.client}, text: ${JSON.stringify(CANARIES.text)} }\n`,
  ),
  'second.yaml': secret(
    `data: { data: ${base64(CANARIES.data)} }\nstringData: { client: ${CANARIES.put} }\n`,
  ),
  'server.yaml': secret(`stringData: { applied: ${CANARIES.applied} }\n`),
  'bad.yaml': secret(`data: { data: ${CANARIES.env} }\n`),
  'web.yaml': `apiVersion: registrar.synapsis.network/v1
kind: Module
metadata: { name: web }
spec:
  version: 1.0.0
  type: miner
  license: MIT
  image: ${SAMPLE_IMAGE}
  env:
    - { name: API_KEY, valueFrom: { secretKeyRef: { name: keys, key: applied } } }
    - { name: TOKEN, valueFrom: { secretKeyRef: { name: keys, key: typed } } }
`,
};

/** All that kubectl and the command line printed. */
const printed: string[] = [];

async function kubectl(command: string): Promise<Ran> {
  const ran = await cluster.run(`kubectl ${command}`);
  printed.push(ran.stdout, ran.stderr);
  return ran;
}

async function registrar(args: readonly string[], input = ''): Promise<void> {
  const { code, stdout, stderr } = await cluster.site.cli(args, input);
  printed.push(stdout, stderr);
  expect({ code, args }).toEqual({ code: 0, args });
}

const keys = async (): Promise<string[]> => {
  const { stdout } = await kubectl('get secret keys -o json');
  return Object.keys((JSON.parse(stdout) as { data: object }).data);
};

/** The environment of the containers of the module, as the engine has it. */
async function environments(): Promise<string[][]> {
  const containers = await cluster.site.containers();
  return Promise.all(
    containers.map(async ({ id }) => (await docker().getContainer(id).inspect()).Config.Env),
  );
}

describe('kubectl and Secrets', () => {
  it('applies them, and remembers no value', async () => {
    expect((await kubectl('apply -f first.yaml')).stdout).toContain('keys created');
    expect(await keys()).toEqual(['client', 'data', 'text']);
    const { stdout } = await kubectl('get secret keys -o yaml');
    expect(stdout).toContain('kubectl.kubernetes.io/last-applied-configuration');
    // What is not said any more goes, also when it was said as text.
    expect((await kubectl('apply -f second.yaml')).stdout).toContain('keys configured');
    expect(await keys()).toEqual(['client', 'data']);
  });

  it('applies them on the server, and edits what it reads', async () => {
    // kubectl takes over what it applied by itself, so that the rest goes.
    expect((await kubectl('apply --server-side -f server.yaml')).code).toBe(0);
    expect(await keys()).toEqual(['applied']);
    expect((await kubectl('get secret keys -o yaml | kubectl replace -f -')).stdout).toContain(
      'keys replaced',
    );
    await kubectl(
      `patch secret keys --type merge -p '{"stringData":{"merge":"${CANARIES.merge}"}}'`,
    );
    expect(await keys()).toEqual(['applied', 'merge']);
    expect((await kubectl('diff -f second.yaml')).code).toBeLessThanOrEqual(1);
    expect((await kubectl('apply -f bad.yaml')).code).toBe(1);
    await kubectl('label secret keys a=b');
    await kubectl('get secrets -o wide');
    await kubectl('describe secret keys');
  });

  it('runs a module with values that are in its environment and nowhere else', async () => {
    await registrar(['secret', 'set', 'keys', 'typed'], `${CANARIES.typed}\n`);
    await kubectl('apply -f web.yaml');
    await cluster.untilReady('web');
    const [environment] = await environments();
    expect(environment).toContain(`API_KEY=${CANARIES.applied}`);
    expect(environment).toContain(`TOKEN=${CANARIES.typed}`);
    const before = (await cluster.module('web')).status.currentRevision as string;
    await registrar(['secret', 'set', 'keys', 'typed'], CANARIES.literal);
    await expect
      .poll(async () => (await environments()).flat(), { timeout: 60_000 })
      .toContain(`TOKEN=${CANARIES.literal}`);
    // Until then there is a container of the revision before, which is none of the chain of trust.
    await expect.poll(async () => (await environments()).length, { timeout: 60_000 }).toBe(1);
    await cluster.untilReady('web');
    expect((await cluster.module('web')).status.currentRevision).not.toBe(before);
    await registrar(['trust', 'web']);
    await kubectl('delete secret keys');
    await expect
      .poll(async () => JSON.stringify((await cluster.module('web')).status), { timeout: 60_000 })
      .toContain('SecretMissing');
    expect((await environments()).flat()).toContain(`TOKEN=${CANARIES.literal}`);
    for (const kind of ['modules', 'revisions', 'reports', 'events', 'pods', 'secrets']) {
      await kubectl(`get ${kind} -o yaml`);
    }
    for (const args of [['describe', 'web'], ['audit'], ['events']]) {
      await registrar(args);
    }
    expect(printed.filter((text) => foundIn(text).length > 0)).toEqual([]);
    expect(foundInFiles(cluster.site.dataDir)).toEqual([]);
    expect(foundIn(cluster.log())).toEqual([]);
  });
});
