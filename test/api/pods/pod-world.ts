import { vi } from 'vitest';
import { draftOf } from '../../../src/model/draft.js';
import { aManifest } from '../../helpers/builders.js';
import { serve } from '../../helpers/served.js';
import type { Served } from '../../helpers/served.js';

export const PODS = '/api/v1/namespaces/default/pods';

/** A daemon on an engine in memory, with the pods of the module `web`. */
export interface PodWorld extends Served {
  /** Ids of the containers, by slot. */
  readonly ids: readonly string[];
  /** A GET of the administrator. */
  readonly get: (path: string) => Promise<Response>;
  /** The same, as code and text. */
  readonly read: (path: string) => Promise<[number, string]>;
}

/** Only in a test: it ends with that. */
export async function podWorld(replicas = 1): Promise<PodWorld> {
  const served = await serve();
  const { registry, token, url } = served;
  await registry.create('Module', draftOf(aManifest('web', { replicas })));
  const pods = () => registry.list('Pod').items.map(({ object }) => object);
  await vi.waitFor(
    () => {
      const ready = pods().filter(({ status }) => status.containerStatuses[0]?.ready === true);
      if (ready.length !== replicas) throw new Error('not ready yet');
    },
    { timeout: 20_000 },
  );
  const ids = pods().map(({ status }) =>
    (status.containerStatuses[0]?.containerID ?? '').replace('docker://', ''),
  );
  const get = (path: string): Promise<Response> =>
    fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
  return {
    ...served,
    ...{ ids, get },
    read: async (path) => {
      const response = await get(path);
      return [response.status, await response.text()];
    },
  };
}
