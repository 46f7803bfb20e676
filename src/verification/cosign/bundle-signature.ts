import type { KeyObject } from 'node:crypto';
import type { SignedEntity } from '@sigstore/verify';
import { fieldOf, jsonIn, SIGNED_IMAGE, verdictFor } from './verdict.js';
import type { Verdict } from './verdict.js';

/** What an envelope says its payload is. */
const STATEMENT = 'application/vnd.in-toto+json';

/** As JSON. A bundle of a signature has some thousand characters. */
const MAX_LENGTH = 512 * 1024;

/** A statement that a signature is for, and what checks that it is. */
interface Signed {
  readonly statement: unknown;
  readonly isBy: (key: KeyObject) => boolean;
}

/**
 * What a bundle of Sigstore comes to that signs a statement about images with a key. Logs and time
 * stamps in it are not looked at: that takes roots of trust, and the key is trusted by itself. Never
 * fails.
 */
export async function verifyBundle(
  bundle: unknown,
  keys: readonly KeyObject[],
  digest: string,
): Promise<Verdict> {
  const signed = await signedIn(bundle);
  if (signed === undefined) return 'malformed';
  if (!keys.some(signed.isBy)) return 'unknownKey';
  const digests = digestsIn(signed.statement);
  return verdictFor(digests.includes(digest) ? digest : digests[0], digest);
}

/** undefined when it is no bundle, or has no statement. */
async function signedIn(bundle: unknown): Promise<Signed | undefined> {
  // Loaded with the first bundle: the daemon starts without it.
  const [{ bundleFromJSON }, { toSignedEntity, Verifier }] = await Promise.all([
    import('@sigstore/bundle'),
    import('@sigstore/verify'),
  ]);
  const verifierFor = (publicKey: KeyObject): InstanceType<typeof Verifier> => {
    const roots = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
    const trust = { ...roots, publicKey: () => ({ publicKey, validFor: () => true }) };
    return new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
  };
  try {
    if (JSON.stringify(bundle).length > MAX_LENGTH) return undefined;
    const read = bundleFromJSON(bundle);
    if (read.content.$case !== 'dsseEnvelope') return undefined;
    const { payload, payloadType } = read.content.dsseEnvelope;
    if (payloadType !== STATEMENT) return undefined;
    const entity: SignedEntity = { ...toSignedEntity(read), tlogEntries: [], timestamps: [] };
    const isBy = (key: KeyObject): boolean => succeeds(() => verifierFor(key).verify(entity));
    return { statement: jsonIn(payload), isBy };
  } catch {
    return undefined;
  }
}

function succeeds(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

/**
 * The digests of the images that a statement signs; none when it says something else about them,
 * such as what is wrong with them.
 */
function digestsIn(statement: unknown): string[] {
  const subjects = fieldOf(statement, 'subject');
  const isSignature = fieldOf(statement, 'predicateType') === SIGNED_IMAGE;
  if (!isSignature || !Array.isArray(subjects)) return [];
  return subjects.flatMap((subject) => {
    const sha256 = fieldOf(fieldOf(subject, 'digest'), 'sha256');
    return typeof sha256 === 'string' ? [`sha256:${sha256}`] : [];
  });
}
