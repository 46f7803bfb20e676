import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../helpers/daemon.js';
import { docker, dockerHost } from '../helpers/engine.js';
import { lackForMachineImage, machineImage } from '../helpers/machine-image.js';

const lack = lackForMachineImage();
if (lack !== undefined) console.info(`${lack}: the image of the daemon is not built`);
const engine = docker();

/** Builds our Dockerfile from an image that is here; the reference of what comes of it. */
async function built(base: string): Promise<string> {
  const t = `registrar-test-daemon:${process.pid}`;
  // As the command line of the engine does: what .dockerignore lets through, and the Dockerfile.
  const names = [...readFileSync('.dockerignore', 'utf8').matchAll(/^!(.+)$/gm)].map(
    ([, name]) => name ?? '',
  );
  const context = spawn('tar', ['-c', 'Dockerfile', ...names], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const buildargs = { BUILD_IMAGE: base, RUN_IMAGE: base };
  const stream = await engine.buildImage(context.stdout, {
    t,
    buildargs,
    forcerm: true,
    networkmode: 'none',
  });
  const output = await text(stream as Readable);
  onTestFinished(async () => {
    // Each step is an image, and those of the first stage belong to none that has a name.
    const steps = [...output.matchAll(/--(?:>|\\u003e) ([0-9a-f]{12})/g)].map(([, id = '']) => id);
    for (const id of new Set(steps.toReversed())) {
      await engine
        .getImage(id)
        .remove({ force: true })
        .catch(() => undefined);
    }
  });
  expect(output).toContain('Successfully built');
  return t;
}

async function runIn(id: string, ...Cmd: string[]): Promise<string> {
  const exec = await engine.getContainer(id).exec({ Cmd, AttachStdout: true, Tty: true });
  return (await text(await exec.start({ Tty: true }))).trim();
}

test.skipIf(lack !== undefined)(
  'the image of the daemon is built, and serves with nothing but the socket',
  async () => {
    const image = await built(await machineImage());
    const socket = dockerHost().slice('unix://'.length);
    const container = await engine.createContainer({
      ...{ Image: image, Env: ['DOCKER_HOST=unix:///mnt/docker.sock'] },
      // Its own check, only sooner.
      Healthcheck: { Interval: 1e9 },
      HostConfig: {
        ...{ ReadonlyRootfs: true, CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'] },
        ...{ NetworkMode: 'none', PidsLimit: 256, Memory: 1024 ** 3 },
        GroupAdd: [String(statSync(socket).gid)],
        Tmpfs: {
          '/var/cache/registrar': 'uid=990,gid=990,mode=0700',
          '/var/lib/registrar': 'uid=990,gid=990,mode=0700',
        },
        Binds: [`${socket}:/mnt/docker.sock`],
      },
    });
    onTestFinished(() => container.remove({ force: true, v: true }));
    await container.start();
    const health = async () => (await container.inspect()).State.Health?.Status === 'healthy';
    await eventually(health, 'its health check finds it well');
    const ready = `require('node:http').get({ socketPath: process.env.REGISTRAR_DATA_DIR + '/registrar.sock', path: '/readyz?verbose' }, (answer) => answer.pipe(process.stdout))`;
    expect(await runIn(container.id, 'node', '-e', ready)).toContain('[+]engine ok');
    expect(await runIn(container.id, 'registrar', 'version')).toMatch(
      /^Server Version: .*registrar\.0\.1\.0/m,
    );
    expect(await runIn(container.id, 'git', '--version')).toMatch(/^git version/);
    expect(await runIn(container.id, 'id')).toMatch(/^uid=990\(registrar\) gid=990\(registrar\)/);
    const listed = await runIn(container.id, 'ls', '-A', '/opt/registrar', '/opt/registrar/bin');
    expect(listed.split(/\s+/).toSorted()).toEqual(
      [
        '/opt/registrar/bin:',
        '/opt/registrar:',
        'LICENSE',
        'bin',
        'dist',
        'node_modules',
        'oclif.manifest.json',
        'package.json',
        'registrar',
      ].toSorted(),
    );
    await container.stop();
    expect((await container.inspect()).State.ExitCode).toBe(0);
  },
);
