import { beforeEach, describe, expect, it } from 'vitest';
import { trustIssuer } from '../../../../src/api/access/oidc/issuer.js';
import { silentLog } from '../../../../src/lib/log.js';
import { FakeClock } from '../../../helpers/fake-clock.js';
import { AUDIENCE, OidcIssuer } from '../../../helpers/oidc-issuer.js';
import { aModule, MODULES, openTestApi } from '../../test-api.js';
import type { Answer, TestApi } from '../../test-api.js';
import { openWatch, startTestServer } from '../../test-server.js';
import { bearer } from '../test-tokens.js';

let clock: FakeClock;
let oidc: OidcIssuer;
let api: TestApi;

beforeEach(async () => {
  clock = new FakeClock();
  oidc = await new OidcIssuer().start();
  const settings = {
    ...{ issuer: oidc.url, audience: AUDIENCE, usernameClaim: 'sub' },
    ...{ roleClaim: 'registrar_role', modulesClaim: 'modules' },
  };
  api = await openTestApi({ clock, issuer: trustIssuer(settings, clock, silentLog) });
});

const token = (claims: Record<string, unknown> = {}): Promise<string> =>
  oidc.token(claims, { now: clock.now() });
const list = (secret: string): Promise<Answer> =>
  api.call('GET', MODULES, { headers: bearer(secret) });

describe('who has a token of the issuer', () => {
  it('may do what its role and modules allow', async () => {
    const secret = await token({ registrar_role: 'operator', modules: ['miner-*'] });
    const create = (name: string): Promise<Answer> =>
      api.call('POST', MODULES, { body: aModule(name), headers: bearer(secret) });
    expect((await list(secret)).code).toBe(200);
    expect((await create('miner-1')).code).toBe(201);
    const { code, body } = await create('web');
    expect(code).toBe(403);
    expect(body.message).toContain('User "oidc:ada" cannot create resource "modules"');
  });

  it('is refused with a bad one, and told why', async () => {
    const { code, body, headers } = await list(await token({ registrar_role: 'root' }));
    expect([code, headers['www-authenticate'], body.message]).toEqual([
      ...[401, 'Bearer'],
      'Unauthorized: the claim "registrar_role" of the token is none of viewer, operator, admin',
    ]);
  });

  it('loses open watches when the token ends', async () => {
    const listening = await startTestServer(api);
    const headers = bearer(await token());
    const watch = await openWatch(listening, `${MODULES}?watch=true`, headers);
    await clock.advance(3_660_000);
    expect(await watch.rest()).toEqual([]);
  });
});

describe('an issuer that is away', () => {
  it('is told, and keeps nobody else waiting', async () => {
    oidc.mode = 'hangs';
    const secret = await token();
    const waiting = list(secret);
    expect((await api.call('GET', MODULES)).code).toBe(200);
    expect((await list('rgt_wrong')).code).toBe(401);
    const { code, headers, body } = await waiting;
    expect([code, headers['retry-after'], body.reason]).toEqual([503, '30', 'ServiceUnavailable']);
  });
});
