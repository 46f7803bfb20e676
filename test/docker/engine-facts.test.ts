import { expect, test } from 'vitest';
import { EngineClient } from '../../src/docker/client.js';
import { EngineAbout } from '../../src/docker/engine-facts.js';
import { silentLog } from '../../src/lib/log.js';
import { VERSION, fakeEngine, json } from '../helpers/fake-engine.js';

async function factsOf(info: object) {
  const host = await fakeEngine((line, _request, response) =>
    json(response, line === 'GET /version' ? VERSION : info),
  );
  return new EngineAbout(new EngineClient(host), silentLog).facts();
}

test('says which limits the kernel of the host lacks', async () => {
  const info = { ID: 'id', DockerRootDir: '/data', MemTotal: 2048, MemoryLimit: false };
  expect(await factsOf({ ...info, CpuCfsQuota: true, PidsLimit: false })).toEqual({
    ...{
      id: 'id',
      dataRoot: '/data',
      memoryBytes: 2048,
      unlimited: new Set(['memoryBytes', 'pids']),
    },
  });
});

test('an engine that does not say can limit everything', async () => {
  expect((await factsOf({})).unlimited).toEqual(new Set());
});
