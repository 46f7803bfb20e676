import type { FastifyInstance } from 'fastify';
import { KINDS } from '../../kinds/registered.js';
import type { ResourcePath } from '../access/route-access.js';
import type { ApiDeps } from '../deps.js';
import { endpoint } from '../endpoint.js';
import type { Load } from '../load.js';
import { groupPath } from '../resources/resource-routes.js';
import { DownloadCount } from './download-count.js';
import { noticeHandlers } from './notice-handlers.js';
import { packageHandler, packageHeadHandler } from './package-handler.js';

const { group, plural } = KINDS.Module;

/** Path of a part of a module. The module need not be there: its versions are. */
const at = (part: string): ResourcePath => ({
  url: `${groupPath(KINDS.Module)}/${plural}/:name/${part}`,
  ...{ group, resource: `${plural}/${part}` },
});

/** Serves the packages of published versions, and what is said of these. */
export function versionRoutes(server: FastifyInstance, deps: ApiDeps, load: Load): void {
  const downloads = new DownloadCount(deps);
  server.addHook('onClose', () => downloads.flush());
  endpoint(server, at('package'), {
    GET: packageHandler({ deps, load, downloads }),
    HEAD: packageHeadHandler({ deps }),
  });
  endpoint(server, at('yank'), noticeHandlers(deps, 'yanked'));
  endpoint(server, at('deprecate'), noticeHandlers(deps, 'deprecated'));
}
