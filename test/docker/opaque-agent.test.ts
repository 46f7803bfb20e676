import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { OpaqueAgent } from '../../src/docker/opaque-agent.js';

it('OpaqueAgent keeps its connections out of what is formatted, however deep', () => {
  const agent = new OpaqueAgent({ keepAlive: true });
  const text = inspect({ agent, path: '/x' }, { showHidden: true, depth: null });
  expect(text).toBe("{ agent: Agent, path: '/x' }");
});
