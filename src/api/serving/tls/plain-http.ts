import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { answerStatus } from '../malformed-request.js';

/** What every TLS connection begins with. */
const HANDSHAKE = 0x16;

const REFUSAL = {
  ...{ code: 400, reason: 'BadRequest' },
  message: 'This port speaks HTTPS: write https:// in place of http://',
};

/**
 * Looks at the first byte of each connection before a TLS server does, so that who sends plain HTTP
 * is told, in place of being hung up on. Who sends nothing for `patienceMs` is cut off.
 */
export function tellPlainHttp(server: Server, patienceMs: number): void {
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const patience = setTimeout(() => socket.destroy(), patienceMs);
    socket.once('close', () => clearTimeout(patience));
    socket.on('error', () => socket.destroy());
    socket.once('data', (chunk: Buffer) => {
      if (chunk[0] !== HANDSHAKE) return answerStatus(socket.resume(), REFUSAL);
      clearTimeout(patience);
      socket.pause();
      socket.unshift(chunk);
      for (const listener of listeners) listener.call(server, socket);
    });
  });
}
