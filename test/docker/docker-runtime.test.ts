import { dockerWorld, outside } from '../helpers/docker-world.js';
import { SAMPLE_IMAGE } from '../helpers/engine.js';
import { runtimeContract } from './contract.js';
import type { World } from './contract.js';
import { imageContract } from './image-contract.js';
import { surveyContract } from './survey-contract.js';

async function realWorld(): Promise<World> {
  const other = await dockerWorld();
  const world = await dockerWorld();
  return {
    ...{ ...world, other: other.runtime, otherInstance: other.instance },
    ...{ image: SAMPLE_IMAGE, outside: outside(world.engine) },
  };
}

runtimeContract(realWorld);
imageContract(realWorld);
surveyContract(realWorld);
