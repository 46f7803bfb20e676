import { KubeConfig } from '@kubernetes/client-node';
import type { KubernetesListObject, KubernetesObject } from '@kubernetes/client-node';
import type { Connection } from '../wire.js';

export const GROUP = 'registrar.synapsis.network';

/** How the client names the kind to its custom objects API. */
export const MODULE_KIND = { group: GROUP, version: 'v1', plural: 'modules' } as const;

/** What the client reads of a module. */
export interface ClientModule extends KubernetesObject {
  readonly spec?: Readonly<Record<string, unknown>>;
}

export type ClientModuleList = KubernetesListObject<ClientModule>;

/** A configuration as if loaded from a kubeconfig. */
export function kubeConfig({ url, ca, token }: Connection): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'here', server: url, caData: Buffer.from(ca).toString('base64') }],
    users: [{ name: 'me', token }],
    contexts: [{ name: 'me', cluster: 'here', user: 'me' }],
    currentContext: 'me',
  });
  return config;
}
