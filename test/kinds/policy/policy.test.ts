import { describe, expect, it } from 'vitest';
import { declaredWriter } from '../../../src/kinds/declared-writer.js';
import { POLICY_CHECKS } from '../../../src/kinds/policy/checks.js';
import type { Policy } from '../../../src/model/policy.js';
import { aPolicy } from '../../api/test-policies.js';

const SSH =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGVhc3RlciBlZ2cgb2YgYSB0ZXN0IGtleSEhISEh ada@example.org';
const GPG = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----\n';

const writer = declaredWriter<Policy>(POLICY_CHECKS);
const draft = (spec: object) => writer.draft(aPolicy('p', spec), undefined, 'strict').draft;

describe('a policy', () => {
  it('has defaults', () => {
    expect(draft({}).spec).toEqual({
      ...{ description: '', priority: 0, selector: {}, checks: [], signers: [] },
    });
  });

  it('takes signers with one key each', () => {
    const signers = [
      { name: 'ada@example.org', sshKey: SSH, validBefore: '2030-01-01T00:00:00Z' },
      { name: 'bob', gpgKey: GPG },
    ];
    expect(draft({ signers }).spec.signers).toEqual(signers);
  });

  it.each([
    ['an unknown check', { checks: [{ id: 'manifest/nothing' }] }, 'spec.checks[0].id'],
    [
      'a check twice',
      { checks: [{ id: 'commit/signature' }, { id: 'commit/signature' }] },
      'spec.checks[1].id',
    ],
    ['a mode that is none', { checks: [{ id: 'commit/signature', mode: 'maybe' }] }, 'mode'],
    ['no key', { signers: [{ name: 'ada' }] }, 'spec.signers[0]'],
    ['two keys', { signers: [{ name: 'ada', sshKey: SSH, gpgKey: GPG }] }, 'spec.signers[0]'],
    ['a key with options', { signers: [{ name: 'a', sshKey: `command="x" ${SSH}` }] }, 'sshKey'],
    ['a key of two lines', { signers: [{ name: 'a', sshKey: `${SSH}\nssh-rsa AAAA` }] }, 'sshKey'],
    [
      'a private key',
      { signers: [{ name: 'a', gpgKey: GPG.replaceAll('PUBLIC', 'PRIVATE') }] },
      'gpgKey',
    ],
    ['a name for all', { signers: [{ name: '*', sshKey: SSH }] }, 'spec.signers[0].name'],
    ['a name of two words', { signers: [{ name: 'a b', sshKey: SSH }] }, 'spec.signers[0].name'],
    ['a type that is none', { selector: { types: ['farmer'] } }, 'spec.selector.types[0]'],
  ])('with %s is refused', (_what, spec, path) => {
    expect(() => draft(spec)).toThrow(path);
  });

  it.each([
    [{ labels: { 'not a key': 'x' } }, 'metadata.labels["not a key"]'],
    [{ labels: { key: 'not a value' } }, 'metadata.labels.key'],
    [
      { annotations: { 'registrar.synapsis.network/mine': 'x' } },
      'metadata.annotations["registrar.synapsis.network/mine"]',
    ],
  ])('with the metadata %j is refused', (metadata, path) => {
    const policy = { ...aPolicy('p'), metadata: { name: 'p', ...metadata } };
    expect(() => writer.draft(policy, undefined, 'strict')).toThrow(path);
  });
});
