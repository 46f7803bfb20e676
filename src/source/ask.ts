import { request as askHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as askHttps } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { checkedAddresses } from './addresses.js';
import type { Lookup } from './addresses.js';

/** Whom one may ask, and how long it may take. */
export interface AskRules {
  /** Loopback and private networks; never the metadata services of clouds. */
  readonly privateAddresses: boolean;
  readonly lookup: Lookup;
  readonly signal: AbortSignal;
  /** For one question. */
  readonly answerMs: number;
}

export interface Question {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Longest answer that is read. */
  readonly maxBytes: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * Asks a server once, without following where it leads: it is connected to an address that was
 * checked. Rejects with SOURCE_REFUSED or an Error that says why in a few words.
 */
export async function ask({ url, headers, maxBytes }: Question, rules: AskRules): Promise<Answer> {
  const { lookup, signal, answerMs } = rules;
  const addresses = await checkedAddresses({ host: url.hostname }, rules, lookup, signal);
  const send = url.protocol === 'https:' ? askHttps : askHttp;
  const limit = AbortSignal.timeout(answerMs);
  const options = {
    ...{ headers, agent: false, lookup: only(addresses) },
    signal: AbortSignal.any([signal, limit]),
  };
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      send(url, options, resolve).on('error', reject).end();
    });
    const { statusCode: status = 0, headers: answered } = answer;
    return { status, headers: answered, body: await bodyOf(answer, maxBytes) };
  } catch (error) {
    if (limit.aborted) throw new Error('it did not answer in time', { cause: error });
    throw error;
  }
}

/** Resolves every name to the addresses that were checked: a name may stand for others by now. */
function only(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  const [first = { address: '', family: 4 }] = all;
  return (_host, { all: wantsAll }, callback) => {
    if (wantsAll === true) callback(null, all);
    else callback(null, first.address, first.family);
  };
}

async function bodyOf(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`it answered with more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
