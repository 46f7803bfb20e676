import type { Readable } from 'node:stream';
import { concealing } from '../lib/conceal.js';
import { isRegistrarError, RegistrarError } from '../model/errors.js';
import { parseImageReference } from '../model/image-reference.js';
import type { EngineClient } from './client.js';
import { cleanText, concealed, toEngineError } from './errors.js';
import { pullError, valuesOf } from './pull.js';
import { parseJson, replyOf, textOf } from './reply.js';
import type { RegistryCredentials } from './runtime.js';

/** The engine asks the registry, with as many hops as its login takes. */
const ASK_MS = 30_000;
/** An answer is a few hundred bytes for each platform. */
const MAX_ANSWER = 256 * 1024;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** What a registry has under a reference now. Errors are those of `Runtime.remoteDigest`. */
export async function remoteDigest(
  client: EngineClient,
  reference: string,
  signal: AbortSignal,
  credentials: RegistryCredentials | undefined,
): Promise<string> {
  const doing = `look up image "${cleanText(reference)}"`;
  const path = `/distribution/${encodeURIComponent(tagged(reference, doing))}/json`;
  const call = { method: 'GET', path, doing, ...(credentials && { credentials }) } as const;
  try {
    const answer = await readAll(await client.stream(call, signal, ASK_MS), signal);
    const digest = textOf(replyOf(replyOf(parseJson(answer))['Descriptor'])['digest']);
    if (DIGEST.test(digest)) return digest;
    throw new RegistrarError('IMAGE_PULL_FAILED', `Cannot ${doing}: the engine tells no digest`);
  } catch (error) {
    if (isRegistrarError(error, 'IMAGE_PULL_FAILED')) throw error;
    const failure = toEngineError(error, doing, client.dockerHost);
    throw pullError(concealed(failure, doing, concealing(valuesOf(credentials))));
  }
}

/** The whole name of a tag. */
function tagged(reference: string, doing: string): string {
  const parsed = parseImageReference(reference);
  if (parsed === undefined) {
    throw new RegistrarError('INVALID', `Cannot ${doing}: write name:tag`);
  }
  return `${parsed.registry}/${parsed.repository}:${parsed.tag ?? 'latest'}`;
}

async function readAll(stream: Readable, signal: AbortSignal): Promise<string> {
  const late = AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]);
  const end = (): void => void stream.destroy(new Error('it takes too long'));
  late.addEventListener('abort', end, { once: true });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER) throw new Error('it is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
