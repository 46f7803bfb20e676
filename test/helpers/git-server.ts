import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Authority } from '../../src/api/serving/tls/issue.js';
import { anAuthority, aPair } from './certificates.js';
import { temporaryFolder } from './git-repository.js';
import type { TestRepository } from './git-repository.js';

/** A name that no DNS has: who gets there was told the address. */
export const GIT_HOST = 'git.test';

export interface GitServerOptions {
  /** Answers a request itself and returns true, or leaves it to git. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Speaks the old protocol, in which only what refs point to is given. */
  readonly oldProtocol?: boolean;
  /** Bytes of an answer after which nothing more comes, and the connection stays. */
  readonly stallAfter?: () => number;
  /** For its certificate; `caFile` has another one then. */
  readonly authority?: Authority;
  /** Names in its certificate. */
  readonly names?: readonly string[];
}

/** A real git server for one repository over https, stopped with the test. */
export interface GitServer {
  readonly url: string;
  readonly port: number;
  /** The authority of its certificate. */
  readonly caFile: string;
  /** Method and path of each request. */
  readonly requests: readonly string[];
  /** Ends all connections and listens no longer. */
  stop(): Promise<void>;
}

export async function aGitServer(
  repository: TestRepository,
  options: GitServerOptions = {},
): Promise<GitServer> {
  const { intercept = () => false, names = [GIT_HOST, '127.0.0.1'] } = options;
  const authority = await anAuthority();
  const pair = await aPair({ authority: options.authority ?? authority, names });
  const caFile = join(temporaryFolder('ca'), 'ca.pem');
  writeFileSync(caFile, authority.certificate.toString());
  const requests: string[] = [];
  const server = createServer({ cert: pair.certificate, key: pair.key }, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (!intercept(request, response)) runBackend(repository.path, request, response, options);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(stop);
  const url = `https://${GIT_HOST}:${port}/${basename(repository.path)}`;
  return { url, port, caFile, requests, stop };
}

/** git http-backend is a CGI program. */
function runBackend(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  { oldProtocol = false, stallAfter = () => Infinity }: GitServerOptions,
): void {
  const [pathInfo = '', query = ''] = (request.url ?? '').split('?');
  const header = (name: string): string => String(request.headers[name] ?? '');
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env['PATH'],
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_PROJECT_ROOT: dirname(path),
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathInfo,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      ...(oldProtocol ? {} : { GIT_PROTOCOL: header('git-protocol') }),
    },
  });
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  response.on('close', () => child.kill());
  let head: Buffer | undefined = Buffer.alloc(0);
  let left = stallAfter();
  const send = (bytes: Buffer): void => {
    response.write(bytes.subarray(0, left));
    left = Math.max(0, left - bytes.length);
  };
  child.stdout.on('data', (chunk: Buffer) => {
    if (head === undefined) return send(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    writeHead(response, head.toString('latin1', 0, end));
    send(head.subarray(end + 4));
    head = undefined;
  });
  child.stdout.on('end', () => left > 0 && response.end());
}

function writeHead(response: ServerResponse, head: string): void {
  const fields = head.split('\r\n').map((line) => line.split(/: (.*)/) as [string, string]);
  const status = fields.find(([name]) => name === 'Status')?.[1];
  for (const [name, value] of fields) if (name !== 'Status') response.setHeader(name, value);
  response.statusCode = status === undefined ? 200 : Number.parseInt(status, 10);
}
