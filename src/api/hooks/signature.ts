import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** How far the clock of a sender may be off that signs the time. */
const MAX_SKEW_MS = 5 * 60_000;

/** What was sent. */
export interface Push {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** When it came, in milliseconds since 1970. */
  readonly now: number;
}

type Proof = (push: Push, key: Buffer) => boolean | undefined;

/** Each says undefined when the sender does not use it. The first that is used decides. */
const PROOFS: readonly Proof[] = [
  // GitHub; Gitea and Forgejo send it, too.
  ({ headers, body }, key) =>
    given(headers, 'x-hub-signature-256', (text) => isHex(text.replace(/^sha256=/, ''), key, body)),
  ({ headers, body }, key) => given(headers, 'x-gitea-signature', (text) => isHex(text, key, body)),
  standardWebhook,
  // GitLab before it signed: the secret itself.
  ({ headers }, key) =>
    given(headers, 'x-gitlab-token', (text) => isEqual(sha256(text), sha256(key))),
];

/** Whether who sent it knows a key. Takes as long for a wrong proof as for a right one. */
export function isSignedWith(push: Push, key: Buffer): boolean {
  if (key.length === 0) return false;
  for (const proof of PROOFS) {
    const answer = proof(push, key);
    if (answer !== undefined) return answer;
  }
  return false;
}

function given(
  headers: IncomingHttpHeaders,
  name: string,
  check: (text: string) => boolean,
): boolean | undefined {
  const value = headers[name];
  return typeof value === 'string' ? check(value) : undefined;
}

/** GitLab: `id.time.body` is signed, with a key that is written as `whsec_` and base64. */
function standardWebhook({ headers, body, now }: Push, key: Buffer): boolean | undefined {
  const signatures = headers['webhook-signature'];
  const { 'webhook-id': id, 'webhook-timestamp': time } = headers;
  if (typeof signatures !== 'string') return undefined;
  if (typeof id !== 'string' || typeof time !== 'string') return false;
  if (!(Math.abs(now - Number(time) * 1000) <= MAX_SKEW_MS)) return false;
  const text = key.toString();
  const secret = text.startsWith('whsec_') ? Buffer.from(text.slice(6), 'base64') : key;
  const wanted = hmac(secret, Buffer.concat([Buffer.from(`${id}.${time}.`), body]));
  return signatures
    .split(' ')
    .slice(0, 8)
    .some((one) => one.startsWith('v1,') && isEqual(Buffer.from(one.slice(3), 'base64'), wanted));
}

function isHex(text: string, key: Buffer, body: Buffer): boolean {
  return /^[0-9a-f]{64}$/i.test(text) && isEqual(Buffer.from(text, 'hex'), hmac(key, body));
}

const hmac = (key: Buffer, data: Buffer): Buffer => createHmac('sha256', key).update(data).digest();

const sha256 = (data: string | Buffer): Buffer => hash('sha256', data, 'buffer');

const isEqual = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
