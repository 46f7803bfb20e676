import type { Token } from '../../kinds/token/schema.js';
import { formatAge } from '../../lib/duration.js';
import { table } from './table.js';

const HEADER = ['NAME', 'ROLE', 'MODULES', 'EXPIRES', 'LAST-USED', 'AGE'];

/** Tokens in a table; `now` in milliseconds since 1970. */
export function renderTokens(tokens: readonly Token[], now: number): string {
  return table([HEADER, ...tokens.map((token) => row(token, now))]);
}

function row({ metadata, spec, status }: Token, now: number): string[] {
  const since = (time: string | undefined): string =>
    time === undefined ? '<never>' : formatAge(now - Date.parse(time));
  const modules = spec.role === 'operator' ? (spec.modules ?? ['*']).join(',') : '<all>';
  return [
    ...[metadata.name, spec.role, modules, remaining(spec.expiresAt, now)],
    ...[since(status.lastUsedAt), since(metadata.creationTimestamp)],
  ];
}

function remaining(expiresAt: string | undefined, now: number): string {
  if (expiresAt === undefined) return '<never>';
  const leftMs = Date.parse(expiresAt) - now;
  return leftMs > 0 ? formatAge(leftMs) : '<expired>';
}
