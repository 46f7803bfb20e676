import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { tar } from '../../bin/lib/tar.js';
import { docker, dockerHost } from './engine.js';

const ROOT = resolve(import.meta.dirname, '../..');
const SYSTEMD = '/usr/lib/systemd/systemd';
/** Where systemd keeps its own tree of processes, on hosts with the first version of cgroups. */
const CGROUP = '/sys/fs/cgroup/systemd';
/** What it needs to set up a service; not those that would reach the host. */
const CAPABILITIES = ['SYS_ADMIN', 'DAC_READ_SEARCH', 'SYS_PTRACE'];
const UNITS = '/etc/systemd/system';
/** Services of this machine's systemd that the test has no use for. */
const MASKED = ['dbus', 'systemd-logind', 'getty', 'console-getty', 'cron', 'ssh', 'docker'];

/** A machine on which systemd runs the unit: a container with the programs of this one. */
export interface SystemdMachine {
  /** Runs a command in it; resolves to what it prints on both outputs. */
  run(...command: string[]): Promise<string>;
}

/** Why this machine cannot have one; undefined when it can. */
export function lackForSystemd(): string | undefined {
  if (!existsSync(SYSTEMD)) return 'There is no systemd';
  if (!existsSync(CGROUP)) return 'The host has no cgroups of the first version';
  if (!process.execPath.startsWith('/usr/')) return 'Node.js is not below /usr';
  if (!dockerHost().startsWith('unix://')) return 'The engine is on another machine';
  const isReadable = (statSync(join(ROOT, 'package.json')).mode & 0o004) !== 0;
  return isReadable ? undefined : 'Others may not read this folder';
}

/** Starts one with a drop-in for the unit; undefined when the engine may not. Gone with the test. */
export async function aSystemdMachine(dropIn: string): Promise<SystemdMachine | undefined> {
  const engine = docker();
  const socket = dockerHost().slice('unix://'.length);
  const reference = `registrar-test-systemd:${process.pid}`;
  const [repo, tag] = reference.split(':');
  const archive = tar(rootFiles(dropIn, statSync(socket).gid));
  await text(await engine.importImage(Readable.from([archive]), { repo, tag }));
  onTestFinished(async () => void (await engine.getImage(reference).remove()));
  const container = await engine.createContainer({
    ...{ Image: reference, Cmd: [SYSTEMD], Env: ['container=docker'] },
    HostConfig: {
      ...{ CapAdd: CAPABILITIES, SecurityOpt: ['seccomp=unconfined'], NetworkMode: 'none' },
      Tmpfs: { '/run': 'exec', '/run/lock': '', '/tmp': '' },
      Binds: [
        ...[`${CGROUP}:${CGROUP}`, '/usr:/usr:ro', `${ROOT}:/opt/registrar:ro`],
        `${socket}:/mnt/docker.sock`,
      ],
    },
  });
  onTestFinished(() => container.remove({ force: true, v: true }));
  try {
    await container.start();
  } catch (error) {
    if (/operation not permitted/i.test(String(error))) return undefined;
    throw error;
  }
  return { run: (...command) => runIn(container.id, command) };
}

/** On a terminal, so that both outputs are one text; without the pager that systemd has for one. */
async function runIn(id: string, command: readonly string[]): Promise<string> {
  const exec = await docker()
    .getContainer(id)
    .exec({
      ...{ Cmd: [...command], Env: ['SYSTEMD_PAGER=cat', 'TERM=dumb'] },
      ...{ AttachStdout: true, AttachStderr: true, Tty: true },
    });
  return (await text(await exec.start({ Tty: true }))).replaceAll('\r\n', '\n').trim();
}

/** What is on its disk besides the programs. */
function rootFiles(dropIn: string, socketGroup: number): Parameters<typeof tar>[0] {
  const file = (path: string, content: string | Buffer) => ({
    ...{ path, type: 'file' as const, content: Buffer.from(content) },
  });
  const link = (path: string, target: string) => ({ path, type: 'link' as const, target });
  const folders = ['usr', 'opt', 'var', 'var/lib', 'var/cache', 'var/log', 'tmp', 'run', 'home'];
  const unit = readFileSync(join(ROOT, 'bin/registrar.service'));
  return [
    ...folders.map((path) => ({ path: `${path}/`, type: 'folder' as const })),
    ...['bin', 'sbin', 'lib', 'lib64'].map((name) => link(name, `usr/${name}`)),
    ...[file('etc/ld.so.cache', readFileSync('/etc/ld.so.cache')), link('var/run', '/run')],
    file('etc/passwd', 'root:x:0:0::/:/bin/sh\nregistrar:x:990:990::/:/bin/false\n'),
    file('etc/group', `root:x:0:\nregistrar:x:990:\ndocker:x:${socketGroup}:\n`),
    file('etc/machine-id', `${'0123456789abcdef'.repeat(2)}\n`),
    file('etc/registrar/.keep', ''),
    file(`${UNITS.slice(1)}/registrar.service`, unit),
    file(`${UNITS.slice(1)}/registrar.service.d/test.conf`, dropIn),
    link(`${UNITS.slice(1)}/multi-user.target.wants/registrar.service`, '../registrar.service'),
    link(`${UNITS.slice(1)}/default.target`, '/usr/lib/systemd/system/multi-user.target'),
    ...MASKED.map((name) => link(`${UNITS.slice(1)}/${name}.service`, '/dev/null')),
  ];
}
