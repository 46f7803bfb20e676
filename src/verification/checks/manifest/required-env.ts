import Type from 'typebox';
import { check, NotApplicable } from '../../check.js';

/** What every module of a subnet needs is set. */
export const REQUIRED_ENV = check({
  id: 'manifest/required-env',
  title: 'Required environment variables are set',
  severity: 'medium',
  mode: 'enforce',
  about: 'manifest',
  why: 'A module that misses a variable starts, and does nothing or the wrong thing.',
  remedy: 'Add the variable to spec.env',
  parameters: Type.Object({
    names: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
      default: [],
      maxItems: 100,
      description: 'Names of variables',
    }),
  }),
  run({ manifest }, { names }) {
    if (names.length === 0) throw new NotApplicable('The policy requires no variables');
    const there = new Set(manifest.spec.env.map(({ name }) => name));
    return names
      .filter((name) => !there.has(name))
      .map((name) => ({ field: 'spec.env', message: `"${name}" is not set` }));
  },
});
