import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

/** A process that serves HTTP while a test measures it; it ends with the test. */
export interface BenchProcess {
  readonly port: number;
  /** What it uses, after a garbage collection. */
  usage(): Promise<Usage>;
}

/** Memory in bytes: what objects and buffers take, and what the system gave. */
export interface Usage {
  readonly heap: number;
  readonly rss: number;
  readonly connections: number;
}

/** Token of the API in such a process. */
export const BENCH_TOKEN = 'the-token-of-this-bench';

/** Starts a compiled `api-process.ts` with its arguments. */
export async function startProcess(entry: string, ...args: string[]): Promise<BenchProcess> {
  const child = fork(entry, args, {
    env: { ...process.env, BENCH_TOKEN },
    execArgv: ['--expose-gc'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const [port] = (await once(child, 'message')) as [number];
  const usage = async (): Promise<Usage> => {
    const answer = once(child, 'message');
    child.send('usage');
    const [message] = (await answer) as [Usage];
    return message;
  };
  return { port, usage };
}

interface Shot {
  readonly connections: number;
  readonly seconds: number;
}

/** Requests per second of GETs, all of which were answered with 200. */
export async function getsPerSecond(url: string, shot: Shot): Promise<number> {
  const { stdout } = await promisify(execFile)('node_modules/.bin/autocannon', [
    ...['--json', '--no-progress', '-c', String(shot.connections), '-d', String(shot.seconds)],
    ...['-H', `authorization: Bearer ${BENCH_TOKEN}`, url],
  ]);
  const result = JSON.parse(stdout) as {
    requests: { total: number };
    duration: number;
    '2xx': number;
    errors: number;
  };
  const { requests, duration, errors } = result;
  if (errors > 0 || result['2xx'] !== requests.total) {
    throw new Error(`Not every GET of ${url} was answered with 200: ${stdout}`);
  }
  return requests.total / duration;
}
