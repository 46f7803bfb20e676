import type { Finding } from '../../manifest/finding.js';
import { duplicates, invalid } from '../../manifest/rule.js';
import type { Policy, PolicySpec, Signer } from '../../model/policy.js';
import { findSettingProblems } from '../../verification/settings.js';

/** What is wrong across the fields of a Policy; nothing is looked at when the schema found something. */
export function policyRules(value: unknown, found: readonly Finding[]): Finding[] {
  if (found.length > 0) return [];
  const { spec } = value as Policy;
  return [...findSettingProblems(spec), ...repeated(spec), ...spec.signers.flatMap(signerFindings)];
}

function repeated({ checks, signers }: PolicySpec): Finding[] {
  const ids = checks.map(({ id }, index) => ({ path: ['spec', 'checks', index, 'id'], value: id }));
  const names = signers.map(({ name }, index) => ({
    path: ['spec', 'signers', index, 'name'],
    value: name,
  }));
  return [...duplicates(ids), ...duplicates(names)];
}

const SSH_KEY = /^(sk-)?(ssh|ecdsa)-[\w@.-]+ [A-Za-z0-9+/]+={0,2}( [^\n\r]*)?$/;
const GPG_KEY =
  /^-----BEGIN PGP PUBLIC KEY BLOCK-----[\s\S]*-----END PGP PUBLIC KEY BLOCK-----\s*$/;

function signerFindings({ name, sshKey, gpgKey }: Signer, index: number): Finding[] {
  const path = ['spec', 'signers', index];
  if ((sshKey === undefined) === (gpgKey === undefined)) {
    return [invalid(path, 'exactly one of sshKey and gpgKey')];
  }
  return [
    // It stands in a line of a file that git reads, between other words.
    ...(/^[^\s,"!*?\\]+$/.test(name)
      ? []
      : [
          invalid(
            [...path, 'name'],
            'a name or address without spaces and any of , " ! * ? \\',
            name,
          ),
        ]),
    ...(sshKey === undefined || SSH_KEY.test(sshKey)
      ? []
      : [invalid([...path, 'sshKey'], 'one public key as in authorized_keys, without options')]),
    ...(gpgKey === undefined || GPG_KEY.test(gpgKey)
      ? []
      : [invalid([...path, 'gpgKey'], 'an armored public key')]),
  ];
}
