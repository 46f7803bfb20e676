import { json as readJson } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { EngineClient } from '../../src/docker/client.js';
import { SCRATCH_LABEL, scratchName } from '../../src/docker/names.js';
import { NO_PROGRAM, Scratch } from '../../src/docker/scratch.js';
import { INSTANCE_LABEL } from '../../src/model/owner.js';
import { VERSION, fakeEngine, json } from '../helpers/fake-engine.js';

const scratchOf = (Id: string, instance: string, name = scratchName(instance, Id)) => ({
  ...{ Id, Names: [`/${name}`], Labels: { [INSTANCE_LABEL]: instance, [SCRATCH_LABEL]: 'true' } },
});

/** Removes the leftovers among `listed`; resolves to the paths that were deleted. */
async function removed(listed: unknown, status = 204): Promise<string[]> {
  const deleted: string[] = [];
  const host = await fakeEngine((line, { method }, response) => {
    if (method === 'DELETE') {
      deleted.push(line.replace('DELETE ', ''));
      const message = 'removal of container a is already in progress';
      return status === 204
        ? response.writeHead(status).end()
        : json(response, { message }, status);
    }
    json(response, line === 'GET /version' ? VERSION : listed);
  });
  await new Scratch(new EngineClient(host), 'mine').removeLeftovers();
  return deleted;
}

test('removes its own only, whatever an engine lists that does not heed the filter', async () => {
  const foreign = { Id: 'web', Names: ['/web'], Labels: {} };
  const listed = [scratchOf('a', 'mine'), scratchOf('b', 'other'), foreign, {}, null];
  expect(await removed(listed)).toEqual(['/containers/a']);
});

test('a container of a module is none, whatever labels its image gave it', async () => {
  expect(await removed([scratchOf('a', 'mine', 'web-aaaaaaa-0')])).toEqual([]);
});

test.each([404, 409])('one that another removes meanwhile (%i) is no failure', async (status) => {
  const both = [scratchOf('a', 'mine'), scratchOf('b', 'mine')];
  expect(await removed(both, status)).toEqual(['/containers/a', '/containers/b']);
});

test.each([
  ['an image', {}, []],
  ['a volume', { volume: 'v' }, [{ Type: 'volume', Source: 'v', Target: '/registrar/volume' }]],
  [
    ...['a folder', { folder: { source: '/run/registrar/a', target: '/registrar-b' } }],
    [{ Type: 'bind', Source: '/run/registrar/a', Target: '/registrar-b' }],
  ],
] as const)(
  'one that opens %s is never started, and could do nothing',
  async (_what, input, mounts) => {
    const lines: string[] = [];
    let body: unknown;
    const host = await fakeEngine((line, request, response) => {
      lines.push(line);
      if (line === 'GET /version') return json(response, VERSION);
      if (!line.startsWith('POST')) return void response.writeHead(204).end();
      void readJson(request).then((read) => {
        body = read;
        json(response, { Id: 'a' }, 201);
      });
    });
    const scratch = new Scratch(new EngineClient(host), 'mine');
    expect(await scratch.use({ imageId: 'sha256:image', ...input }, async (id) => id)).toBe('a');
    const calls = lines.filter((line) => line !== 'GET /version');
    expect(calls).toEqual(['POST /containers/create', 'DELETE /containers/a']);
    expect(body).toEqual({
      ...{ Image: 'sha256:image', Entrypoint: [NO_PROGRAM] },
      Labels: { [INSTANCE_LABEL]: 'mine', [SCRATCH_LABEL]: 'true' },
      HostConfig: { NetworkMode: 'none', CapDrop: ['ALL'], Mounts: mounts },
    });
  },
);
