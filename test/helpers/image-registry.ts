import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { canInstall, findProgram, install } from '../../bin/lib/apt.js';

const PROGRAM = 'docker-registry';

/** A real registry on this host; an engine on this host pulls from it without TLS. */
export interface ImageRegistry {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Pushes an image under a repository and tag; resolves to its digest. */
  push(engine: Docker, imageId: string, repository: string, tag: string): Promise<string>;
  stop(): Promise<void>;
}

/** Why there cannot be a registry here, undefined when there can. Installs it where that is possible. */
export async function registryProblem(): Promise<string | undefined> {
  if (findProgram(PROGRAM) !== undefined) return undefined;
  if (!canInstall()) return `${PROGRAM} is not installed and cannot be`;
  return install([PROGRAM]).then(
    () => undefined,
    (error: unknown) => `${PROGRAM} cannot be installed: ${String(error)}`,
  );
}

export async function startRegistry(): Promise<ImageRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'registrar-images-'));
  const address = `127.0.0.1:${await freePort()}`;
  const config = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: folder } },
    http: { addr: address },
  };
  await writeFile(join(folder, 'config.yml'), JSON.stringify(config));
  const program = findProgram(PROGRAM) ?? PROGRAM;
  const child = spawn(program, ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
  await untilServes(address);
  return {
    address,
    push: (engine, imageId, repository, tag) =>
      push(engine, imageId, `${address}/${repository}`, tag),
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
  const stream = await image.push({ authconfig: { key: Buffer.from('{}').toString('base64') } });
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
    if (response?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The registry at ${address} does not answer`);
}
