import type { Token, TokenSpec } from '../kinds/token/schema.js';
import { parseDurationMs } from '../lib/duration.js';
import { RegistrarError } from '../model/errors.js';
import { TOKEN } from '../model/kinds.js';
import { API_VERSION } from '../model/names.js';
import type { Client } from './http.js';

const PATH = `/apis/${API_VERSION}/${TOKEN.plural}`;
const DAY_MS = 24 * 3_600_000;

const tokenPath = (name: string, part = ''): string => `${PATH}/${encodeURIComponent(name)}${part}`;

/** Makes a token; the secret is in `status.token` of the answer, and nowhere else ever. */
export async function createToken(client: Client, name: string, spec: TokenSpec): Promise<Token> {
  const body = { apiVersion: API_VERSION, kind: TOKEN.kind, metadata: { name }, spec };
  return (await client.json({ method: 'POST', path: PATH, body })) as Token;
}

/** Gives a token another secret; those there are stay valid for the overlap. */
export async function rotateToken(client: Client, name: string, overlapMs: number): Promise<Token> {
  const body = { overlapSeconds: Math.round(overlapMs / 1000) };
  return (await client.json({ method: 'POST', path: tokenPath(name, '/rotate'), body })) as Token;
}

export async function revokeToken(client: Client, name: string): Promise<void> {
  await client.json({ method: 'DELETE', path: tokenPath(name) });
}

/** Milliseconds of a duration that may also be in days: `30d`, `12h`. BAD_REQUEST for others. */
export function lifetimeMsOf(flag: string, text: string): number {
  const [, days] = /^(\d{1,5})d$/.exec(text) ?? [];
  const durationMs = days === undefined ? parseDurationMs(text) : Number(days) * DAY_MS;
  if (durationMs !== undefined) return durationMs;
  const message = `Cannot read ${flag} "${text}" as a duration; write it like 30d, 12h or 90m`;
  throw new RegistrarError('BAD_REQUEST', message);
}

/** `token.registrar.synapsis.network`, before the name of one. */
export const TOKEN_PREFIX = `${TOKEN.singular}.${TOKEN.group}`;
