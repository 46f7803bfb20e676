import type { Duplex } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { RegistrarError, toRegistrarError } from '../../model/errors.js';
import type { AuditOutcome } from '../../model/audit.js';
import { auditEntryOf } from '../audit/audit-entry.js';
import type { ApiDeps } from '../deps.js';
import type { Handlers } from '../endpoint.js';
import type { Load } from '../load.js';
import { badRequest } from '../refusals.js';
import type { Query } from '../requests/query.js';
import { upgradeOf } from '../serving/upgrades.js';
import type { Upgrade } from '../serving/upgrades.js';
import { failureStatus } from '../status.js';
import { executionOf } from './exec-query.js';
import type { Execution } from './exec-query.js';
import { converse } from './exec-session.js';
import { acceptSocket, requireProtocol } from './exec-socket.js';
import { watchClient } from './exec-watchdog.js';
import { podSlotOf } from './pod-slot.js';
import type { PodSlot } from './pod-slot.js';

/** What the audit says of a command that begins. */
const SWITCHING: AuditOutcome = { code: 101, reason: 'SwitchingProtocols' };

/** Commands that clients run at the same time. */
export const MAX_COMMANDS = 32;

/** Time that a client has to take leave when the server ends a command. */
const LEAVE_MS = 1_000;

/** What a client asks for, checked. */
interface Asked {
  readonly pod: PodSlot;
  readonly execution: Execution;
  readonly request: FastifyRequest;
}

/** Runs commands in the containers of pods, over a WebSocket as `kubectl exec` speaks it. */
export function execHandlers(deps: ApiDeps, load: Load): Handlers {
  let running = 0;
  const check = (request: FastifyRequest): Asked => {
    const pod = podSlotOf(deps, request);
    const execution = executionOf(request.query as Query);
    if (running >= MAX_COMMANDS) throw tooMany();
    return { pod, execution, request };
  };
  return {
    GET: (request, reply) => {
      const asked = check(request);
      const upgrade = upgradeOf(request.raw);
      if (upgrade === undefined) throw badRequest('Upgrade request required: use a WebSocket');
      requireProtocol(request);
      running += 1;
      whenClosed(upgrade.socket, () => (running -= 1));
      begin(asked, { deps, load, upgrade, reply });
    },
    // What kubectl tries when its WebSocket was refused, and older ones at once.
    POST: (request) => {
      check(request);
      const message = 'Commands run over a WebSocket only: use kubectl 1.30 or newer';
      throw new RegistrarError('METHOD_NOT_ALLOWED', message);
    },
  };
}

interface Means {
  readonly deps: ApiDeps;
  readonly load: Load;
  readonly upgrade: Upgrade;
  readonly reply: FastifyReply;
}

function begin(asked: Asked, { deps, load, upgrade, reply }: Means): void {
  const { request } = asked;
  const abort = new AbortController();
  const release = load.openStream(request, () => abort.abort(stopped()));
  whenClosed(upgrade.socket, release);
  reply.hijack();
  acceptSocket(request, upgrade, (client) => void serve(client, asked, deps, abort));
}

/** The client may have left while it was found out what it may do. */
function whenClosed(socket: Duplex, then: () => void): void {
  if (socket.closed) then();
  else socket.once('close', then);
}

async function serve(
  client: WebSocket,
  { pod: { pod, module, place }, execution, request }: Asked,
  { operations, registry, clock, log }: ApiDeps,
  abort: AbortController,
): Promise<void> {
  const about = { requestId: request.id, user: request.identity?.name, pod };
  log.info(about, 'A command begins in a container');
  watchClient(client, clock, () => abort.abort(idle()));
  abort.signal.addEventListener('abort', () => clock.after(LEAVE_MS, () => client.terminate()));
  await converse({
    ...{ client, execution, ended: abort.signal },
    start: async () => {
      await registry.audit.append(auditEntryOf(request), SWITCHING);
      return operations.exec(module, place, execution);
    },
    statusOf: (error) => failureStatus(toRegistrarError(error), request.id),
  });
  log.info(about, 'A command in a container has ended');
}

const tooMany = (): RegistrarError =>
  new RegistrarError('TOO_MANY_REQUESTS', 'Too many commands run: try again when one has ended', {
    retryAfterSeconds: 1,
  });

const stopped = (): RegistrarError =>
  new RegistrarError(
    'SHUTTING_DOWN',
    'The command was let go: Registrar stops, or the token was revoked',
  );

const idle = (): RegistrarError =>
  new RegistrarError('SHUTTING_DOWN', 'The command was let go: nothing was said for four hours');
