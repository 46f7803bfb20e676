import type { Readable } from 'node:stream';
import { concealing } from '../lib/conceal.js';
import { RegistrarError, isRegistrarError } from '../model/errors.js';
import { parseImageReference } from '../model/image-reference.js';
import type { EngineClient } from './client.js';
import { EngineRefusal, cleanText, concealed, refusalText, toEngineError } from './errors.js';
import { parseJson, replyOf, textOf } from './reply.js';
import type { Reply } from './reply.js';
import type { RegistryCredentials } from './runtime.js';
import { TextLines } from './text-lines.js';
import { WorkLimits } from './work-limits.js';
import type { WorkTimes } from './work-limits.js';

const TIMES: WorkTimes = { silenceMs: 2 * 60_000, totalMs: 30 * 60_000 };

const MAX_LINE = 64 * 1024;
/** Status of an error that arrives in a stream which began as a success. */
const LATE = 500;

/** Lines that say that nothing happens. */
const IDLE = /^(Waiting|Retrying)/;

/** What engine and registries say of an image that is not there, or not for us. */
const NOT_FOUND =
  /no basic auth credentials|unauthorized|authentication required|manifest unknown|manifest .*not found|name unknown|repository .*(not found|does not exist|not known)|pull access denied|no matching manifest/i;

/** What engines say of a layer that is not what its digest stands for. */
const DAMAGED = /verification failed for digest|unexpected commit digest|failed size validation/i;

export interface PullOptions {
  readonly times?: WorkTimes;
  readonly credentials?: RegistryCredentials | undefined;
}

/**
 * Pulls an image; resolves when the engine has all of it. IMAGE_NOT_FOUND, IMAGE_PULL_FAILED,
 * INVALID for a malformed reference, or what befell the engine.
 */
export async function pull(
  client: EngineClient,
  reference: string,
  onProgress: (text: string) => void,
  signal: AbortSignal,
  { times = TIMES, credentials }: PullOptions = {},
): Promise<void> {
  const doing = `pull image "${cleanText(reference)}"`;
  const query = queryOf(reference, doing);
  const limits = new WorkLimits(signal, times);
  const conceal = concealing(valuesOf(credentials));
  try {
    const path = '/images/create';
    const call = {
      method: 'POST',
      path,
      query,
      doing,
      ...(credentials && { credentials }),
    } as const;
    const tell = (text: string): void => onProgress(conceal(text));
    await follow(await client.stream(call, limits.signal, times.totalMs), tell, limits);
  } catch (error) {
    const failure = concealed(toEngineError(error, doing, client.dockerHost), doing, conceal);
    if (limits.ended === undefined) throw pullError(failure);
    throw new RegistrarError('IMAGE_PULL_FAILED', `Cannot ${doing}: ${limits.ended.reason}`);
  } finally {
    limits.close();
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
  limits: WorkLimits,
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

/** What is not to be told of a login. */
export const valuesOf = (credentials: RegistryCredentials | undefined): Buffer[] =>
  credentials === undefined ? [] : [Buffer.from(credentials.password)];

/** The engine has one status for most of what registries refuse. */
export function pullError(error: RegistrarError): RegistrarError {
  if (!isRegistrarError(error, 'ENGINE_ERROR', 'IMAGE_NOT_FOUND')) return error;
  const text = refusalText(error);
  const code = NOT_FOUND.test(text) ? 'IMAGE_NOT_FOUND' : 'IMAGE_PULL_FAILED';
  const remedy = DAMAGED.test(text)
    ? '; it is damaged in the registry or on the way: push it again, or use another one'
    : '';
  return new RegistrarError(code, `${error.message}${remedy}`, { cause: error.cause });
}
