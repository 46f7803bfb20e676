import type { Readable } from 'node:stream';
import { RegistrarError, isRegistrarError } from '../model/errors.js';
import { parseImageReference } from '../model/image-reference.js';
import type { EngineClient } from './client.js';
import { EngineRefusal, cleanText, refusalText, toEngineError } from './errors.js';
import { PULL_TIMES, PullLimits } from './pull-limits.js';
import type { PullTimes } from './pull-limits.js';
import { parseJson, replyOf, textOf } from './reply.js';
import type { Reply } from './reply.js';
import { TextLines } from './text-lines.js';

const MAX_LINE = 64 * 1024;
/** Status of an error that arrives in a stream which began as a success. */
const LATE = 500;

/** Lines that say that nothing happens. */
const IDLE = /^(Waiting|Retrying)/;

/** What engine and registries say of an image that is not there, or not for us. */
const NOT_FOUND =
  /manifest unknown|manifest .*not found|name unknown|repository .*(not found|does not exist|not known)|pull access denied|no matching manifest/i;

/**
 * Pulls an image; resolves when the engine has all of it. IMAGE_NOT_FOUND, IMAGE_PULL_FAILED,
 * INVALID for a malformed reference, or what befell the engine.
 */
export async function pull(
  client: EngineClient,
  reference: string,
  onProgress: (text: string) => void,
  signal: AbortSignal,
  times: PullTimes = PULL_TIMES,
): Promise<void> {
  const doing = `pull image "${cleanText(reference)}"`;
  const query = queryOf(reference, doing);
  const limits = new PullLimits(signal, times);
  try {
    const call = { method: 'POST', path: '/images/create', query, doing } as const;
    await follow(await client.stream(call, limits.signal, times.totalMs), onProgress, limits);
  } catch (error) {
    if (limits.broken === undefined)
      throw pullError(toEngineError(error, doing, client.dockerHost));
    throw new RegistrarError('IMAGE_PULL_FAILED', `Cannot ${doing}: ${limits.broken}`);
  } finally {
    limits.end();
  }
}

/** Without a tag the engine would pull all there are. */
function queryOf(reference: string, doing: string): Record<string, string> {
  const parsed = parseImageReference(reference);
  if (parsed === undefined) {
    throw new RegistrarError('INVALID', `Cannot ${doing}: write name:tag or name@digest`);
  }
  const { registry, repository, tag = 'latest', digest = tag } = parsed;
  return { fromImage: `${registry}/${repository}`, tag: digest };
}

async function follow(
  stream: Readable,
  onProgress: (text: string) => void,
  limits: PullLimits,
): Promise<void> {
  const lines = new TextLines(MAX_LINE);
  const said = new Map<string, string>();
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (const line of lines.push(chunk)) {
      const step = replyOf(parseJson(line));
      const error = textOf(step['error']);
      if (error !== '') throw new EngineRefusal(LATE, error);
      const progress = progressText(step);
      // Engines with the image store of containerd repeat where each layer is, ten times a second.
      const isNew = said.get(textOf(step['id'])) !== progress;
      said.set(textOf(step['id']), progress);
      if (isNew && !IDLE.test(textOf(step['status']))) limits.progressed();
      onProgress(progress);
    }
  }
}

function progressText({ id, status, progress }: Reply): string {
  const layer = textOf(id);
  const done = `${textOf(status)} ${textOf(progress)}`;
  return cleanText(layer === '' ? done : `${layer}: ${done}`);
}

/** The engine has one status for most of what registries refuse. */
function pullError(error: RegistrarError): RegistrarError {
  if (!isRegistrarError(error, 'ENGINE_ERROR', 'IMAGE_NOT_FOUND')) return error;
  const isMissing = NOT_FOUND.test(refusalText(error));
  const code = isMissing ? 'IMAGE_NOT_FOUND' : 'IMAGE_PULL_FAILED';
  return new RegistrarError(code, error.message, { cause: error.cause });
}
