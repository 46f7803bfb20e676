import { test } from '@fast-check/vitest';
import { array, nat, pre, stringMatching, tuple } from 'fast-check';
import { valid } from 'semver';
import { describe, expect, it } from 'vitest';
import { versionName } from '../../src/model/version-name.js';

/** What Kubernetes takes for the name of an object. */
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const identifier = stringMatching(/^[0-9A-Za-z-]{1,40}$/);
const version = tuple(
  tuple(nat(), nat(), nat()),
  array(identifier, { maxLength: 5 }),
  array(identifier, { maxLength: 5 }),
)
  .map(([core, before, build]) =>
    [
      core.join('.'),
      before.length > 0 ? `-${before.join('.')}` : '',
      build.length > 0 ? `+${build.join('.')}` : '',
    ].join(''),
  )
  .filter((text) => valid(text) !== null && text.length <= 256);
const module = stringMatching(/^[a-z0-9][-a-z0-9]{1,61}[a-z0-9]$/);

describe('the name of a version', () => {
  it.each([
    ['1.4.2', 'web.1.4.2'],
    ['1.0.0-rc.1', 'web.1.0.0-rc.1'],
    ['1.0.0--', 'web.v1-0-0--42b7e85fa2bb3ddc'],
    ['1.0.0-RC.1+Build.5', expect.stringMatching(/^web\.v1-0-0-rc-1-build-5-[0-9a-f]{16}$/)],
  ])('of %s says it', (text, name) => expect(versionName('web', text)).toEqual(name));

  test.prop([module, version])('is one that an object can have', (name, text) => {
    expect(versionName(name, text)).toMatch(SUBDOMAIN);
  });

  test.prop([module, version, version])('is that of no other version', (name, one, other) => {
    pre(one !== other);
    expect(versionName(name, one)).not.toBe(versionName(name, other));
  });

  it('keeps versions apart that differ in case or in build metadata', () => {
    const texts = ['1.0.0-rc', '1.0.0-RC', '1.0.0+a', '1.0.0+A', '1.0.0', '1.0.0-a', '1.0.0-'];
    expect(new Set(texts.map((text) => versionName('web', text))).size).toBe(texts.length);
  });

  it('keeps modules apart whose names go on like versions', () => {
    expect(versionName('web', '1.0.0')).not.toBe(versionName('web-1', '1.0.0'));
  });
});
