import { createHash } from 'node:crypto';
import { CREDENTIALS } from './image-registry.js';
import { simpleSignature } from './cosign.js';
import type { Keys } from './cosign.js';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

export const digestOf = (bytes: string): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const authorization = `Basic ${Buffer.from(`${CREDENTIALS.username}:${CREDENTIALS.password}`).toString('base64')}`;

/** Puts things beside images in a registry, as cosign does. */
export class Signer {
  readonly #base: string;

  constructor(address: string, repository: string) {
    this.#base = `http://${address}/v2/${repository}`;
  }

  /** A payload and its signature in the tag `sha256-….sig`. */
  async sign(digest: string, payload: string, keys: Keys): Promise<void> {
    const found = simpleSignature(payload, keys);
    if (found.form !== 'simple') throw new Error('another form');
    const layer = await this.blob(payload, 'application/vnd.dev.cosign.simplesigning.v1+json');
    const annotations = { 'dev.cosignproject.cosign/signature': found.signature };
    await this.manifest(`${digest.replace(':', '-')}.sig`, [{ ...layer, annotations }]);
  }

  /** A bundle that refers to the image, in the list that has the tag `sha256-…`. */
  async attach(digest: string, bundle: unknown): Promise<void> {
    const layer = await this.blob(JSON.stringify(bundle), BUNDLE);
    const text = await this.manifest(undefined, [layer]);
    const entry = { mediaType: MANIFEST, digest: digestOf(text), size: text.length };
    const manifests = [{ ...entry, artifactType: BUNDLE }];
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const index = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
    await this.#send('PUT', `manifests/${digest.replace(':', '-')}`, index, mediaType);
  }

  async blob(content: string, mediaType: string) {
    const begun = await this.#send('POST', 'blobs/uploads/');
    const url = new URL(begun.headers.get('location') ?? '');
    url.searchParams.set('digest', digestOf(content));
    await this.#send('PUT', url.href, content, 'application/octet-stream');
    return { mediaType, digest: digestOf(content), size: Buffer.byteLength(content) };
  }

  /** Resolves to its text; without a tag it is known by its digest. */
  async manifest(tag: string | undefined, layers: readonly object[]): Promise<string> {
    const config = await this.blob('{}', 'application/vnd.oci.image.config.v1+json');
    const text = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers });
    await this.#send('PUT', `manifests/${tag ?? digestOf(text)}`, text, MANIFEST);
    return text;
  }

  async #send(method: string, path: string, body?: string, type = 'text/plain'): Promise<Response> {
    const url = path.startsWith('http') ? path : `${this.#base}/${path}`;
    const headers = { authorization, 'content-type': type };
    const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
