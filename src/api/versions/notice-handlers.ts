import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ModuleVersionStatus, VersionNotice } from '../../kinds/module-version/schema.js';
import { timestamp } from '../../lib/clock.js';
import { printable } from '../../lib/printable.js';
import { versionName } from '../../model/version-name.js';
import { auditEntryOf } from '../audit/audit-entry.js';
import type { ApiDeps } from '../deps.js';
import type { Handlers } from '../endpoint.js';
import { badRequest } from '../refusals.js';
import { readObject } from '../requests/body.js';
import { isDryRun, textOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { nameOf, sendJson } from '../resources/kind-context.js';
import { exactVersion } from './choose-version.js';

/** What can be said of a version, and taken back. */
export type Saying = 'yanked' | 'deprecated';

/** Longest reason: it is in conditions and tables. */
const MAX_REASON = 300;
const FIELDS = ['version', 'reason'];

/**
 * POST of `{"version": "1.4.2", "reason": "…"}` says something of a version, in place of what was
 * said before; DELETE with `?version=` takes it back. Both answer with the version.
 */
export function noticeHandlers(deps: ApiDeps, saying: Saying): Handlers {
  return {
    POST: (request, reply) => {
      const { version, reason } = noticeIn(request);
      const by = printable(request.identity?.name ?? '');
      const notice = { reason, at: timestamp(deps.clock.now()), by };
      return change(deps, { saying, version, notice }, request, reply);
    },
    DELETE: (request, reply) => {
      const version = textOf(request.query as Query, 'version');
      if (version === undefined) throw badRequest('Say which version, such as ?version=1.4.2');
      return change(deps, { saying, version, notice: undefined }, request, reply);
    },
  };
}

interface Said {
  readonly saying: Saying;
  readonly version: string;
  /** Undefined to take back what was said. */
  readonly notice: VersionNotice | undefined;
}

async function change(
  { registry }: ApiDeps,
  { saying, version, notice }: Said,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const module = nameOf(request);
  exactVersion(module, version, registry);
  const { stored } = await registry.update(
    'ModuleVersion',
    versionName(module, version),
    ({ status, ...rest }) => ({ ...rest, status: withNotice(status, saying, notice) }),
    {
      ...{ subresource: 'status', dryRun: isDryRun(request.query as Query) },
      audit: auditEntryOf(request),
    },
  );
  return sendJson(reply, 200, stored.json);
}

function withNotice(
  status: ModuleVersionStatus,
  saying: Saying,
  notice: VersionNotice | undefined,
): ModuleVersionStatus {
  const { [saying]: _before, ...others } = status;
  return notice === undefined ? others : { ...others, [saying]: notice };
}

function noticeIn(request: FastifyRequest): { version: string; reason: string } {
  const body = readObject(request);
  const unknown = Object.keys(body).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) throw badRequest('The body may only have the fields version, reason');
  const { version, reason } = body;
  if (typeof version !== 'string' || version === '') throw badRequest('The version is missing');
  const text = typeof reason === 'string' ? sentence(reason) : '';
  if (text === '') throw badRequest('Say why: whoever uses the version has to decide what to do');
  return { version, reason: text };
}

/** One line without a full stop, as it is shown behind a colon. */
const sentence = (text: string): string =>
  printable(text.replace(/\s+/g, ' ').trim(), MAX_REASON).replace(/[. ]+$/, '');
