import { expect, test } from 'vitest';
import { engineFolder } from '../../bin/lib/paths.js';

test('the engine lives where it is found when that path is short and plain', () => {
  expect(engineFolder('/srv/registrar/data/engine')).toBe('/srv/registrar/data/engine');
});

test.each([
  ['too long for a socket', `/srv/${'long/'.repeat(20)}data/engine`],
  ['not fit for a DOCKER_HOST', '/srv/my projects/registrar/data/engine'],
  ['not fit for mount options', '/srv/a,b/registrar/data/engine'],
])('a path that is %s is replaced by a short one, always the same', (_, link) => {
  expect(engineFolder(link)).toMatch(/^\/var\/lib\/registrar-engine-[0-9a-f]{8}$/);
  expect(engineFolder(link)).toBe(engineFolder(link));
  expect(engineFolder(link)).not.toBe(engineFolder(`${link}2`));
});
