import { expect } from 'vitest';
import type { ModuleVersion, ModuleVersionStatus } from '../../src/kinds/module-version/schema.js';
import { draftOf } from '../../src/model/draft.js';
import type { Module, ModuleSpec } from '../../src/model/module.js';
import { API_VERSION } from '../../src/model/names.js';
import { versionName } from '../../src/model/version-name.js';
import { aManifest, aSpec } from './builders.js';
import { admit, BASE, sourceOf } from './built-modules.js';
import type { TestRepository } from './git-repository.js';
import { goodRepository } from './module-repository.js';
import { serve } from './served.js';
import type { Served } from './served.js';

/** A daemon that builds the module `web` from a repository. */
export interface Published extends Served {
  readonly repository: TestRepository;
  module(): Module;
  version(version: string): ModuleVersion | undefined;
  /** Deploys a version of the module, made or changed, and waits until it is published and runs. */
  release(version: string, spec?: Partial<ModuleSpec>): Promise<ModuleVersion>;
  /** The same without waiting. */
  apply(spec: Partial<ModuleSpec>): Promise<void>;
}

/** A change takes no time: containers count as soon as they run. */
const AT_ONCE = { ...aSpec().strategy, minReadySeconds: 0 };

/** Starts one that ends with the test. Nothing is published yet. */
export async function servePublished(): Promise<Published> {
  const served = await serve();
  const { registry } = served;
  await admit(served);
  const { repository } = goodRepository(BASE);
  const find = (): Module | undefined => registry.get('Module', 'web')?.object;
  const version = (text: string) => registry.get('ModuleVersion', versionName('web', text))?.object;
  const apply = async (spec: Partial<ModuleSpec>): Promise<void> => {
    const manifest = aManifest('web', {
      ...{ image: '', source: sourceOf(repository.url), strategy: AT_ONCE },
      ...spec,
    });
    if (find() === undefined) await registry.create('Module', draftOf(manifest));
    else await registry.update('Module', 'web', (current) => draftOf(manifest, { current }));
  };
  const module = (): Module => {
    const found = find();
    if (found === undefined) throw new Error('There is no module');
    return found;
  };
  return {
    ...{ ...served, repository, module, version, apply },
    release: async (text, spec = {}) => {
      await apply({ ...spec, version: text });
      await expect.poll(() => stateOf(find(), text), WITHIN).toEqual([text, 'True AllReady']);
      const published = version(text);
      if (published === undefined) throw new Error(`Version ${text} is not published`);
      return published;
    },
  };
}

/** Git, checks and an engine in memory take less. */
const WITHIN = { timeout: 20_000, interval: 20 };

/** Which version runs, and whether it is ready or why not. */
function stateOf(module: Module | undefined, version: string): (string | undefined)[] {
  const ready = module?.status.conditions.find(({ type }) => type === 'Ready');
  const said = `${ready?.status ?? ''} ${ready?.reason ?? ''}`;
  const isDone = module?.status.version === version && said === 'True AllReady';
  return [module?.status.version, isDone ? said : `${said} ${ready?.message ?? ''}`];
}

/** A version as it is stored, of a module `web` unless said otherwise. */
export function aVersion(
  version: string,
  status: Partial<ModuleVersionStatus> = {},
  spec: Partial<ModuleVersion['spec']> = {},
): ModuleVersion {
  const module = spec.module ?? 'web';
  return {
    ...{ apiVersion: API_VERSION, kind: 'ModuleVersion' },
    metadata: {
      ...{ name: versionName(module, version), uid: 'uid', resourceVersion: '1', generation: 1 },
      creationTimestamp: '2026-01-01T12:00:00Z',
    },
    spec: {
      ...{ module, version, type: 'miner', author: 'Ada', license: 'MIT', description: '' },
      ...{ repoUrl: 'https://example.org/web.git', commit: 'c'.repeat(40), report: 'web-1' },
      ...{ sourceHash: `sha256:${'5'.repeat(64)}`, packageHash: `sha256:${'9'.repeat(64)}` },
      ...{ packageBytes: 1234, publishedAt: '2026-01-01T12:00:00Z', envTemplate: [] },
      install: { needsValues: [], needsFolders: [], manifest: {} },
      ...spec,
    },
    status: { downloads: 0, ...status },
  };
}
