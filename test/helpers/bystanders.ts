import type { Site } from './daemon.js';
import { docker, SAMPLE_IMAGE } from './engine.js';
import { lifeOf, lifeOfModule, nameOf } from './live-modules.js';
import type { Life, Modules } from './live-modules.js';

/** A healthy module and a container of somebody else, which nothing in a test may touch. */
export interface Bystanders {
  /** Whether both live as they did at the beginning; to be compared with `unharmed`. */
  look(): Promise<object>;
  readonly unharmed: object;
  remove(): Promise<void>;
}

/** Brings them up. `remove` is for the foreign container; the module goes with its site. */
export async function bystanders(site: Site, modules: Modules): Promise<Bystanders> {
  const name = nameOf('neighbour');
  await modules.create(name);
  const foreign = await docker().createContainer({ Image: SAMPLE_IMAGE, name: nameOf('foreign') });
  await foreign.start();
  await modules.untilReady(name);
  const look = async (): Promise<{ module: Life; foreign: Life; status: object }> => {
    const { phase, readyReplicas, restarts } = (await modules.get(name)).status;
    return {
      module: await lifeOfModule(site, name),
      foreign: await lifeOf(foreign.id),
      status: { phase, readyReplicas, restarts },
    };
  };
  const { module, foreign: stranger } = await look();
  const status = { phase: 'Running', readyReplicas: 1, restarts: 0 };
  return {
    look,
    unharmed: { module, foreign: stranger, status },
    remove: () => foreign.remove({ force: true }),
  };
}
