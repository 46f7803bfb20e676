import type { IncomingMessage } from 'node:http';
import type { ModuleVersion } from '../kinds/module-version/schema.js';
import { RegistrarError } from '../model/errors.js';
import { MODULE_VERSION } from '../model/kinds.js';
import type { Client } from './http.js';
import type { Selection } from './modules.js';
import { moduleNames } from './names.js';
import { collectionPath, MODULES, objectPath } from './resource.js';

/** What can be said of a version, as its path calls it. */
export type Saying = 'yank' | 'deprecate';

/** A module and what follows an `@`, if anything does. */
export interface VersionArgument {
  readonly module: string;
  readonly version: string | undefined;
}

/** Understands `web`, `web@1.4.2`, `web@^1.4` and `module/web@1`. BAD_REQUEST without a name. */
export function parseVersionArgument(text: string): VersionArgument {
  const at = text.indexOf('@');
  const [module = ''] = moduleNames([at === -1 ? text : text.slice(0, at)]);
  const version = at === -1 ? '' : text.slice(at + 1).trim();
  if (module !== '') return { module, version: version === '' ? undefined : version };
  throw new RegistrarError('BAD_REQUEST', `There is no module in "${text}"; write NAME@VERSION`);
}

/** The same where a version must be named. */
export function parseExactVersion(text: string): Required<VersionArgument> & { version: string } {
  const { module, version } = parseVersionArgument(text);
  if (version !== undefined) return { module, version };
  const message = `There is no version in "${text}"; write NAME@VERSION, "registrar versions ${module}" lists them`;
  throw new RegistrarError('BAD_REQUEST', message);
}

/** Versions that were published, the newest first. */
export async function listVersions(
  client: Client,
  query: Selection & { readonly search?: string | undefined },
): Promise<ModuleVersion[]> {
  const path = collectionPath(MODULE_VERSION);
  const { items } = (await client.json({ path, query: { ...query } })) as {
    readonly items: ModuleVersion[];
  };
  return items.toSorted((a, b) => (a.spec.publishedAt < b.spec.publishedAt ? 1 : -1));
}

/** Says something of a version; takes it back without a reason. */
export async function sayOfVersion(
  client: Client,
  saying: Saying,
  { module, version }: { readonly module: string; readonly version: string },
  reason: string | undefined,
): Promise<void> {
  const path = `${objectPath(MODULES, module)}/${saying}`;
  if (reason === undefined) await client.json({ method: 'DELETE', path, query: { version } });
  else await client.json({ method: 'POST', path, body: { version, reason } });
}

/** The package of a version, as it comes. */
export function streamPackage(
  client: Client,
  { module, version }: VersionArgument,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const path = `${objectPath(MODULES, module)}/package`;
  return client.stream({ path, query: { version }, accept: '*/*', signal });
}
