import { request } from 'node:http';
import { connect } from 'node:net';
import type { HealthCheck } from '../model/module.js';

/**
 * One attempt on the wire; resolves to whether the container passed. Never rejects: a request that
 * cannot be made has not passed.
 */
export async function attemptOnce(address: string, check: HealthCheck): Promise<boolean> {
  const timeout = check.timeoutSeconds * 1000;
  try {
    if (check.http !== undefined) return await attemptHttp(address, check.http, timeout);
    if (check.tcp !== undefined) return await attemptTcp(address, check.tcp.port, timeout);
    return true;
  } catch {
    return false;
  }
}

function attemptHttp(
  host: string,
  { port, path }: { port: number; path: string },
  timeoutMs: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const ask = request({ host, port, path, agent: false, signal }, (answer) => {
      const status = answer.statusCode ?? 0;
      resolve(status >= 200 && status < 400);
      answer.destroy();
    });
    ask.on('error', () => resolve(false));
    ask.end();
  });
}

function attemptTcp(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const end = (passed: boolean): void => {
      socket.destroy();
      resolve(passed);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
