import type { AuditRecord, AuditVerdict } from '../../model/audit.js';

const HEADER = ['LINE', 'TIME', 'USER', 'FROM', 'VERB', 'RESOURCE', 'NAME', 'RESULT'];
const WIDE_HEADER = ['GROUPS', 'OLD', 'NEW', 'REQUEST'];

/** As much of a hash as people compare. */
const HASH_LENGTH = 12;

const orNone = (text: string): string => (text === '' ? '<none>' : text);
const short = (hash: string): string => orNone(hash.slice(0, HASH_LENGTH));

/** A table of lines, with its header. */
export function auditTable(lines: readonly AuditRecord[], wide: boolean): string[][] {
  const header = wide ? [...HEADER, ...WIDE_HEADER] : HEADER;
  return [header, ...lines.map((line) => [...cellsOf(line), ...(wide ? wideCellsOf(line) : [])])];
}

function cellsOf(line: AuditRecord): string[] {
  const { seq, time, user, source, verb, resource, name, namespace, code, reason, count } = line;
  const object = namespace === '' || name === '' ? name : `${namespace}/${name}`;
  const times = count > 1 ? ` (x${count})` : '';
  return [
    ...[String(seq), time, user, source, verb, resource, orNone(object)],
    `${code} ${reason}${times}`,
  ];
}

function wideCellsOf({ groups, oldHash, newHash, requestId }: AuditRecord): string[] {
  return [orNone(groups.join(',')), short(oldHash), short(newHash), orNone(requestId)];
}

/** What a verification came to, in words. */
export function verdictText({ ok, checked, first, last, hash, problem }: AuditVerdict): string {
  if (problem !== undefined) {
    return `The audit is not as it was written, from line ${problem.seq} on: ${problem.message}`;
  }
  if (!ok) return 'The audit is not as it was written';
  if (checked === 0) return 'The audit has no lines yet';
  return `All ${checked} lines from ${first} to ${last} are as they were written; the last hash is ${hash}`;
}
