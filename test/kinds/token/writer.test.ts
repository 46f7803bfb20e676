import { describe, expect, it } from 'vitest';
import { TOKEN_WRITER } from '../../../src/kinds/token/writer.js';

const written = (spec: object, name = 'ci') => ({
  apiVersion: 'registrar.synapsis.network/v1',
  kind: 'Token',
  metadata: { name },
  spec,
});
const draft = (spec: object, name?: string) =>
  TOKEN_WRITER.draft(written(spec, name), undefined, 'strict').draft;

describe('a token that a client writes', () => {
  it('gets the least that it can be', () => {
    expect(draft({ role: 'viewer' })).toMatchObject({
      spec: { role: 'viewer', exec: false },
      status: { hashes: [] },
    });
  });

  it('may be limited, and end', () => {
    const spec = {
      ...{ role: 'operator', modules: ['miner-*', 'web'], exec: true },
      expiresAt: '2030-01-31T12:00:00Z',
    };
    expect(draft(spec).spec).toEqual(spec);
  });

  it.each([
    [{}, 'spec.role'],
    [{ role: 'root' }, 'spec.role'],
    [{ role: 'viewer', modules: ['web'] }, 'spec.modules: Forbidden'],
    [{ role: 'admin', modules: ['*'] }, 'spec.modules: Forbidden'],
    [{ role: 'viewer', exec: true }, 'spec.exec: Forbidden'],
    [{ role: 'operator', modules: [] }, 'spec.modules'],
    [{ role: 'operator', modules: ['a b'] }, 'spec.modules[0]'],
    [{ role: 'operator', modules: ['[a-z]'] }, 'spec.modules[0]'],
    [{ role: 'operator', modules: ['web\n'] }, 'spec.modules[0]'],
    [{ role: 'operator', modules: Array.from({ length: 65 }, () => 'web') }, 'spec.modules'],
    [{ role: 'viewer', expiresAt: 'tomorrow' }, 'spec.expiresAt'],
    [{ role: 'viewer', expiresAt: '2030-13-01T00:00:00Z' }, 'spec.expiresAt'],
    [{ role: 'viewer', token: 'x' }, 'unknown field "spec.token"'],
  ])('is refused with the spec %j', (spec, message) => {
    expect(() => draft(spec)).toThrow(message);
  });

  it.each(['admin', 'local', 'registrar', 'registrar-config', 'oidc:ada', 'Bad_Name', ''])(
    'is not called "%s"',
    (name) => {
      expect(() => draft({ role: 'viewer' }, name)).toThrow('metadata.name');
    },
  );
});
