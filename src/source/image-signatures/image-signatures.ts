import { createHash } from 'node:crypto';
import { isRegistrarError, RegistrarError } from '../../model/errors.js';
import { parseImageReference } from '../../model/image-reference.js';
import { fieldOf, jsonIn } from '../../verification/cosign/verdict.js';
import type { ImageSignature } from '../../verification/subjects.js';
import { systemLookup } from '../addresses.js';
import type { Lookup } from '../addresses.js';
import { cleanText } from '../clean-text.js';
import { RegistryReader } from './registry-reader.js';
import type { Account } from './registry-reader.js';

/** Which image's signatures are wanted, and how they may be fetched. */
export interface SignatureQuestion {
  /** As the manifest names it: its registry and repository count. */
  readonly reference: string;
  /** `sha256:…`, as the registry calls the image. */
  readonly digest: string;
  readonly privateAddresses: boolean;
  readonly account?: Account | undefined;
}

/**
 * The signatures that lie beside an image in its registry, both as cosign keeps them in a tag and as
 * bundles that refer to the image. NOT_VERIFIED when they cannot be fetched.
 */
export type FetchSignatures = (
  question: SignatureQuestion,
  signal: AbortSignal,
) => Promise<readonly ImageSignature[]>;

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const ACCEPT = `${MANIFEST}, application/vnd.docker.distribution.manifest.v2+json`;
const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle\b/;
const SIGNATURE = 'dev.cosignproject.cosign/signature';
const DIGEST = /^sha256:[0-9a-f]{64}$/;

const MAX_MANIFEST = 1024 * 1024;
/** A bundle has some thousand bytes, a payload some hundred. */
const MAX_BLOB = 512 * 1024;
/** Whoever writes to the registry can add any number. */
const MAX_SIGNATURES = 20;
/** For all questions together. */
const TOTAL_MS = 60_000;

/** See `FetchSignatures`. */
export function signatureFetcher(lookup: Lookup = systemLookup): FetchSignatures {
  return async ({ reference, digest, privateAddresses, account }, cancelled) => {
    const doing = `fetch the signatures of image "${cleanText(reference)}"`;
    const parsed = parseImageReference(reference);
    if (parsed === undefined || !DIGEST.test(digest)) throw failed(doing, 'it has no digest');
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(TOTAL_MS)]);
    const { registry, repository } = parsed;
    const rules = { privateAddresses, lookup, signal };
    const reader = new RegistryReader({ registry, repository, account, ...rules });
    try {
      return [...(await inTag(reader, digest)), ...(await referring(reader, digest))];
    } catch (error) {
      if (isRegistrarError(error)) throw failed(doing, error.message);
      throw failed(doing, signal.aborted ? 'it took too long' : wordsOf(error));
    }
  };
}

const failed = (doing: string, why: string): RegistrarError =>
  new RegistrarError('NOT_VERIFIED', `Cannot ${doing}: ${why}`);

const wordsOf = (error: unknown): string =>
  cleanText(error instanceof Error ? error.message : String(error), 200);

const tagOf = (digest: string): string => digest.replace(':', '-');

/** Signatures of the older form: layers of a manifest that has the tag `sha256-….sig`. */
async function inTag(reader: RegistryReader, digest: string): Promise<ImageSignature[]> {
  const manifest = await reader.get(`manifests/${tagOf(digest)}.sig`, ACCEPT, MAX_MANIFEST);
  const found: ImageSignature[] = [];
  for (const layer of manifest === undefined ? [] : listIn(manifest, 'layers')) {
    const signature = fieldOf(fieldOf(layer, 'annotations'), SIGNATURE);
    if (typeof signature !== 'string') continue;
    const payload = await blobOf(reader, layer);
    found.push({ form: 'simple', payload: payload.toString('base64'), signature });
  }
  return found;
}

/** Bundles: manifests that say of themselves that they are about the image. */
async function referring(reader: RegistryReader, digest: string): Promise<ImageSignature[]> {
  const found: ImageSignature[] = [];
  for (const referrer of await referrersOf(reader, digest)) {
    const manifestDigest = fieldOf(referrer, 'digest');
    if (typeof manifestDigest !== 'string' || !DIGEST.test(manifestDigest)) continue;
    const manifest = await reader.get(`manifests/${manifestDigest}`, ACCEPT, MAX_MANIFEST);
    for (const layer of manifest === undefined ? [] : listIn(manifest, 'layers')) {
      if (!BUNDLE.test(textIn(layer, 'mediaType'))) continue;
      found.push({ form: 'bundle', bundle: jsonIn(await blobOf(reader, layer)) });
    }
  }
  return found;
}

/** Where a registry knows of no referrers, whoever adds one keeps the list in a tag. */
async function referrersOf(reader: RegistryReader, digest: string): Promise<unknown[]> {
  const index =
    (await reader.get(`referrers/${digest}`, INDEX, MAX_MANIFEST)) ??
    (await reader.get(`manifests/${tagOf(digest)}`, INDEX, MAX_MANIFEST));
  if (index === undefined) return [];
  const bundles = allIn(index, 'manifests').filter((one) =>
    BUNDLE.test(textIn(one, 'artifactType')),
  );
  return bundles.slice(0, MAX_SIGNATURES);
}

/** What a descriptor stands for; a registry that gives other bytes cannot be believed at all. */
async function blobOf(reader: RegistryReader, descriptor: unknown): Promise<Buffer> {
  const digest = textIn(descriptor, 'digest');
  if (!DIGEST.test(digest)) throw new Error('a signature has no digest');
  const blob = await reader.get(`blobs/${digest}`, '*/*', MAX_BLOB);
  if (blob === undefined) throw new Error('a signature is missing');
  const hash = createHash('sha256').update(blob).digest('hex');
  if (digest !== `sha256:${hash}`) throw new Error('a signature has not the bytes that it should');
  return blob;
}

/** The first of a list in JSON data. */
const listIn = (bytes: Buffer, field: string): unknown[] =>
  allIn(bytes, field).slice(0, MAX_SIGNATURES);

function allIn(bytes: Buffer, field: string): readonly unknown[] {
  const list = fieldOf(jsonIn(bytes), field);
  return Array.isArray(list) ? list : [];
}

function textIn(value: unknown, field: string): string {
  const text = fieldOf(value, field);
  return typeof text === 'string' ? text : '';
}
