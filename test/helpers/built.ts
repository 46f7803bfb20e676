import type { ModuleManifest, ModuleSpec } from '../../src/model/module.js';
import { aManifest } from './builders.js';

/** A manifest of a module that is built from the Dockerfile of a folder. */
export const aBuilt = (spec: Partial<ModuleSpec> = {}, path = '.'): ModuleManifest =>
  aManifest('web', {
    image: '',
    source: {
      ...{ repoUrl: 'https://r.example/a.git', branch: 'main', commit: '' },
      ...{ path, dockerfile: 'Dockerfile' },
    },
    ...spec,
  });
