import type { Readable } from 'node:stream';
import type { ModuleVersion, ModuleVersionSpec } from '../kinds/module-version/schema.js';
import { RegistrarError } from '../model/errors.js';
import type { Package, Packages } from '../source/package.js';
import type { Registry } from '../registry/registry.js';
import type { Sources } from '../source/source.js';
import { Turns } from '../source/turns.js';

interface Parts {
  readonly packages: Packages;
  readonly sources: Pick<Sources, 'cached'>;
  readonly registry: Pick<Registry, 'get'>;
}

/** Hands out packages; one that is not kept any more is made anew, one at a time. */
export class PackageReader {
  readonly #turns = new Turns();

  constructor(private readonly parts: Parts) {}

  /**
   * The bytes of the package of a version. PACKAGE_GONE when it can neither be found nor made from
   * what is on this machine: no remote is asked.
   */
  async open({ spec }: ModuleVersion): Promise<Readable> {
    const { packages } = this.parts;
    const wanted = { hash: spec.packageHash, bytes: spec.packageBytes };
    const kept = await packages.open(wanted);
    if (kept !== undefined) return kept;
    return this.#turns.take('', async () => {
      // Whoever was before may have made it.
      const made = (await packages.open(wanted)) ?? (await this.#make(spec, wanted));
      if (made !== undefined) return made;
      throw gone(spec, 'its package was removed right away');
    });
  }

  async #make(spec: ModuleVersionSpec, wanted: Package): Promise<Readable | undefined> {
    const { packages, sources, registry } = this.parts;
    const secret = registry.get('Module', spec.module)?.object.spec.source?.secret;
    const location = { repoUrl: spec.repoUrl, ...(secret !== undefined && { secret }) };
    const source = await sources.cached(location, spec.commit);
    if (source === undefined) throw gone(spec, 'neither its package nor its source is kept');
    const made = await packages.keep(source.archive, new AbortController().signal);
    if (made.hash === wanted.hash) return packages.open(wanted);
    throw gone(spec, 'its package was compressed by another zlib and cannot be made again');
  }
}

function gone({ module, version }: ModuleVersionSpec, why: string): RegistrarError {
  const message = `Version "${version}" of module "${module}" cannot be had: ${why}; deploy it again to fetch its commit`;
  return new RegistrarError('PACKAGE_GONE', message);
}
