import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createDockerRuntime } from '../../src/docker/docker-runtime.js';
import { foundIn } from '../helpers/canaries.js';
import { fakeEngine, json, VERSION } from '../helpers/fake-engine.js';
import { aRequest, aTemplate } from '../helpers/requests.js';

const VALUE = 'canary-"value"-5e1b';

/** An engine that refuses every container, in these words. */
async function refusing(words: string): Promise<unknown> {
  const dockerHost = await fakeEngine((line, _request, response) => {
    if (line === 'POST /containers/create') return json(response, { message: words }, 400);
    if (line.startsWith('GET /networks')) return json(response, []);
    if (line === 'POST /networks/create') return json(response, { Id: 'network' }, 201);
    return json(response, { ...VERSION, Os: 'linux', Arch: 'amd64' });
  });
  const runtime = createDockerRuntime({ dockerHost, instanceId: 'instance-1' });
  const env = [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'api' } } }];
  const securityContext = { ...aTemplate().securityContext, runAsUser: 1000 };
  const secrets = new Map([['KEY', VALUE]]);
  const request = aRequest('sha256:image', {}, { env, securityContext }, secrets);
  return runtime.create(request).catch((error: unknown) => error);
}

test.each([VALUE, JSON.stringify(VALUE), encodeURIComponent(VALUE)])(
  'what an engine quotes of an environment is not told: %s',
  async (quoted) => {
    const error = await refusing(`invalid environment variable: KEY=${quoted}`);
    expect(error).toMatchObject({ code: 'INVALID' });
    expect(foundIn(inspect(error, { depth: 8, showHidden: true }), [VALUE])).toEqual([]);
  },
);

test('what it says of other things is told as it is', async () => {
  expect(String(await refusing('bad memory limit'))).toContain('bad memory limit');
});
