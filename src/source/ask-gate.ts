import { isRegistrarError } from '../model/errors.js';
import { systemLookup } from './addresses.js';
import type { Lookup } from './addresses.js';
import { ask } from './ask.js';
import { cleanText } from './clean-text.js';

/** What is asked of the address of a gate, and which addresses may be. */
export interface GateQuestion {
  readonly url: string;
  /** Loopback and private networks; never the metadata services of clouds. */
  readonly privateAddresses: boolean;
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What came of it: an HTTP status, or in a few words why there was none. */
export type GateAnswer = { readonly status: number } | { readonly problem: string };

/** Gets an address once and follows no redirect. Rejects only when it is called off. */
export type AskGate = (question: GateQuestion, signal: AbortSignal) => Promise<GateAnswer>;

/** An answer is not looked at; a longer one is not waited for. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** See `AskGate`. */
export function gateAsker(lookup: Lookup = systemLookup): AskGate {
  return async ({ url, privateAddresses, timeoutMs, headers }, signal) => {
    try {
      const question = { url: new URL(url), headers, maxBytes: MAX_ANSWER_BYTES };
      const rules = { privateAddresses, lookup, signal, answerMs: timeoutMs };
      return { status: (await ask(question, rules)).status };
    } catch (error) {
      signal.throwIfAborted();
      return { problem: wordsOf(error) };
    }
  };
}

function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  // Only what is ours begins as a sentence does.
  const words = isRegistrarError(error) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
  return cleanText(words, 300);
}
