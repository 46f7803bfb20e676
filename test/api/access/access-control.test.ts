import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { accessControl } from '../../../src/api/access/access-control.js';
import { endpoint } from '../../../src/api/endpoint.js';
import { GROUP } from '../../../src/model/names.js';
import { silentLog } from '../../../src/lib/log.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { openTempRegistry } from '../../helpers/temp-registry.js';

async function guarded(): Promise<FastifyInstance> {
  const { registry } = await openTempRegistry();
  const server = fastify({ exposeHeadRoutes: false });
  const deps = { registry, clock: new FakeClock(), log: silentLog, token: 'secret' };
  accessControl(server, deps, { retire: () => undefined });
  return server;
}

const answer = (): string => 'here';

describe('a route', () => {
  it.each([
    ['that no row is for', (server) => endpoint(server, '/debug', { GET: answer })],
    ['with a method that no row is for', (server) => endpoint(server, '/metrics', { PUT: answer })],
    [
      'of a resource without a row',
      (server) =>
        endpoint(server, { url: '/api/v1/secrets', group: '', resource: 'secrets' }, WITH_GET),
    ],
    [
      'of a resource with a verb that no row is for',
      (server) =>
        endpoint(server, { url: '/x/:name', group: GROUP, resource: 'revisions' }, WITH_PUT),
    ],
    [
      'of objects that looks like discovery',
      (server) => endpoint(server, `/apis/${GROUP}/v1/secrets`, WITH_GET),
    ],
    ['that is made in another way', (server) => server.get('/metrics', answer)],
  ] as const satisfies [string, (server: FastifyInstance) => unknown][])(
    '%s cannot be made',
    async (_what, make) => {
      const server = await guarded();
      expect(() => make(server)).toThrow(/^No rule says who may/);
    },
  );

  it('with a row can', async () => {
    const server = await guarded();
    endpoint(server, '/metrics', WITH_GET);
    endpoint(server, { url: '/m/:name', group: GROUP, resource: 'modules' }, WITH_PUT);
    const headers = { authorization: 'Bearer secret' };
    const { body } = await server.inject({ method: 'PUT', url: '/m/web', headers });
    expect(body).toBe('here');
  });

  it('that lists what cannot be watched says so', async () => {
    const server = await guarded();
    const path = { url: '/services', group: '', resource: 'services' };
    endpoint(server, path, WITH_GET);
    const headers = { authorization: 'Bearer secret' };
    const url = '/services?watch=True';
    expect((await server.inject({ url, headers })).json()).toMatchObject({
      code: 'METHOD_NOT_ALLOWED',
    });
  });
});

const WITH_GET = { GET: answer };
const WITH_PUT = { PUT: answer };
