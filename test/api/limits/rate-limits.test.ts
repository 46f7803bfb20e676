import { expect, it } from 'vitest';
import { DEFAULT_RATES } from '../../../src/api/limits/rate-limits.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { NO_LIMIT } from '../../helpers/rates.js';
import { bearer, makeToken } from '../access/test-tokens.js';
import { aModule, MODULES, openTestApi, TOKEN } from '../test-api.js';

const SLOW = { perSecond: 0.5, burst: 3 };

it('who changes too much is told when to try again, and may still read', async () => {
  const clock = new FakeClock();
  const api = await openTestApi({ clock, rates: { ...NO_LIMIT, writes: SLOW } });
  const create = (name: string) => api.call('POST', MODULES, { body: aModule(name) });
  for (const name of ['one', 'two', 'three']) expect((await create(name)).code).toBe(201);
  const { code, headers, body } = await create('four');
  expect([code, headers['retry-after']]).toEqual([429, '2']);
  expect(body).toMatchObject({ reason: 'TooManyRequests', details: { retryAfterSeconds: 2 } });
  expect((await api.call('GET', MODULES)).code).toBe(200);
  await clock.advance(2000);
  expect((await create('four')).code).toBe(201);
});

it('each identity has its own', async () => {
  const api = await openTestApi({ clock: new FakeClock(), rates: { ...NO_LIMIT, reads: SLOW } });
  const headers = bearer(await makeToken(api, 'other'));
  const codes = async (options = {}): Promise<number[]> => {
    const answers = [1, 2, 3, 4].map(() => api.call('GET', MODULES, options));
    return (await Promise.all(answers)).map(({ code }) => code);
  };
  expect(await codes()).toEqual([200, 200, 200, 429]);
  expect(await codes({ headers })).toEqual([200, 200, 200, 429]);
});

it('an address has one for all who use it, with and without tokens', async () => {
  const api = await openTestApi({ clock: new FakeClock(), rates: { ...NO_LIMIT, address: SLOW } });
  const from = async (remoteAddress: string, token: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await api.server.inject({ url: MODULES, remoteAddress, headers })).statusCode;
  };
  expect(await from('10.0.0.7', 'wrong')).toBe(401);
  expect(await from('10.0.0.7', TOKEN)).toBe(200);
  expect(await from('10.0.0.7', TOKEN)).toBe(200);
  expect(await from('10.0.0.7', TOKEN)).toBe(429);
  expect(await from('10.0.0.8', TOKEN)).toBe(200);
});

it('changes have less than reads, and one identity less than an address', () => {
  const { address, reads, writes } = DEFAULT_RATES;
  expect(writes.perSecond).toBeLessThan(reads.perSecond);
  expect(reads.perSecond).toBeLessThan(address.perSecond);
});
