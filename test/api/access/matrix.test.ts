import { describe, expect, it } from 'vitest';
import { PATH_RULES, RESOURCE_RULES } from '../../../src/api/access/rules.js';
import type { ResourceRule } from '../../../src/api/access/rules.js';
import { DEFINITIONS } from '../../../src/kinds/registered.js';
import { ROLES } from '../../../src/model/identity.js';
import type { Role } from '../../../src/model/identity.js';
import { aModuleSet } from '../../helpers/module-sets.js';
import { aModule, openTestApi } from '../test-api.js';
import type { Answer, Method, TestApi } from '../test-api.js';
import { bearer, makeToken, tokenManifest } from './test-tokens.js';

/** What is asked for: the name of an object that may be in the scope of a limited operator. */
const OWN = 'miner-1';
const FOREIGN = 'web-1';

const METHODS: Readonly<Record<string, Method>> = {
  ...{ get: 'GET', list: 'GET', create: 'POST', update: 'PUT', patch: 'PATCH' },
  ...{ delete: 'DELETE', deletecollection: 'DELETE' },
};
const VERSIONS: Readonly<Record<string, string>> = { 'metrics.k8s.io': 'v1beta1' };
const NAMESPACED = new Set(['events', 'services', 'pods']);

interface Attempt {
  readonly what: string;
  readonly rule: ResourceRule;
  readonly name: string | undefined;
  readonly send: (api: TestApi, headers: Record<string, string>) => Promise<Answer>;
}

/** A request for a verb of a row of the table. A watch is a list as far as access goes. */
function attempt(rule: ResourceRule, verb: string, name: string): Attempt {
  const [plural = '', part] = rule.resource.split('/');
  const isOnCollection = ['list', 'deletecollection'].includes(verb);
  const isCreation = verb === 'create' && part === undefined;
  const base = rule.group === '' ? '/api' : `/apis/${rule.group}`;
  const namespace = NAMESPACED.has(plural) ? '/namespaces/default' : '';
  const object = rule.scope === 'pod' ? `${name}-0` : name;
  const url = [
    `${base}/${VERSIONS[rule.group] ?? 'v1'}${namespace}/${plural}`,
    ...(isOnCollection || isCreation ? [] : [object]),
    ...(part === undefined ? [] : [part]),
  ].join('/');
  const body = isCreation ? bodyOf(plural, name) : {};
  const method = METHODS[verb] ?? 'GET';
  const type = verb === 'patch' ? 'application/merge-patch+json' : 'application/json';
  return {
    ...{ what: `${verb} ${rule.resource} ${name}`, rule },
    name: isOnCollection ? undefined : name,
    send: (api, headers) =>
      api.call(method, `${url}?dryRun=All`, {
        headers: { 'content-type': type, ...headers },
        ...(method !== 'GET' && { body }),
      }),
  };
}

function bodyOf(plural: string, name: string): object {
  if (plural === 'modules') return aModule(name);
  if (plural === 'modulesets') return aModuleSet(name);
  return plural === 'tokens' ? tokenManifest(name) : {};
}

const ATTEMPTS = RESOURCE_RULES.flatMap((rule) =>
  rule.verbs
    .filter((verb) => verb !== 'watch')
    .flatMap((verb) => [attempt(rule, verb, OWN), attempt(rule, verb, FOREIGN)]),
);

/** Worked out from the row, not with the code that decides. */
function isAllowed({ rule, name }: Attempt, role: Role, isLimited: boolean): boolean {
  if (ROLES.indexOf(role) < ROLES.indexOf(rule.role) || rule.needsExec === true) return false;
  return rule.scope === undefined || !isLimited || name === OWN;
}

const isRefused = ({ code }: Answer): boolean => code === 401 || code === 403;

describe('every verb on every resource', () => {
  it.each([
    ['viewer', { role: 'viewer' }],
    ['operator', { role: 'operator' }],
    ['limited', { role: 'operator', modules: ['miner-*'] }],
    ['chief', { role: 'admin' }],
  ] as const)('is for a %s what the table says', async (name, spec) => {
    const api = await openTestApi();
    const headers = bearer(await makeToken(api, name, spec as { role: Role }));
    for (const one of ATTEMPTS) {
      const answer = await one.send(api, headers);
      // Nothing is served there, or not in this way.
      if (answer.code === 405 || isNoPath(answer)) continue;
      const expected = !isAllowed(one, spec.role, name === 'limited');
      expect([one.what, isRefused(answer), answer.text]).toEqual([
        ...[one.what, expected, answer.text],
      ]);
      if (isRefused(answer)) expect([answer.code, answer.body.reason]).toEqual([403, 'Forbidden']);
    }
  });

  it('is for nobody without a token, or with one that is wrong', async () => {
    const api = await openTestApi();
    for (const one of ATTEMPTS) {
      expect([one.what, (await one.send(api, { authorization: '' })).code]).toEqual([
        one.what,
        401,
      ]);
    }
  });

  it('is served as the table has it, for the kinds that clients may write', async () => {
    const api = await openTestApi();
    const writable = DEFINITIONS.filter(({ writer }) => writer !== undefined);
    for (const { plural, verbs } of writable) {
      const ofKind = ATTEMPTS.filter(({ rule }) => rule.resource === plural);
      for (const one of ofKind) {
        const [verb = ''] = one.what.split(' ');
        const { code } = await one.send(api, {});
        expect([one.what, code !== 405]).toEqual([one.what, verbs.some((known) => known === verb)]);
      }
    }
  });
});

const isNoPath = ({ code, body }: Answer): boolean =>
  code === 404 && body.message === 'the server could not find the requested resource';

describe('every path that is no resource', () => {
  /** Asks for a signature by itself, whoever sends it. */
  const SIGNED = '/hooks/git';
  const plain = PATH_RULES.filter(({ path }) => !path.endsWith('*') && path !== SIGNED);

  it.each([undefined, ...ROLES])('is for %s what the table says', async (role) => {
    const api = await openTestApi();
    const secret = role && (await makeToken(api, `the-${role}`, { role }));
    const headers = secret === undefined ? { authorization: '' } : bearer(secret);
    for (const { path, verbs, role: least } of plain) {
      const answer = await api.call(verbs[0] === 'post' ? 'POST' : 'GET', path, { headers });
      if (role !== undefined && isNoPath(answer)) continue;
      const rank = role === undefined ? -1 : ROLES.indexOf(role);
      const isFor = least === 'anyone' || rank >= ROLES.indexOf(least);
      expect([path, isRefused(answer)]).toEqual([path, !isFor]);
    }
  });
});
