import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuildMarks, hostOf } from '../../src/docker/build/build-mark.js';
import { INSTANCE_LABEL, MODULE_LABEL } from '../../src/model/owner.js';
import { CIS_RULES, brokenRules } from '../helpers/cis-rules.js';
import type { Asked, Subject } from '../helpers/cis-rules.js';
import { LOCAL_REPOSITORIES, aSite, eventually } from '../helpers/daemon.js';
import { docker, dockerHost, SAMPLE_IMAGE } from '../helpers/engine.js';
import { freePort } from '../../bin/lib/daemon-process.js';
import { modulesOf } from '../helpers/live-modules.js';
import type { SpecInput } from '../helpers/live-modules.js';
import { memoryFolder } from '../helpers/memory-folder.js';
import { goodRepository } from '../helpers/module-repository.js';

const engine = docker();
const site = aSite({ atEnd: afterAll });
const secretsDir = memoryFolder(afterAll);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'registrar-cis-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const socket = dockerHost().replace(/^unix:\/\//, '');

/** Containers of this registrar by module, those of gates as `gate`, of builds as `build`. */
const found = new Map<string, ContainerInspectInfo>();
const asked = new Map<string, Asked>();
let securityOptions: readonly string[] = [];

const healthCheck = { exec: { command: ['true'] }, intervalSeconds: 1 };

/** What the engine says of each that is still there: containers of gates and builds go by themselves. */
async function inspected(listed: readonly ContainerInfo[]): Promise<ContainerInspectInfo[]> {
  const looks = await Promise.allSettled(listed.map(({ Id }) => engine.getContainer(Id).inspect()));
  return looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : []));
}

const containersWith = async (label: readonly string[]): Promise<ContainerInspectInfo[]> =>
  inspected(await engine.listContainers({ all: true, filters: { label: [...label] } }));

const gates = (): Promise<ContainerInspectInfo[]> =>
  containersWith([
    `${INSTANCE_LABEL}=${site.instanceId()}`,
    'registrar.synapsis.network/gate=built',
  ]);

/** Containers of builds of this registrar, told by the host name that they have alone. */
async function builds(): Promise<ContainerInspectInfo[]> {
  const mark = new BuildMarks(site.instanceId());
  const isOurs = ({ HostConfig }: ContainerInspectInfo): boolean =>
    ((HostConfig.ExtraHosts as string[] | null) ?? []).some((entry) => mark.isLeft(hostOf(entry)));
  return (await inspected(await engine.listContainers())).filter(isOurs);
}

/**
 * What nobody can ask of the classic builder: without capabilities, with a read-only root, without
 * new privileges, with a limit of processes, on another network, with rotated logs. docs/security.md
 * says so.
 */
const OF_BUILDS = ['5.4', '5.13', '5.26', '5.29', '5.30', '+ log'];

const ofModule = (module: string): Promise<ContainerInspectInfo[]> =>
  containersWith([`${INSTANCE_LABEL}=${site.instanceId()}`, `${MODULE_LABEL}=${module}`]);

/** Waits for a container, and keeps what the engine says of it. */
async function keep(as: string, look: () => Promise<ContainerInspectInfo[]>): Promise<void> {
  await eventually(async () => {
    const [first] = await look();
    if (first !== undefined) found.set(as, first);
    return first !== undefined;
  }, `there is a container of ${as}`);
}

const subject = (name: string): Subject => {
  const container = found.get(name);
  if (container === undefined) throw new Error(`No container of ${name} was seen`);
  const { Image: imageId } = container;
  return { container, securityOptions, socket, asked: { imageId, ...asked.get(name) } };
};

beforeAll(async () => {
  securityOptions = ((await engine.info()) as { SecurityOptions: string[] }).SecurityOptions;
  site.declare('policy.yaml', LOCAL_REPOSITORIES);
  await site.start(['--secrets-dir', secretsDir]);
});

/** What the containers break, by name; nothing is what is wanted. */
const broken = (names: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(names.map((name) => [name, brokenRules(subject(name))]));

const nothing = (names: readonly string[]): Record<string, string[]> =>
  Object.fromEntries(names.map((name) => [name, []]));

describe('section 5 of the CIS Docker benchmark', () => {
  it('holds for modules with ports, volumes, Secrets and dependencies', async () => {
    const modules = modulesOf(site);
    const { Id: imageId } = await engine.getImage(SAMPLE_IMAGE).inspect();
    const port = await freePort(0);
    await site.cli(['secret', 'create', 'keys', '--from-file', 'api=-'], 's3cr3t');
    const specs: Record<string, SpecInput> = {
      plain: { healthCheck },
      open: {
        command: ['sh', '-c', 'httpd -f -p 8080 -h /www'],
        ports: [{ name: 'http', containerPort: 8080, hostPort: port }],
        healthCheck: { http: { path: '/', port: 8080 }, intervalSeconds: 1 },
      },
      storing: {
        healthCheck,
        volumes: [
          { name: 'state', mountPath: '/data' },
          { name: 'wallet', hostPath: folder, mountPath: '/wallet', readOnly: true },
        ],
        securityContext: { writablePaths: ['/var/cache/app'] },
      },
      secretive: {
        healthCheck,
        volumes: [{ name: 'keys', mountPath: '/keys', secret: { secretName: 'keys' } }],
      },
      needed: { healthCheck },
      needing: { healthCheck, dependsOn: [{ name: 'needed' }] },
    };
    const names = Object.keys(specs);
    for (const [name, spec] of Object.entries(specs)) await modules.create(name, spec);
    for (const name of names) {
      await modules.untilReady(name);
      await keep(name, () => ofModule(name));
      asked.set(name, { imageId });
    }
    asked.set('open', { imageId, published: [`127.0.0.1:${port}`], isProbedFromOutside: true });
    asked.set('storing', { imageId, folders: [folder] });
    const mounts = subject('secretive').container.Mounts.map(({ Source }) => Source);
    expect(mounts.map((path) => path.startsWith(secretsDir))).toEqual([true]);
    asked.set('secretive', { imageId, folders: mounts });

    expect(broken(names)).toEqual(nothing(names));
    const networks = names.map((name) => subject(name).container.NetworkSettings.Networks);
    const prefix = `registrar-${site.instanceId().slice(0, 8)}`;
    const others = networks.flatMap(Object.keys).filter((name) => !name.startsWith(prefix));
    expect(others).toEqual([]);
    expect(Object.keys(networks[names.indexOf('needing')] ?? {})).toHaveLength(2);
    const { Swarm } = (await engine.info()) as { Swarm: { LocalNodeState: string } };
    expect(Swarm.LocalNodeState).toBe('inactive');
  });

  it('holds for a gate; a build has what the classic builder can give', async () => {
    const modules = modulesOf(site);
    const { repository } = goodRepository(SAMPLE_IMAGE);
    const slow = ['USER 10001:10001', `RUN test -f /module/greeting.txt && sleep 4`, 'CMD sleep 9'];
    const lines = [`FROM ${SAMPLE_IMAGE}`, 'COPY greeting.txt /module/', ...slow, ''];
    repository.commit({ Dockerfile: lines.join('\n') });
    await modules.create('built', {
      ...{ version: '1.0.0', image: '', source: { branch: 'main', repoUrl: repository.url } },
      ...{ command: ['sleep', '3600'], healthCheck },
      updates: {
        ...{ policy: 'Follow', intervalSeconds: 10, cooldownSeconds: 0 },
        gate: { command: ['sleep', '1000'] },
      },
    });
    await keep('build', builds);
    asked.set('build', { imageId: subject('build').container.Image, runsOnce: true });
    await modules.untilReady('built');
    await keep('built', () => ofModule('built'));
    asked.set('built', { imageId: (await modules.get('built')).status.imageId ?? '' });
    repository.commit({ 'greeting.txt': 'Good day\n' });
    await keep('gate', gates);
    asked.set('gate', { imageId: subject('gate').container.Image, runsOnce: true });

    expect(broken(['built', 'gate'])).toEqual(nothing(['built', 'gate']));
    expect(brokenRules(subject('build'))).toEqual(OF_BUILDS);
  });
});

describe('the rules', () => {
  it('see a container for which none of them was heeded', async () => {
    const created = await engine.createContainer({
      ...{ Image: SAMPLE_IMAGE, User: '0:0', Healthcheck: { Test: ['NONE'] } },
      HostConfig: {
        ...{
          Privileged: true,
          CapAdd: ['SYS_ADMIN'],
          NetworkMode: 'bridge',
          PublishAllPorts: true,
        },
        ...{ PidMode: 'host', IpcMode: 'host', UTSMode: 'host', UsernsMode: 'host' },
        ...{ OomScoreAdj: -1, CgroupParent: '/other', Sysctls: { 'net.ipv4.ip_forward': '1' } },
        SecurityOpt: ['label=disable', 'seccomp=unconfined', 'apparmor=unconfined'],
        Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/x', CgroupPermissions: 'rwm' }],
        PortBindings: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '80' }] },
        RestartPolicy: { Name: 'always' },
        Ulimits: [{ Name: 'nofile', Soft: 1, Hard: 1 }],
        Mounts: [
          {
            ...{ Type: 'bind', Source: join(socket, '..'), Target: '/run', ReadOnly: false },
            BindOptions: { Propagation: 'rshared' },
          },
        ],
        VolumesFrom: [subject('storing').container.Id],
      },
    } as never);
    try {
      const container = await created.inspect();
      const bad = { container, securityOptions, socket, asked: { imageId: 'another' } };
      // It has the runtime of the engine, since there is no other, and is not on a host network.
      const unseen = ['5.10', '+ runtime', ...(isConfined() ? [] : ['5.2'])];
      const expected = CIS_RULES.map(({ id }) => id).filter((id) => !unseen.includes(id));
      expect(brokenRules(bad)).toEqual(expected);
    } finally {
      await created.remove({ v: true });
    }
  });

  const isConfined = (): boolean => securityOptions.some((one) => one.includes('name=apparmor'));
});
