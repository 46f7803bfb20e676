import { askJson, exchange } from './http.js';

const INSTANCE_LABEL = 'registrar.synapsis.network/instance';

/** @param {Record<string, string[]>} filters */
const query = (filters) => `filters=${encodeURIComponent(JSON.stringify(filters))}`;

/**
 * Paths, in the engine's API, of the containers, networks, volumes and built images of an instance.
 *
 * @param {string} host
 * @param {string} instance
 * @returns {Promise<string[]>}
 */
export async function ownedBy(host, instance) {
  const filter = query({ label: [`${INSTANCE_LABEL}=${instance}`] });
  const containers = await askJson(host, 'GET', `/containers/json?all=1&${filter}`);
  const networks = await askJson(host, 'GET', `/networks?${filter}`);
  const volumes = await askJson(host, 'GET', `/volumes?${filter}`);
  const images = await askJson(host, 'GET', `/images/json?${filter}`);
  return [
    ...containers.map((/** @type {{ Id: string }} */ { Id }) => `/containers/${Id}`),
    ...networks.map((/** @type {{ Id: string }} */ { Id }) => `/networks/${Id}`),
    ...(volumes.Volumes ?? []).map(
      (/** @type {{ Name: string }} */ { Name }) => `/volumes/${Name}`,
    ),
    ...images.map((/** @type {{ Id: string }} */ { Id }) => `/images/${Id}`),
  ];
}

/**
 * Removes what an instance made in an engine, behind the back of a daemon that cannot do it.
 *
 * @param {string} host
 * @param {string} instance
 */
export async function removeOwned(host, instance) {
  for (const path of await ownedBy(host, instance)) {
    await exchange(host, 'DELETE', `${path}?force=1`, { timeoutMs: 60_000 });
  }
}
