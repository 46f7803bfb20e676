import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { FLUSH, pkt } from './pkt-line.js';

/** What a request says of its sender, as it is and decoded. */
function loginIn({ headers }: IncomingMessage): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  const decoded = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
  return `${authorization} which is ${decoded}`;
}

/** A registry of images that refuses each login and repeats it. Resolves to its address. */
export async function echoingRegistry(): Promise<string> {
  const server = createServer((request, response) => {
    const login = loginIn(request);
    const said = JSON.stringify({ errors: [{ code: 'DENIED', message: `no login ${login}` }] });
    if (login === undefined) response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' });
    else
      response.writeHead(request.url === '/v2/' ? 200 : 403, {
        'content-type': 'application/json',
      });
    response.end(login === undefined || request.url === '/v2/' ? '{}' : said);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Has a git server ask for a login, refuse it and repeat it in words that git passes on. */
export function echoLogin(request: IncomingMessage, response: ServerResponse): true {
  const login = loginIn(request);
  if (login === undefined) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    return true;
  }
  const type = 'application/x-git-upload-pack-advertisement';
  response.writeHead(200, { 'content-type': type });
  const said = [pkt('# service=git-upload-pack\n'), FLUSH, pkt(`ERR no login ${login}`)];
  response.end(Buffer.concat(said));
  return true;
}
