import { dockerWorld, outside } from '../helpers/docker-world.js';
import { SAMPLE_IMAGE } from '../helpers/engine.js';
import { runtimeContract } from './contract.js';

runtimeContract(async () => {
  const other = await dockerWorld();
  const world = await dockerWorld();
  return {
    ...{ ...world, other: other.runtime, otherInstance: other.instance },
    ...{ image: SAMPLE_IMAGE, outside: outside(world.engine) },
  };
});
