import { createHash } from 'node:crypto';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { parsePath } from '../../lib/parse-path.js';
import type { FieldPath } from '../../lib/field-path.js';
import type { ProgressCheck } from '../../model/module.js';
import type { Eye } from './eye.js';
import type { Sample } from './judge.js';

/** A container that does not answer in this time does not answer. */
const TIMEOUT_MS = 5_000;

const MAX_ANSWER_BYTES = 64 * 1024;

/** Longest value that is kept as it is; of a longer one a hash is. */
const MAX_KEPT = 40;

type Check = NonNullable<ProgressCheck['http']>;

/** Gets a JSON document from a container and looks at one field of it. Redirects are not followed. */
export function httpEye(host: string, { port, path, field }: Check): Eye {
  const steps = parsePath(field);
  const get = { host, port, path, agent: false } as const;
  return {
    look: async () => {
      try {
        return valueIn(await answerOf(get), steps);
      } catch (error) {
        return nothing(error instanceof NoAnswer ? error.message : 'it does not answer');
      }
    },
    close: () => undefined,
  };
}

/** Why an answer tells nothing. */
class NoAnswer extends Error {}

const nothing = (detail: string): Sample => ({ kind: 'nothing', detail });

function answerOf(get: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const ask = request({ ...get, signal }, (answer) => {
      bodyOf(answer)
        .then(resolve, reject)
        .finally(() => answer.destroy());
    });
    ask.on('error', reject);
    ask.end();
  });
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const { statusCode } = answer;
  if (statusCode !== 200) throw new NoAnswer(`it answers ${statusCode}`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new NoAnswer('its answer is larger than 64 KiB');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function valueIn(text: string, steps: FieldPath): Sample {
  let found: unknown;
  try {
    found = steps.reduce(memberOf, JSON.parse(text));
  } catch {
    return nothing('its answer is not JSON');
  }
  if (found === undefined) return nothing('its answer has no such field');
  const value = JSON.stringify(found);
  const detail = `it is ${shownOf(found)}`;
  if (value.length <= MAX_KEPT) return { kind: 'seen', value, detail };
  const hash = createHash('sha256').update(value).digest('hex');
  return { kind: 'seen', value: hash, detail };
}

/** A module may put anything into a text, also a secret. */
function shownOf(value: unknown): string {
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** What an object or a list has of its own. */
function memberOf(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string | number, unknown>)[step];
}
