import { beforeEach, describe, expect, it } from 'vitest';
import { GROUP } from '../../../../src/model/names.js';
import { kubernetesProtobuf, protobuf } from '../../../helpers/protobuf.js';
import type { ProtobufField } from '../../../helpers/protobuf.js';
import { openTestApi } from '../../test-api.js';
import type { Answer, TestApi } from '../../test-api.js';
import { bearer, makeToken } from '../test-tokens.js';

const ACCESS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const RULES = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
const SUBJECT = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const PROTOBUF = { 'content-type': 'application/vnd.kubernetes.protobuf' };

const authorization = (kind: string, spec: object) => ({
  ...{ apiVersion: 'authorization.k8s.io/v1', kind, spec },
});

let api: TestApi;
let as: Record<'viewer' | 'operator' | 'limited' | 'admin', Record<string, string>>;
beforeEach(async () => {
  api = await openTestApi();
  as = {
    viewer: bearer(await makeToken(api, 'viewer')),
    operator: bearer(await makeToken(api, 'operator', { role: 'operator' })),
    limited: bearer(await makeToken(api, 'limited', { role: 'operator', modules: ['miner-*'] })),
    admin: bearer(await makeToken(api, 'boss', { role: 'admin' })),
  };
});

type Who = keyof typeof as;

async function canI(who: Who, attributes: object): Promise<{ allowed: boolean; reason?: string }> {
  const body = authorization('SelfSubjectAccessReview', attributes);
  const answer = await api.call('POST', ACCESS, { body, headers: as[who] });
  expect([answer.code, answer.body.kind, answer.body.spec]).toEqual([
    ...[201, 'SelfSubjectAccessReview', attributes],
  ]);
  return answer.body.status as { allowed: boolean };
}

const modules = (verb: string, more: object = {}) => ({
  resourceAttributes: { namespace: 'default', verb, group: GROUP, resource: 'modules', ...more },
});

const QUESTIONS = [
  ['viewer', modules('list'), true],
  ['viewer', modules('delete'), false],
  ['operator', modules('delete'), true],
  ['limited', modules('delete'), false],
  ['limited', modules('delete', { name: 'miner-1' }), true],
  ['limited', modules('delete', { name: 'web' }), false],
  ['limited', modules('get', { name: 'web' }), true],
  ['operator', modules('update', { subresource: 'scale' }), true],
  ['operator', modules('update', { subresource: 'status' }), false],
  ['operator', modules('update', { name: 'status' }), true],
  ['admin', modules('update', { subresource: 'status' }), true],
  ['admin', modules('*'), true],
  ['operator', modules('*'), true],
  ['viewer', modules('*'), false],
  ['admin', modules('approve'), false],
  ['admin', modules('get', { group: 'apps', resource: 'deployments' }), false],
  ['admin', modules('list', { group: 'apiextensions.k8s.io', resource: 'crds' }), false],
  ['viewer', modules('list', { resource: 'tokens' }), false],
  ['admin', modules('list', { resource: 'tokens' }), true],
  ['admin', modules('create', { resource: 'tokens', subresource: 'rotate' }), true],
  ['viewer', modules('list', { group: '', resource: 'pods' }), true],
  ['admin', modules('delete', { group: '', resource: 'pods' }), false],
  ['operator', modules('*', { group: '*', resource: '*' }), false],
  ['viewer', { nonResourceAttributes: { path: '/metrics', verb: 'get' } }, true],
  ['viewer', { nonResourceAttributes: { path: '/apis/apps', verb: 'get' } }, true],
  ['viewer', { nonResourceAttributes: { path: '/configz/confirm-prune', verb: 'post' } }, false],
  ['operator', { nonResourceAttributes: { path: '/configz/confirm-prune', verb: 'post' } }, true],
  ['admin', { nonResourceAttributes: { path: '/debug/pprof', verb: 'get' } }, false],
] as const satisfies [Who, object, boolean][];

describe('a SelfSubjectAccessReview', () => {
  it('is answered from the table of rules, and with no for what is not served', async () => {
    for (const [who, attributes, allowed] of QUESTIONS) {
      const status = await canI(who, attributes);
      const about = `${who} ${JSON.stringify(attributes)}`;
      expect([about, status.allowed, 'reason' in status]).toEqual([about, allowed, !allowed]);
    }
  });

  it('says why not', async () => {
    expect(await canI('viewer', modules('delete'))).toEqual({
      allowed: false,
      reason: 'it needs the role operator',
    });
    expect((await canI('limited', modules('create'))).reason).toBe(
      'only modules named miner-* are allowed',
    );
  });

  it.each([[{}], [{ ...modules('get'), nonResourceAttributes: { path: '/', verb: 'get' } }]])(
    'that asks about %j is invalid',
    async (spec) => {
      const body = authorization('SelfSubjectAccessReview', spec);
      expect((await api.call('POST', ACCESS, { body })).code).toBe(422);
    },
  );

  it.each([
    [{ kind: 'Module' }],
    [{ spec: undefined }],
    [{ spec: [] }],
    [{ spec: { resourceAttributes: 'modules' } }],
    [{ spec: { resourceAttributes: { verb: 1 } } }],
  ])('with %j is refused', async (wrong) => {
    const body = { ...authorization('SelfSubjectAccessReview', {}), ...wrong };
    expect((await api.call('POST', ACCESS, { body })).code).toBe(400);
  });

  it('is for those who say who they are', async () => {
    const body = authorization('SelfSubjectAccessReview', modules('list'));
    const headers = { authorization: '' };
    expect((await api.call('POST', ACCESS, { body, headers })).code).toBe(401);
  });
});

describe('a SelfSubjectRulesReview', () => {
  const rulesOf = async (who: Who) => {
    const body = authorization('SelfSubjectRulesReview', { namespace: 'default' });
    const answer = await api.call('POST', RULES, { body, headers: as[who] });
    expect(answer.code).toBe(201);
    return answer.body.status;
  };

  it('lists what its sender may do', async () => {
    const { incomplete, resourceRules, nonResourceRules } = await rulesOf('limited');
    expect(incomplete).toBe(false);
    expect(resourceRules).toContainEqual({
      ...{ verbs: ['get', 'list', 'watch'], apiGroups: [GROUP], resources: ['modules'] },
    });
    expect(resourceRules).toContainEqual({
      verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
      ...{ apiGroups: [GROUP], resources: ['modules'], resourceNames: ['miner-*'] },
    });
    expect(JSON.stringify(resourceRules)).not.toContain('tokens');
    expect(nonResourceRules).toContainEqual({ verbs: ['get'], nonResourceURLs: ['/version'] });
  });

  it('says the same as the answers to each of them', async () => {
    for (const who of ['viewer', 'operator', 'admin'] as const) {
      const { resourceRules } = await rulesOf(who);
      for (const { verbs, apiGroups, resources } of resourceRules) {
        const [resource, subresource = ''] = resources[0].split('/');
        for (const verb of verbs) {
          const attributes = { verb, group: apiGroups[0], resource, subresource };
          expect(await canI(who, { resourceAttributes: attributes })).toEqual({ allowed: true });
        }
      }
    }
  });
});

describe('a SelfSubjectReview', () => {
  it('says who its sender is', async () => {
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const { code, body: review } = await api.call('POST', SUBJECT, { body, headers: as.limited });
    expect([code, review.status.userInfo]).toEqual([
      201,
      {
        username: 'limited',
        uid: api.registry.get('Token', 'limited')?.object.metadata.uid,
        groups: ['system:authenticated', 'registrar:operator'],
        extra: { [`${GROUP}/modules`]: ['miner-*'], [`${GROUP}/exec`]: ['false'] },
      },
    ]);
    const admin = await api.call('POST', SUBJECT, { body });
    expect(admin.body.status.userInfo.username).toBe('admin');
  });
});

const AUTHORIZATION = 'authorization.k8s.io/v1';

const send = (body: Buffer, path = ACCESS): Promise<Answer> =>
  api.call('POST', path, { body, headers: PROTOBUF });

describe('a review in protobuf', () => {
  const attributes: ProtobufField = [
    1,
    [
      [1, 'default'],
      [2, 'list'],
      [3, GROUP],
      [4, '*'],
      [5, 'modules'],
      [7, 'web'],
    ],
  ];

  it('is read as the same in JSON', async () => {
    const type = [AUTHORIZATION, 'SelfSubjectAccessReview'] as const;
    const { code, body } = await send(kubernetesProtobuf(type, [1, []], [2, [attributes]]));
    expect([code, body]).toEqual([
      201,
      {
        ...{ apiVersion: AUTHORIZATION, kind: 'SelfSubjectAccessReview' },
        metadata: { creationTimestamp: null },
        spec: {
          resourceAttributes: {
            ...{ namespace: 'default', verb: 'list', group: GROUP, version: '*' },
            ...{ resource: 'modules', name: 'web' },
          },
        },
        status: { allowed: true },
      },
    ]);
  });

  it('may ask about a path', async () => {
    const type = [AUTHORIZATION, 'SelfSubjectAccessReview'] as const;
    const path: ProtobufField = [
      2,
      [
        [1, '/metrics'],
        [2, 'get'],
      ],
    ];
    expect((await send(kubernetesProtobuf(type, [2, [path]]))).body.status.allowed).toBe(true);
  });

  it('may ask for all rules, or who one is', async () => {
    const rules = kubernetesProtobuf([AUTHORIZATION, 'SelfSubjectRulesReview'], [2, [[1, 'x']]]);
    const { body } = await send(rules, RULES);
    expect([body.spec, body.status.incomplete]).toEqual([{ namespace: 'x' }, false]);
    const who = kubernetesProtobuf(['authentication.k8s.io/v1', 'SelfSubjectReview']);
    expect((await send(who, SUBJECT)).body.status.userInfo.username).toBe('admin');
  });

  const ok = () => kubernetesProtobuf([AUTHORIZATION, 'SelfSubjectAccessReview']);
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no magic', ok().subarray(4)],
    ['JSON', Buffer.from('{}')],
    ['half a message', ok().subarray(0, -3)],
    [
      'an object that is no message',
      kubernetesProtobuf([AUTHORIZATION, 'SelfSubjectAccessReview'], [2, Buffer.from([0xff])]),
    ],
    [
      'text that is no UTF-8',
      kubernetesProtobuf(
        [AUTHORIZATION, Buffer.from([0xff]).toString('latin1')],
        [2, [[1, [[2, Buffer.from([0xc3, 0x28])]]]]],
      ),
    ],
    ['too much', Buffer.concat([ok(), Buffer.alloc(70_000)])],
  ])('of %s is malformed, or not what it should be', async (_what, body) => {
    const { code, body: answer } = await send(body);
    expect([400, 415]).toContain(code);
    expect(answer.kind).toBe('Status');
  });

  it('of another kind is not taken', async () => {
    const token = kubernetesProtobuf(['authentication.k8s.io/v1', 'TokenRequest'], [2, [[1, 'x']]]);
    expect((await send(token)).code).toBe(415);
    const packed = Buffer.concat([ok(), protobuf([3, 'gzip'])]);
    expect((await send(packed)).code).toBe(415);
  });
});
