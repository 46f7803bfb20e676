import { describe, expect, it } from 'vitest';
import { message, wrapped } from './protobuf.js';
import { ACCEPT, JSON_BODY, PROTOBUF, wireApi } from './wire-api.js';

const AUTHORIZATION = '/apis/authorization.k8s.io/v1';
const ACCESS = `${AUTHORIZATION}/selfsubjectaccessreviews`;
const RULES = `${AUTHORIZATION}/selfsubjectrulesreviews`;
const SELF = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

/** As kubectl 1.32 and newer send it. */
const protobuf = (apiVersion: string, kind: string, raw: Buffer) => ({
  headers: { 'content-type': PROTOBUF, accept: ACCEPT.protobufOrJson },
  body: wrapped(apiVersion, kind, raw),
});

/** As older ones send it. */
const json = (apiVersion: string, kind: string, spec: object) => ({
  headers: { ...JSON_BODY, accept: 'application/json, */*' },
  body: { kind, apiVersion, metadata: { creationTimestamp: null }, spec, status: {} },
});

const METADATA = [1, message([8, ''])] as const;

describe('can I', () => {
  const attributes = { namespace: 'default', verb: 'delete', group: 'registrar.synapsis.network' };

  it.each(['modules', 'nonsense'])('delete %s, in both forms', async (resource) => {
    const { send } = await wireApi();
    const asked = message(
      ...([
        [1, 'default'],
        [2, 'delete'],
        [3, attributes.group],
        [5, resource],
      ] as const),
    );
    const spec = message([1, asked]);
    for (const request of [
      protobuf('authorization.k8s.io/v1', 'SelfSubjectAccessReview', message(METADATA, [2, spec])),
      json('authorization.k8s.io/v1', 'SelfSubjectAccessReview', {
        resourceAttributes: { ...attributes, resource },
      }),
    ]) {
      const answer = await send('POST', ACCESS, request);
      expect(answer.code, answer.text).toBe(201);
      expect(answer.json).toMatchObject({
        ...{ kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1' },
        spec: { resourceAttributes: { verb: 'delete', resource } },
        status: { allowed: resource === 'modules' },
      });
    }
  });

  it('get a path', async () => {
    const { send } = await wireApi();
    const path = message([1, '/metrics'], [2, 'get']);
    const raw = message(METADATA, [2, message([2, path])]);
    const { json: review } = await send(
      'POST',
      ACCESS,
      protobuf('authorization.k8s.io/v1', 'SelfSubjectAccessReview', raw),
    );
    expect(review).toMatchObject({
      ...{ spec: { nonResourceAttributes: { path: '/metrics', verb: 'get' } } },
      status: { allowed: true },
    });
  });

  it('what at all', async () => {
    const { send } = await wireApi();
    const raw = message(METADATA, [2, message([1, 'default'])]);
    for (const request of [
      protobuf('authorization.k8s.io/v1', 'SelfSubjectRulesReview', raw),
      json('authorization.k8s.io/v1', 'SelfSubjectRulesReview', { namespace: 'default' }),
    ]) {
      const { code, json: review } = await send('POST', RULES, request);
      expect({ code, incomplete: review.status.incomplete }).toEqual({
        ...{ code: 201, incomplete: false },
      });
      expect(review.status.resourceRules).toContainEqual(
        expect.objectContaining({ resources: expect.arrayContaining(['modules']) }),
      );
      expect(review.status.nonResourceRules).toContainEqual(
        expect.objectContaining({ nonResourceURLs: expect.arrayContaining(['/metrics']) }),
      );
    }
  });
});

describe('who am I', () => {
  it('in both forms', async () => {
    const { send } = await wireApi();
    for (const request of [
      protobuf('authentication.k8s.io/v1', 'SelfSubjectReview', message(METADATA)),
      json('authentication.k8s.io/v1', 'SelfSubjectReview', {}),
    ]) {
      const { code, json: review } = await send('POST', SELF, request);
      expect(code).toBe(201);
      expect(review.status.userInfo).toMatchObject({
        ...{ username: 'admin', groups: expect.any(Array) },
      });
    }
  });

  it('is not told without a token', async () => {
    const { send } = await wireApi();
    const { headers, body } = protobuf('authentication.k8s.io/v1', 'SelfSubjectReview', message());
    const { json: status } = await send('POST', SELF, {
      ...{ headers: { ...headers, authorization: undefined }, body },
    });
    expect(status).toMatchObject({ kind: 'Status', code: 401 });
  });
});

describe('protobuf that cannot be read is refused', () => {
  const good = wrapped('authorization.k8s.io/v1', 'SelfSubjectAccessReview', message(METADATA));

  it.each([
    ['of another kind', wrapped('v1', 'Pod', message(METADATA))],
    ['without its magic number', good.subarray(4)],
    ['cut', good.subarray(0, good.length - 5)],
    ['with a length beyond its end', Buffer.from('6b3873000aff7f', 'hex')],
    ['with a number that never ends', Buffer.from(`6b387300${'ff'.repeat(20)}`, 'hex')],
    ['of nothing', Buffer.alloc(0)],
  ])('%s', async (_what, body) => {
    const { send } = await wireApi();
    const headers = { 'content-type': PROTOBUF, accept: ACCEPT.protobufOrJson };
    const { json: status } = await send('POST', ACCESS, { headers, body });
    expect(status).toMatchObject({ kind: 'Status', status: 'Failure' });
    expect([400, 415, 422]).toContain(status.code);
  });

  it('for a module', async () => {
    const { send } = await wireApi();
    const path = '/apis/registrar.synapsis.network/v1/modules';
    const { json: status } = await send('POST', path, {
      ...protobuf('registrar.synapsis.network/v1', 'Module', message(METADATA)),
    });
    expect(status).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
  });
});
