import { realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { RegistrarError } from '../model/errors.js';
import type { EngineAbout } from './engine-facts.js';

/** Folders of the host below which a module may have one. */
const PREFIXES: readonly string[] = ['/data', '/tmp', '/var/log'];

/** Host paths as modules ask for them, checked against the host that the engine runs on. */
export class HostPaths {
  readonly #dockerHost: string;
  readonly #about: Pick<EngineAbout, 'facts'>;
  readonly #protectedPaths: readonly string[];

  constructor(
    dockerHost: string,
    about: Pick<EngineAbout, 'facts'>,
    protectedPaths: readonly string[],
  ) {
    this.#dockerHost = dockerHost;
    this.#about = about;
    this.#protectedPaths = protectedPaths;
  }

  /**
   * The real path of a folder, with all links followed. HOST_PATH_REFUSED when it does not exist,
   * is no folder, is not below an allowed prefix, or holds the engine or Registrar itself.
   */
  async resolve(path: string): Promise<string> {
    const socket = /^unix:\/\/(.*)$/.exec(this.#dockerHost)?.[1];
    if (socket === undefined) throw refused(path, 'the engine may be on another host');
    const real = await realFolder(path);
    const allowed = await Promise.all(PREFIXES.map(realOrSame));
    if (!allowed.some((prefix) => isBelow(real, prefix))) {
      throw refused(path, `use a folder below ${PREFIXES.join(', ')}`);
    }
    const { dataRoot } = await this.#about.facts();
    const kept = await Promise.all([socket, dataRoot, ...this.#protectedPaths].map(realOrSame));
    if (kept.some((one) => one === real || isBelow(one, real) || isBelow(real, one))) {
      throw refused(path, 'it holds data of the engine or of Registrar');
    }
    return real;
  }
}

async function realFolder(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw refused(path, 'it does not exist; create it first');
    throw refused(path, `Registrar cannot look at it (${code}); check its path and permissions`);
  }
  throw refused(path, 'it is not a folder');
}

const realOrSame = (path: string): Promise<string> => realpath(path).catch(() => path);

const isBelow = (path: string, folder: string): boolean =>
  path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

function refused(path: string, why: string): RegistrarError {
  return new RegistrarError('HOST_PATH_REFUSED', `Cannot mount host path "${path}": ${why}`);
}
