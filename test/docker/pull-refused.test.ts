import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createDockerRuntime } from '../../src/docker/docker-runtime.js';
import type { Runtime } from '../../src/docker/runtime.js';
import { base64, foundIn } from '../helpers/canaries.js';
import { fakeEngine, json, VERSION } from '../helpers/fake-engine.js';

const LOGIN = { username: 'ada', password: 'canary-login-77e2' };
const NEVER = new AbortController().signal;
const IMAGE = 'registry.example/echo:1';

/** A registry's refusal, as the engine passes it on, that repeats what it was asked with. */
const WORDS = `denied: no login Basic ${base64(`ada:${LOGIN.password}`)}, ${LOGIN.password}`;

async function engine(): Promise<Runtime> {
  const dockerHost = await fakeEngine((line, _request, response) => {
    if (line.startsWith('POST /images/create'))
      return response.end(
        `${JSON.stringify({ status: WORDS })}\n${JSON.stringify({ error: WORDS })}\n`,
      );
    if (line.startsWith('GET /distribution')) return json(response, { message: WORDS }, 403);
    return json(response, { ...VERSION, Os: 'linux', Arch: 'amd64' });
  });
  return createDockerRuntime({ dockerHost, instanceId: 'instance-1' });
}

test('a registry that repeats a login is quoted without it', async () => {
  const runtime = await engine();
  const told: string[] = [];
  const errors = [
    await runtime
      .pullImage(IMAGE, (text) => told.push(text), NEVER, LOGIN)
      .catch((error: unknown) => error),
    await runtime.remoteDigest(IMAGE, NEVER, LOGIN).catch((error: unknown) => error),
  ];
  for (const error of errors) {
    expect(String(error)).toContain('denied: no login Basic ');
    expect(foundIn(inspect(error, { depth: 8, showHidden: true }), [LOGIN.password])).toEqual([]);
  }
  expect(told).toHaveLength(1);
  expect(foundIn(told.join(), [LOGIN.password])).toEqual([]);
});
