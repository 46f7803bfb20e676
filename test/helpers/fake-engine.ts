import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Answers a request, whose line is `METHOD /path` without the version of the API. */
type Answer = (line: string, request: IncomingMessage, response: ServerResponse) => void;

export const VERSION = { ApiVersion: '1.41', MinAPIVersion: '1.12' };

/**
 * An engine of another age or on another host than the one of the tests: says what the test lets it
 * say, over HTTP on a socket. Resolves to its address.
 */
export async function fakeEngine(answer: Answer): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-fake-'));
  const path = join(folder, 'docker.sock');
  const server = createServer((request, response) => {
    const url = request.url?.replace(/^\/v\d+\.\d+/, '').replace(/\?.*/, '') ?? '';
    answer(`${request.method} ${url}`, request, response);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return `unix://${path}`;
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
