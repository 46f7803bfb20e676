import { readdirSync, readFileSync } from 'node:fs';

/** What a process uses. */
export interface Usage {
  readonly pid: number;
  /** Mebibytes in memory. */
  readonly memory: number;
  /** Files, sockets and pipes. */
  readonly handles: number;
}

export function usageOf(pid: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kibibytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return {
    pid,
    memory: Math.round(Number(kibibytes) / 1024),
    handles: readdirSync(`/proc/${pid}/fd`).length,
  };
}

/** First and last figures of the process that was looked at most often. */
export function growth(usages: readonly Usage[]): { first: Usage; last: Usage } | undefined {
  const lives = [...new Set(usages.map(({ pid }) => pid))].map((pid) =>
    usages.filter((one) => one.pid === pid),
  );
  const longest = lives.toSorted((a, b) => b.length - a.length)[0] ?? [];
  const [first, last] = [longest[0], longest.at(-1)];
  return first === undefined || last === undefined ? undefined : { first, last };
}
