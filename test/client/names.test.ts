import { expect, test } from 'vitest';
import { fullName, moduleNames, parseTargets } from '../../src/client/names.js';

test.for([
  [[], 'Module', []],
  [['modules'], 'Module', []],
  [['MOD'], 'Module', []],
  [['modules.registrar.synapsis.network'], 'Module', []],
  [['web', 'api'], 'Module', ['web', 'api']],
  [['module', 'web'], 'Module', ['web']],
  [['module/web', 'mod/api', 'db1'], 'Module', ['web', 'api', 'db1']],
  [['module', 'events'], 'Module', ['events']],
  [['web', 'events'], 'Module', ['web', 'events']],
  [['module/modules'], 'Module', ['modules']],
  [['policy', 'strict'], 'Policy', ['strict']],
  [['events'], 'Event', []],
  [['ev', 'web.1'], 'Event', ['web.1']],
] as const)('parseTargets(%j)', ([args, kind, names]) => {
  expect(parseTargets(args)).toEqual({ kind, names });
});

test.for([
  [['pod/web']],
  [['module/']],
  [['module/web/log']],
  [['/web']],
  [['module', 'module/web']],
  [['module/web', 'event/x']],
] as const)('parseTargets(%j) is refused', ([args]) => {
  expect(() => parseTargets(args)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
});

test('moduleNames() wants names, and of modules', () => {
  expect(moduleNames(['module/web'])).toEqual(['web']);
  expect(() => moduleNames([])).toThrow('A module must be named');
  expect(() => moduleNames(['modules'])).toThrow('A module must be named');
  expect(() => moduleNames(['event/x'])).toThrow('This works on modules, not on events');
});

test('fullName() is how kubectl names it', () => {
  expect(fullName('web')).toBe('module.registrar.synapsis.network/web');
});
