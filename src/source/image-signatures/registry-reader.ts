import { fieldOf, jsonIn } from '../../verification/cosign/verdict.js';
import { ask } from '../ask.js';
import type { Answer, AskRules, Question } from '../ask.js';
import { parseChallenge } from './challenge.js';
import { isAskable, registryAddress } from './registry-address.js';

/** An account of a registry. */
export interface Account {
  readonly username: string;
  readonly password: string;
}

export interface RegistryReaderOptions extends Omit<AskRules, 'answerMs'> {
  readonly registry: string;
  readonly repository: string;
  readonly account?: Account | undefined;
}

/** For one question; a signature is small. */
const ANSWER_MS = 20_000;
/** Registries give large blobs from elsewhere, in one step. */
const MAX_REDIRECTS = 3;
const MAX_TOKEN_BYTES = 64 * 1024;
/** Printable ASCII without spaces: nothing that would end a header. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

/** Reads one repository of a registry over its HTTP API, with a login when it asks for one. */
export class RegistryReader {
  readonly #options: RegistryReaderOptions;
  #authorization: string | undefined;

  constructor(options: RegistryReaderOptions) {
    this.#options = options;
  }

  /** What is at a path below the repository; undefined when there is nothing. */
  async get(path: string, accept: string, maxBytes: number): Promise<Buffer | undefined> {
    const { registry, repository } = this.#options;
    const url = new URL(`/v2/${repository}/${path}`, registryAddress(registry));
    const headers = { accept };
    let answer = await this.#ask(url, headers, maxBytes);
    if (answer.status === 401 && this.#authorization === undefined) {
      this.#authorization = await this.#authorize(answer);
      answer = await this.#ask(url, headers, maxBytes);
    }
    if (answer.status === 200) return answer.body;
    if (answer.status === 404) return undefined;
    const isRefused = answer.status === 401 || answer.status === 403;
    throw new Error(isRefused ? 'the registry asks for a login' : `it answered ${answer.status}`);
  }

  /** Follows where the registry leads; a login goes to nobody else. */
  async #ask(
    url: URL,
    headers: Readonly<Record<string, string>>,
    maxBytes: number,
  ): Promise<Answer> {
    let at = url;
    for (let step = 0; step <= MAX_REDIRECTS; step += 1) {
      const isOwn = at.origin === url.origin;
      const authorization = isOwn && this.#authorization;
      const all = { ...headers, ...(authorization && { authorization }) };
      const answer = await this.#askOnce({ url: at, headers: all, maxBytes });
      const { location } = answer.headers;
      if (answer.status < 300 || answer.status > 399 || location === undefined) return answer;
      at = new URL(location, at);
    }
    throw new Error('it leads from one address to the next');
  }

  async #askOnce(question: Question): Promise<Answer> {
    const { url } = question;
    if (!isAskable(url)) throw new Error(`it leads to "${url.protocol}//", which is not TLS`);
    return ask(question, { ...this.#options, answerMs: ANSWER_MS });
  }

  /** The value of the header that the registry wants. */
  async #authorize({ headers }: Answer): Promise<string> {
    const { repository, account } = this.#options;
    const challenge = parseChallenge(headers['www-authenticate'] ?? '', repository);
    if (challenge === undefined) throw new Error('it asks for a login in an unknown way');
    if (challenge.scheme === 'bearer') return `Bearer ${await this.#token(challenge.tokenUrl)}`;
    if (account === undefined) throw new Error('the registry asks for a login');
    return basic(account);
  }

  async #token(url: URL): Promise<string> {
    const { account } = this.#options;
    const headers = account === undefined ? {} : { authorization: basic(account) };
    const answer = await this.#askOnce({ url, headers, maxBytes: MAX_TOKEN_BYTES });
    const json = jsonIn(answer.body);
    const token = fieldOf(json, 'token') ?? fieldOf(json, 'access_token');
    if (answer.status === 200 && typeof token === 'string' && TOKEN.test(token)) return token;
    throw new Error('the registry gives no token: it asks for another login');
  }
}

const basic = ({ username, password }: Account): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
