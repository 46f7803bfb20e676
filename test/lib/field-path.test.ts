import { expect, it } from 'vitest';
import { formatPath } from '../../src/lib/field-path.js';

it.each([
  [[], ''],
  [['spec'], 'spec'],
  [['spec', 'ports', 0, 'hostPort'], 'spec.ports[0].hostPort'],
  [[1, 'spec'], '[1].spec'],
  [['metadata', 'labels', 'a.b/c'], 'metadata.labels["a.b/c"]'],
  [['x'.repeat(201)], `${'x'.repeat(200)}…`],
  [['', 'a\u001b'], '[""]["a?"]'],
])('formatPath(%j) is %s', (path, text) => {
  expect(formatPath(path)).toBe(text);
});
