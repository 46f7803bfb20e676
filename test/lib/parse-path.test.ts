import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { formatPath } from '../../src/lib/field-path.js';
import { parsePath } from '../../src/lib/parse-path.js';

test.for([
  ['', []],
  ['spec.ports[0].hostPort', ['spec', 'ports', 0, 'hostPort']],
  ['metadata.labels["a.b/c"]', ['metadata', 'labels', 'a.b/c']],
  ['metadata.annotations[a.b/c]', ['metadata', 'annotations', 'a.b/c']],
  ['["7"]', ['7']],
] as const)('parsePath(%j)', ([text, path]) => {
  expect(parsePath(text)).toEqual(path);
});

const step = fc.oneof(
  fc.nat(),
  fc.stringMatching(/^[a-z][A-Za-z0-9]*$/),
  fc.stringMatching(/^[a-z./-]+$/),
);

property.prop([fc.array(step)])('what is formatted is read again', (path) => {
  expect(parsePath(formatPath(path))).toEqual(path);
});
