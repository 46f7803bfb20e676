import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import type { ContainerInspectInfo } from 'dockerode';

/** A container as the engine tells of it, with what its manifest asked for. */
export interface Subject {
  readonly container: ContainerInspectInfo;
  /** Names of the kernel's own restrictions that the engine knows, as in `docker info`. */
  readonly securityOptions: readonly string[];
  readonly socket: string;
  readonly asked: Asked;
}

export interface Asked {
  /** As `127.0.0.1:18080`. */
  readonly published?: readonly string[];
  /** Real paths of folders of the host. */
  readonly folders?: readonly string[];
  readonly imageId: string;
  /** Registrar itself asks this module whether it is well, or nothing does. */
  readonly isProbedFromOutside?: boolean;
  /** Ends by itself, and is not to be started again. */
  readonly runsOnce?: boolean;
}

export interface Rule {
  /** As docker-bench-security numbers section 5; `+` for what it does not look at. */
  readonly id: string;
  readonly title: string;
  readonly holds: (subject: Subject) => boolean;
}

type Host = ContainerInspectInfo['HostConfig'];

const hostOf = ({ container }: Subject): Host => container.HostConfig;
const securityOf = (subject: Subject): string[] =>
  (hostOf(subject).SecurityOpt as string[] | null) ?? [];
const isEmpty = (list: object | null | undefined): boolean => Object.keys(list ?? {}).length === 0;
const isBelow = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** All addresses of the host that a container is published at, and asks to be. */
function bindingsOf({ container }: Subject): { HostIp?: string; HostPort?: string }[] {
  const { PortBindings } = container.HostConfig as { PortBindings?: Record<string, unknown> };
  const all: unknown[] = [PortBindings ?? {}, container.NetworkSettings.Ports]
    .flatMap((bindings) => Object.values(bindings))
    .flat();
  return all.filter((binding) => binding !== null) as { HostIp?: string; HostPort?: string }[];
}

const rule = (id: string, title: string, holds: Rule['holds']): Rule => ({ id, title, holds });

/** Section 5 of the CIS Docker benchmark 1.6, each rule stricter than the usual script for it. */
export const CIS_RULES: readonly Rule[] = [
  rule('5.2', 'AppArmor where the kernel has it', ({ container, securityOptions }) => {
    const has = securityOptions.some((option) => option.includes('name=apparmor'));
    return !has || container.AppArmorProfile === 'docker-default';
  }),
  rule(
    '5.3',
    'labels of SELinux are not switched off',
    (subject) => !securityOf(subject).some((option) => option.startsWith('label')),
  ),
  rule('5.4', 'no capabilities', (subject) => {
    const { CapDrop, CapAdd } = hostOf(subject);
    return JSON.stringify(CapDrop) === '["ALL"]' && isEmpty(CapAdd as object | undefined);
  }),
  rule('5.5', 'not privileged', (subject) => hostOf(subject).Privileged === false),
  rule('5.6', 'no folder of the host but those asked for', ({ container, asked }) =>
    container.Mounts.filter(({ Type }) => Type === 'bind').every(({ Source }) =>
      (asked.folders ?? []).includes(Source),
    ),
  ),
  rule('5.8', 'no privileged port of the host', (subject) =>
    bindingsOf(subject).every(({ HostPort }) => Number(HostPort) >= 1024),
  ),
  rule('5.9', 'no port of the host but those asked for', (subject) => {
    const found = bindingsOf(subject).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}`);
    const asked = new Set(subject.asked.published);
    return hostOf(subject).PublishAllPorts !== true && found.every((one) => asked.has(one));
  }),
  rule(
    '5.10',
    'not the network of the host or of another container',
    (subject) => !/^(?:host$|container:)/.test(hostOf(subject).NetworkMode ?? 'host'),
  ),
  rule('5.11', 'memory is limited, and there is no swap beyond it', (subject) => {
    const { Memory = 0, MemorySwap } = hostOf(subject);
    return Memory > 0 && MemorySwap === Memory;
  }),
  rule('5.12', 'processor time is limited', (subject) => {
    const { NanoCpus = 0, CpuQuota = 0 } = hostOf(subject);
    return NanoCpus > 0 || CpuQuota > 0;
  }),
  rule('5.13', 'the root filesystem is read-only', (subject) => {
    const { ReadonlyRootfs, Tmpfs } = hostOf(subject) as Host & { Tmpfs?: Record<string, string> };
    const areSized = Object.values(Tmpfs ?? {}).every((options) => /\bsize=\d+\b/.test(options));
    return ReadonlyRootfs === true && areSized;
  }),
  rule('5.14', 'ports are published at one address', (subject) =>
    bindingsOf(subject).every(
      ({ HostIp }) => HostIp !== '' && HostIp !== '0.0.0.0' && HostIp !== '::',
    ),
  ),
  rule('5.15', 'the engine restarts it five times at most', (subject) => {
    const { Name, MaximumRetryCount = 0 } = hostOf(subject).RestartPolicy ?? {};
    if (subject.asked.runsOnce === true) return Name === 'no' || Name === '';
    return Name === 'on-failure' && MaximumRetryCount >= 1 && MaximumRetryCount <= 5;
  }),
  rule('5.16', 'not the processes of the host', (subject) => hostOf(subject).PidMode === ''),
  rule(
    '5.17',
    'not the shared memory of the host',
    (subject) => hostOf(subject).IpcMode === 'private',
  ),
  rule('5.18', 'no devices of the host', (subject) => {
    const { Devices, DeviceRequests, DeviceCgroupRules } = hostOf(subject);
    return [Devices, DeviceRequests, DeviceCgroupRules].every((list) => isEmpty(list as object));
  }),
  rule('5.19', 'the limits of the engine are not raised', (subject) => {
    const { Ulimits } = hostOf(subject) as { Ulimits?: { Name: string }[] | null };
    return (Ulimits ?? []).every(({ Name }) => Name === 'fsize');
  }),
  rule('5.20', 'mounts are not shared with the host', ({ container }) =>
    (container.Mounts as { Propagation?: string }[]).every(
      ({ Propagation = '' }) => !Propagation.includes('shared'),
    ),
  ),
  rule('5.21', 'not the name of the host', (subject) => hostOf(subject).UTSMode === ''),
  rule(
    '5.22',
    'seccomp is not switched off',
    (subject) => !securityOf(subject).some((option) => option.startsWith('seccomp')),
  ),
  rule('5.25', 'the cgroup of the engine', (subject) => hostOf(subject).CgroupParent === ''),
  rule('5.26', 'no new privileges', (subject) => securityOf(subject).includes('no-new-privileges')),
  rule('5.27', 'something asks whether it is well', ({ container, asked }) => {
    const [kind] =
      (container.Config as { Healthcheck?: { Test?: string[] } }).Healthcheck?.Test ?? [];
    return kind === 'CMD' || asked.isProbedFromOutside === true || asked.runsOnce === true;
  }),
  rule(
    '5.28',
    'just the image that was verified',
    ({ container, asked }) => container.Image === asked.imageId,
  ),
  rule('5.29', 'processes are limited', (subject) => (hostOf(subject).PidsLimit ?? 0) > 0),
  rule('5.30', 'not the network that all containers share', ({ container }) =>
    Object.keys(container.NetworkSettings.Networks).every((name) => name !== 'bridge'),
  ),
  rule(
    '5.31',
    'not the users of the host where they differ',
    (subject) => hostOf(subject).UsernsMode === '',
  ),
  rule('5.32', 'not the socket of the engine', ({ container, socket }) =>
    container.Mounts.every(({ Source }) => Source === '' || !isBelow(socket, realOf(Source))),
  ),
  rule('+ user', 'not root', ({ container }) => /^[1-9]\d*:[1-9]\d*$/.test(container.Config.User)),
  rule(
    '+ log',
    'the log has an end',
    (subject) => hostOf(subject).LogConfig?.Config?.['max-size'] === '10m',
  ),
  rule(
    '+ memory',
    'is not spared when memory runs out',
    (subject) => hostOf(subject).OomScoreAdj === 0,
  ),
  rule('+ kernel', 'no settings of the kernel', (subject) => isEmpty(hostOf(subject).Sysctls)),
  rule('+ runtime', 'the runtime of the engine', (subject) =>
    /^(?:runc|)$/.test(hostOf(subject).Runtime ?? ''),
  ),
  rule('+ volumes', 'no volumes of other containers', (subject) =>
    isEmpty(hostOf(subject).VolumesFrom as object),
  ),
];

/** A volume of a module that is gone by now is nowhere. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The rules that do not hold, in their order. */
export const brokenRules = (subject: Subject): string[] =>
  CIS_RULES.filter(({ holds }) => !holds(subject)).map(({ id }) => id);
