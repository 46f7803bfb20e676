import { expect, test } from 'vitest';
import type { Client } from '../../src/client/http.js';
import { resolveTargets } from '../../src/client/targets.js';

const verbs = ['get', 'list', 'watch'];

const resource = (name: string, kind: string, more: object = {}) => ({
  ...{ resource: name, responseKind: { kind }, scope: 'Namespaced', verbs },
  ...more,
});

const answer = (group: string, version: string, resources: readonly object[]) => ({
  items: [{ metadata: { name: group }, versions: [{ version, resources }] }],
});

const DISCOVERED: Readonly<Record<string, unknown>> = {
  '/api': answer('', 'v1', [
    resource('pods', 'Pod', { singularResource: 'pod', shortNames: ['po'], categories: ['all'] }),
  ]),
  '/apis': answer('example.com', 'v2', [
    resource('gadgets', 'Gadget', { scope: 'Cluster', categories: ['all'] }),
    resource('reviews', 'Review', { verbs: ['create'], categories: ['all'] }),
  ]),
};

/** A server that counts how often it is asked for its kinds. */
function aServer(): { client: Client; asked: string[] } {
  const asked: string[] = [];
  const json = async ({ path }: { path: string }): Promise<unknown> => {
    asked.push(path);
    return DISCOVERED[path];
  };
  return { client: { json } as Client, asked };
}

const plurals = (targets: { resources: readonly { plural: string }[] } | undefined): string[] =>
  (targets?.resources ?? []).map(({ plural }) => plural);

test.for([
  [[], ['modules'], []],
  [['modules'], ['modules'], []],
  [['MOD'], ['modules'], []],
  [['modules.registrar.synapsis.network'], ['modules'], []],
  [['modules.v1.registrar.synapsis.network'], ['modules'], []],
  [['web', 'api'], ['modules'], ['web', 'api']],
  [['module', 'web'], ['modules'], ['web']],
  [['module/web', 'mod/api', 'db1'], ['modules'], ['web', 'api', 'db1']],
  [['module', 'events'], ['modules'], ['events']],
  [['web', 'events'], ['modules'], ['web', 'events']],
  [['module/modules'], ['modules'], ['modules']],
  [['ev', 'web.1'], ['events'], ['web.1']],
] as const)('%j needs no question to the server', async ([args, kinds, names]) => {
  const { client, asked } = aServer();
  const targets = await resolveTargets(client, args, false);
  expect([plurals(targets), targets.names, asked]).toEqual([kinds, names, []]);
});

test.for([
  [['pod/web-0', 'po/web-1'], ['pods'], ['web-0', 'web-1']],
  [['gadgets/x'], ['gadgets'], ['x']],
  [['Gadget.example.com/x'], ['gadgets'], ['x']],
  [['modules,pods'], ['modules', 'pods'], []],
] as const)('%j is understood with the help of the server', async ([args, kinds, names]) => {
  const { client, asked } = aServer();
  const targets = await resolveTargets(client, args, false);
  expect([plurals(targets), targets.names]).toEqual([kinds, names]);
  expect(asked).toEqual(['/api', '/apis']);
});

test.for([
  [['pods'], ['pods'], []],
  [['po', 'web-0'], ['pods'], ['web-0']],
  [['gadgets.v2.example.com'], ['gadgets'], []],
  [['all'], ['pods', 'gadgets'], []],
] as const)('%j are names of modules first, and a kind otherwise', async ([args, kinds, names]) => {
  const { client, asked } = aServer();
  const targets = await resolveTargets(client, args, false);
  expect([plurals(targets), targets.names, asked]).toEqual([['modules'], args, []]);
  const otherwise = await targets.otherwise?.();
  expect([plurals(otherwise), otherwise?.names]).toEqual([kinds, names]);
});

test('a word that is neither stays a name', async () => {
  const { client } = aServer();
  const targets = await resolveTargets(client, ['nope'], false);
  expect(await targets.otherwise?.()).toBeUndefined();
});

test('a word beside a selector is a kind', async () => {
  const { client } = aServer();
  expect(plurals(await resolveTargets(client, ['po'], true))).toEqual(['pods']);
  await expect(resolveTargets(client, ['nope'], true)).rejects.toThrow('Unknown kind "nope"');
});

test.for([
  [['thing/web'], 'Unknown kind "thing" in "thing/web"'],
  [['reviews/web'], 'Unknown kind "reviews"'],
  [['module/'], 'There is no name in "module/"'],
  [['module/web/log'], 'There is no name'],
  [['/web'], 'Unknown kind ""'],
  [['module', 'module/web'], 'write "module NAME" or "module/NAME"'],
  [['module/web', 'event/x'], 'Cannot mix kinds'],
  [['pod/web', 'api'], 'Cannot mix kinds'],
  [['modules,pods', 'web'], 'Names are of one kind'],
  [['modules,things'], 'Unknown kind "things"'],
] as const)('%j is refused', async ([args, message]) => {
  const { client } = aServer();
  await expect(resolveTargets(client, args, false)).rejects.toThrow(message);
});
