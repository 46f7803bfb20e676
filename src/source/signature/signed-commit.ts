/** What a signature is of: `other` cannot be checked here, such as X.509. */
export type SignatureKind = 'ssh' | 'gpg' | 'other';

const ARMORS: readonly (readonly [string, SignatureKind])[] = [
  ['-----BEGIN SSH SIGNATURE-----', 'ssh'],
  ['-----BEGIN PGP SIGNATURE-----', 'gpg'],
  ['-----BEGIN PGP MESSAGE-----', 'gpg'],
];

/** The kind of signature that a commit object has, by how it begins, as git tells them apart. */
export function signatureKind(object: Buffer, commit: string): SignatureKind | undefined {
  const header = commit.length === 64 ? 'gpgsig-sha256 ' : 'gpgsig ';
  const [head = ''] = object.toString('latin1').split('\n\n', 1);
  const line = head.split('\n').find((one) => one.startsWith(header));
  if (line === undefined) return undefined;
  const armor = line.slice(header.length);
  return ARMORS.find(([begin]) => armor.startsWith(begin))?.[1] ?? 'other';
}
