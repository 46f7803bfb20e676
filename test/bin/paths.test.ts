import { expect, test } from 'vitest';
import { socketFolder } from '../../bin/lib/paths.js';

test('sockets are kept beside the engine when their paths are short and plain', () => {
  expect(socketFolder('/srv/registrar/data/engine')).toBe('/srv/registrar/data/engine/run');
});

test.each([
  ['too long for the kernel', `/srv/${'long/'.repeat(20)}data/engine`],
  ['not fit for a DOCKER_HOST', '/srv/my projects/registrar/data/engine'],
])('a folder that is %s gets a short one, always the same', (_, folder) => {
  expect(socketFolder(folder)).toMatch(/^\/run\/registrar-engine-[0-9a-f]{8}$/);
  expect(socketFolder(folder)).toBe(socketFolder(folder));
  expect(socketFolder(folder)).not.toBe(socketFolder(`${folder}2`));
});
