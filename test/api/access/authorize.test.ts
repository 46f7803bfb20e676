import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/api/access/authorize.js';
import type { Access } from '../../../src/api/access/authorize.js';
import { forbidden } from '../../../src/api/access/forbidden.js';
import { PATH_RULES, RESOURCE_RULES } from '../../../src/api/access/rules.js';
import { ROLES } from '../../../src/model/identity.js';
import type { Identity } from '../../../src/model/identity.js';
import { GROUP } from '../../../src/model/names.js';
import { anIdentity } from '../../helpers/identities.js';

const modules = (verb: string, name?: string): Access => ({
  ...{ verb, group: GROUP, resource: 'modules' },
  ...(name !== undefined && { name }),
});
const exec: Access = { verb: 'get', group: '', resource: 'pods/exec', name: 'web-1-0' };

const viewer = anIdentity('viewer');
const operator = anIdentity('operator');
const limited = anIdentity('operator', { modules: ['miner-*', 'web-1'] });
const admin = anIdentity('admin');
const withExec = (identity: Identity): Identity => ({ ...identity, exec: true });

describe('decide()', () => {
  it.each([
    ['a viewer reads', viewer, modules('list'), true],
    ['a viewer changes nothing', viewer, modules('patch', 'web'), false],
    ['an operator changes', operator, modules('delete', 'web'), true],
    ['an operator does not say how modules are', operator, status('patch'), false],
    ['an admin does', admin, status('patch'), true],
    ['an operator reads all', limited, modules('get', 'web'), true],
    ['an operator changes what is in its scope', limited, modules('update', 'miner-7'), true],
    ['and nothing else', limited, modules('update', 'web'), false],
    ['nor all', limited, modules('update'), false],
    ['tokens are not for operators', operator, tokens('list'), false],
    ['tokens are for admins', admin, tokens('create'), true],
    ['no role alone may exec', admin, exec, false],
    ['the permission alone may not', withExec(viewer), exec, false],
    ['both together may', withExec(operator), exec, true],
    ['in pods of the scope', withExec(limited), exec, true],
    ['in the second pod of a slot', withExec(limited), { ...exec, name: 'web-1-0-abc1234' }, true],
    ['in one with digits alone', withExec(limited), { ...exec, name: 'web-1-0-1234567' }, true],
    [
      'in the second pod of a module that is not of the scope',
      withExec(anIdentity('operator', { modules: ['web-*'] })),
      { ...exec, name: 'web-0-abc1234' },
      false,
    ],
    ['not in others', withExec(limited), { ...exec, name: 'other-0' }, false],
    ['what is not served is for nobody', admin, { ...exec, resource: 'secrets' }, false],
    ['nor is a verb', admin, { ...exec, verb: 'escalate' }, false],
    ['nor a resource of another group', admin, { ...exec, group: 'apps' }, false],
    ['a path', viewer, { verb: 'get', path: '/metrics' }, true],
    ['a path for admins', viewer, { verb: 'get', path: '/audit' }, false],
    ['a path below another', viewer, { verb: 'get', path: '/apis/apps/v1' }, true],
    ['a path that is not there', admin, { verb: 'get', path: '/debug' }, false],
    ['another method', admin, { verb: 'post', path: '/metrics' }, false],
  ])('%s', (_what, identity, access, allowed) => {
    expect(decide(identity, access).allowed).toBe(allowed);
  });

  it('lets each role do what those before may', () => {
    const all = RESOURCE_RULES.flatMap(({ verbs, ...rule }) =>
      verbs.map((verb) => ({ ...rule, verb, name: 'any-0' })),
    );
    for (const [index, role] of ROLES.entries()) {
      const below = ROLES[Math.max(0, index - 1)] ?? role;
      for (const access of all) {
        if (!decide(anIdentity(below, { exec: true }), access).allowed) continue;
        expect(decide(anIdentity(role, { exec: true }), access).allowed).toBe(true);
      }
    }
  });
});

describe('the rules', () => {
  it('name each verb of a resource once', () => {
    const named = RESOURCE_RULES.flatMap(({ group, resource, verbs }) =>
      verbs.map((verb) => `${verb} ${resource}.${group}`),
    );
    expect(named).toEqual([...new Set(named)]);
    const paths = PATH_RULES.map(({ path }) => path);
    expect(paths).toEqual([...new Set(paths)]);
  });

  it('let anybody ask for the health and the version, and send signed pushes, and nothing else', () => {
    const open = PATH_RULES.filter(({ role }) => role === 'anyone').map(({ path }) => path);
    expect(open).toEqual(['/healthz', '/livez', '/readyz', '/version', '/hooks/git']);
  });
});

describe('forbidden()', () => {
  it.each([
    [
      modules('delete', 'demo'),
      'modules.registrar.synapsis.network "demo" is forbidden: User "viewer" cannot delete resource "modules" in API group "registrar.synapsis.network" at the cluster scope: why',
    ],
    [
      { verb: 'list', group: '', resource: 'events', namespace: 'default' },
      'events is forbidden: User "viewer" cannot list resource "events" in API group "" in the namespace "default": why',
    ],
    [
      { ...exec, namespace: 'default' },
      'pods "web-1-0" is forbidden: User "viewer" cannot get resource "pods/exec" in API group "" in the namespace "default": why',
    ],
    [{ verb: 'get', path: '/audit' }, 'forbidden: User "viewer" cannot get path "/audit": why'],
    [
      { ...modules('get', '\u001b[31m'), namespace: 'a\nb' },
      'modules.registrar.synapsis.network "?[31m" is forbidden: User "viewer" cannot get resource "modules" in API group "registrar.synapsis.network" in the namespace "a?b": why',
    ],
  ])('says it as Kubernetes does', (access, message) => {
    expect(forbidden(viewer, access, 'why')).toMatchObject({ code: 'FORBIDDEN', message });
  });

  it('says which object it is about', () => {
    expect(forbidden(viewer, modules('delete', 'demo'), '').details).toEqual({
      ...{ name: 'demo', group: GROUP, kind: 'modules' },
    });
  });
});

function status(verb: string): Access {
  return { verb, group: GROUP, resource: 'modules/status', name: 'web' };
}

function tokens(verb: string): Access {
  return { verb, group: GROUP, resource: 'tokens', name: 'ci' };
}
