import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ModuleVersion } from '../../kinds/module-version/schema.js';
import { versionsOf } from '../../controller/preparation/versions.js';
import type { ApiDeps } from '../deps.js';
import type { Handler } from '../endpoint.js';
import type { Load } from '../load.js';
import { textOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { nameOf } from '../resources/kind-context.js';
import { beginStream } from '../serving/streaming.js';
import { chooseVersion } from './choose-version.js';
import type { DownloadCount } from './download-count.js';

const CONTENT_TYPE = 'application/gzip';

interface Parts {
  readonly deps: ApiDeps;
  readonly load: Load;
  readonly downloads: DownloadCount;
}

/** The package of a version: `?version=` an exact one or a range, else the newest not yanked. */
export function packageHandler(parts: Parts): Handler {
  return async (request, reply) => {
    const version = wantedVersion(parts.deps, request);
    describe(version, reply);
    if (isKnown(request, version)) return reply.code(304).send();
    const bytes = await parts.deps.operations.openPackage(version);
    send(parts, version, bytes, request, reply);
    return reply;
  };
}

/** What a download would be answered with, without the bytes. */
export function packageHeadHandler({ deps }: Pick<Parts, 'deps'>): Handler {
  return (request, reply) => {
    const version = wantedVersion(deps, request);
    describe(version, reply);
    if (isKnown(request, version)) return reply.code(304).send();
    return reply.type(CONTENT_TYPE).send();
  };
}

function wantedVersion({ registry }: ApiDeps, request: FastifyRequest): ModuleVersion {
  const module = nameOf(request);
  const wanted = textOf(request.query as Query, 'version');
  return chooseVersion(module, versionsOf(module, registry), wanted);
}

const digestOf = ({ spec }: ModuleVersion): string => spec.packageHash.replace(/^sha256:/, '');

/** The digest is of what is sent: `digest` for older clients, `repr-digest` as RFC 9530 has it. */
function describe(version: ModuleVersion, reply: FastifyReply): void {
  const { spec } = version;
  const digest = Buffer.from(digestOf(version), 'hex').toString('base64');
  reply.headers({
    etag: `"${digestOf(version)}"`,
    digest: `sha-256=${digest}`,
    'repr-digest': `sha-256=:${digest}:`,
    'x-registrar-version': spec.version,
    'content-length': String(spec.packageBytes),
    'content-disposition': `attachment; filename="${spec.module}-${spec.version}.tar.gz"`,
  });
}

/** Whether `If-None-Match` names it: `"A", W/"B"` or `*`. */
function isKnown({ headers }: FastifyRequest, version: ModuleVersion): boolean {
  const known = headers['if-none-match'] ?? '';
  return known.trim() === '*' || known.includes(`"${digestOf(version)}"`);
}

/** At the pace of the client. One that left before the end has not downloaded it. */
function send(
  { deps, load, downloads }: Parts,
  version: ModuleVersion,
  bytes: Readable,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { raw } = reply;
  const release = openOrDestroy(bytes, () => load.openStream(request, () => raw.destroy()));
  bytes.on('error', (error) => {
    deps.log.warn({ requestId: request.id, err: error }, 'Package is cut off');
    raw.destroy();
  });
  raw.on('finish', () => downloads.add(version.metadata.name));
  beginStream(reply, CONTENT_TYPE, () => {
    release();
    bytes.destroy();
  });
  bytes.pipe(raw);
}

function openOrDestroy(bytes: Readable, open: () => () => void): () => void {
  try {
    return open();
  } catch (error) {
    bytes.destroy();
    throw error;
  }
}
