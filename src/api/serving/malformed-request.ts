import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

/** What Node's parser refuses, and how it is answered. Anything else is a malformed request. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 408,
    reason: 'Timeout',
    message: 'The request took too long to arrive',
  },
  HPE_HEADER_OVERFLOW: {
    code: 431,
    reason: 'BadRequest',
    message: 'The head of the request is too large',
  },
};
const MALFORMED = { code: 400, reason: 'BadRequest', message: 'The request is malformed' };

/** Answers with a Status on a connection whose request could not be read, and closes it. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  answerStatus(socket, REFUSALS[error.code ?? ''] ?? MALFORMED);
}

/** Answers with a Status on a bare connection and ends it. */
export function answerStatus(socket: Duplex, { code, reason, message }: Refusal): void {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
  const body = JSON.stringify({ ...status, message, reason, code });
  const head = [
    `HTTP/1.1 ${code} ${STATUS_CODES[code]}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
