import { realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { RegistrarError } from '../model/errors.js';
import type { EngineAbout } from './engine-facts.js';

/** What the kernel shows of itself and of the devices of the host. */
const SYSTEM_PATHS = ['/proc', '/sys', '/dev'] as const;

/**
 * Host paths as modules ask for them, checked against the host that the engine runs on. Which
 * folders modules may have is for the policy to say; what no policy admits is refused here.
 */
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
   * is no folder, is a part of the system, or holds data of the engine or of Registrar.
   */
  async resolve(path: string): Promise<string> {
    const socket = /^unix:\/\/(.*)$/.exec(this.#dockerHost)?.[1];
    if (socket === undefined) throw refused(path, 'the engine may be on another host');
    const real = await realFolder(path);
    if (SYSTEM_PATHS.some((one) => one === real || isBelow(real, one))) {
      throw refused(path, 'it is a part of the system');
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
