import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { FastifyRequest } from 'fastify';
import { badRequest } from '../refusals.js';
import type { Upgrade } from '../serving/upgrades.js';
import { PROTOCOLS } from './exec-channels.js';

/** kubectl sends 32 KiB at a time. */
const MAX_MESSAGE = 1024 * 1024;

const acceptor = new WebSocketServer({
  ...{ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: MAX_MESSAGE },
  handleProtocols: (offered) => PROTOCOLS.find((one) => offered.has(one)) ?? false,
});

/** Throws BAD_REQUEST for a client that knows none of the protocols. */
export function requireProtocol({ headers }: FastifyRequest): void {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  if (offered.some((one) => PROTOCOLS.includes(one))) return;
  throw badRequest(`A command needs the WebSocket protocol ${PROTOCOLS.join(' or ')}`);
}

/**
 * Answers the request for a WebSocket. `begin` is called with it, unless the request was malformed;
 * then the connection is closed.
 */
export function acceptSocket(
  { raw }: FastifyRequest,
  { socket, head }: Upgrade,
  begin: (client: WebSocket) => void,
): void {
  acceptor.handleUpgrade(raw, socket, head, begin);
}

/** Resolves when the connection took it; rejects when it is closed. */
export function send(client: WebSocket, message: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    client.send(message, { binary: true }, (error) => (error ? reject(error) : resolve()));
  });
}
