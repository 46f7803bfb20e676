import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { printable } from '../../lib/printable.js';

/** What starts, watches and restarts this process, and what it can be told: see sd_notify(3). */
export interface ServiceManager {
  /**
   * Milliseconds within which it wants to hear that this process lives, or it ends and restarts it;
   * undefined when it does not watch.
   */
  readonly watchdogMs: number | undefined;
  /** Never rejects: a failure goes to `onFailure`. What is told is told in order. */
  tell(news: News): Promise<void>;
}

/** What can be told: that it serves, that it lives, that it ends. Always with a line for people. */
export interface News {
  readonly kind: 'ready' | 'alive' | 'stopping';
  readonly status: string;
}

const ASSIGNMENTS: Readonly<Record<News['kind'], string>> = {
  ready: 'READY=1',
  alive: 'WATCHDOG=1',
  stopping: 'STOPPING=1',
};

/** All that the protocol puts into the environment: for this process, not for those it starts. */
const VARIABLES = ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID'] as const;

/** systemd-notify(1) itself waits up to 5 s until what it sent was read. */
const TIMEOUT_MS = 10_000;
const MAX_STATUS = 300;
const MICROSECONDS = 1000;

const execute = promisify(execFile);

/**
 * The service manager that started this process, undefined when none wants to hear anything. Takes
 * what it says out of `env`, so that no program that is started can speak in our name.
 */
export function takeServiceManager(
  env: NodeJS.ProcessEnv,
  onFailure: (error: unknown) => void,
): ServiceManager | undefined {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: limit = '', WATCHDOG_PID: pid } = env;
  for (const name of VARIABLES) delete env[name];
  if (socket === undefined || socket === '') return undefined;
  const isOurs = pid === undefined || pid === String(process.pid);
  const watchdogMs =
    isOurs && /^[1-9]\d{0,15}$/.test(limit) ? Number(limit) / MICROSECONDS : undefined;
  let last: Promise<void> = Promise.resolve();
  return {
    watchdogMs,
    tell: (news) => (last = last.then(() => send(socket, news, env['PATH'])).catch(onFailure)),
  };
}

/** Node.js has no sockets for datagrams within a host, so that systemd's own program sends. */
async function send(socket: string, { kind, status }: News, PATH = ''): Promise<void> {
  const args = [ASSIGNMENTS[kind], `STATUS=${printable(status, MAX_STATUS)}`];
  const options = { env: { PATH, NOTIFY_SOCKET: socket }, timeout: TIMEOUT_MS } as const;
  await execute('systemd-notify', args, { ...options, killSignal: 'SIGKILL' });
}
