import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { findProgram } from '../../bin/lib/apt.js';
import { ensureDockerRegistry } from '../../bin/lib/test-clients.js';

const PROGRAM = 'docker-registry';

/** A real registry on this host; an engine on this host pulls from it without TLS. */
export interface ImageRegistry {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Pushes an image under a repository and tag; resolves to its digest. */
  push(engine: Docker, imageId: string, repository: string, tag: string): Promise<string>;
  /** The file that a layer is in, by digest. */
  fileOf(digest: string): string;
  stop(): Promise<void>;
}

/** Whom a registry with a login admits. In base64 it has a plus and padding, which mislead some. */
export const CREDENTIALS = { username: 'ada', password: 'correct?>~horse' };
/** The password by bcrypt, which is all that the registry takes; made with crypt(3). */
const PASSWORD_FILE = `ada:$2y$05$registrarregistrarregeo7Q2RFK7U.i2xUlXu6Ecz8Uu8U/CUZ.\n`;

/** Why there cannot be a registry here, undefined when there can. Installs it where that is possible. */
export async function registryProblem(): Promise<string | undefined> {
  const program = await ensureDockerRegistry();
  return program === undefined ? `${PROGRAM} is not installed and cannot be` : undefined;
}

/** With `login`, for `CREDENTIALS` alone. */
export async function startRegistry({ login = false } = {}): Promise<ImageRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'registrar-images-'));
  const address = `127.0.0.1:${await freePort()}`;
  const passwords = join(folder, 'htpasswd');
  const config = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: join(folder, 'images') } },
    http: { addr: address },
    ...(login && { auth: { htpasswd: { realm: 'test', path: passwords } } }),
  };
  await writeFile(passwords, PASSWORD_FILE);
  await writeFile(join(folder, 'config.yml'), JSON.stringify(config));
  const program = findProgram(PROGRAM) ?? PROGRAM;
  const child = spawn(program, ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
  await untilServes(address);
  return {
    address,
    push: (engine, imageId, repository, tag) =>
      push(engine, imageId, `${address}/${repository}`, tag),
    fileOf: (digest) => {
      const hex = digest.replace('sha256:', '');
      const blobs = join(folder, 'images', 'docker', 'registry', 'v2', 'blobs', 'sha256');
      return join(blobs, hex.slice(0, 2), hex, 'data');
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function push(engine: Docker, imageId: string, repo: string, tag: string): Promise<string> {
  await engine.getImage(imageId).tag({ repo, tag });
  const image = engine.getImage(`${repo}:${tag}`);
  const stream = await image.push({ authconfig: CREDENTIALS });
  await finished(stream.resume());
  const { RepoDigests } = await image.inspect();
  const digest = RepoDigests.find((one) => one.startsWith(`${repo}@`))?.split('@')[1];
  await image.remove();
  if (digest === undefined) throw new Error(`Cannot push ${repo}:${tag}`);
  return digest;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilServes(address: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const response = await fetch(`http://${address}/v2/`).catch(() => undefined);
    if (response?.ok === true || response?.status === 401) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The registry at ${address} does not answer`);
}
