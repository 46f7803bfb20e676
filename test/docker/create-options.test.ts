import { test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { createOptions } from '../../src/docker/create-options.js';
import { CAPABILITIES } from '../../src/model/capabilities.js';
import { ownerLabels } from '../../src/model/owner.js';
import type { ContainerTemplate } from '../../src/model/revision.js';
import { isNamedVolume } from '../../src/model/volumes.js';
import { anyTemplate } from '../helpers/any-template.js';
import { anOwner, aTemplate } from '../helpers/requests.js';

interface Body extends Record<string, unknown> {
  readonly HostConfig: Record<string, unknown> & {
    readonly Mounts: readonly Record<string, unknown>[];
    readonly Tmpfs: Record<string, string>;
    readonly PortBindings: Record<string, { HostIp: string; HostPort: string }[]>;
  };
}

function bodyOf(template: Partial<ContainerTemplate> = {}, secrets = new Map()): Body {
  const complete = aTemplate(template);
  const bound = complete.volumes.filter((volume) => !isNamedVolume(volume));
  const input = {
    ...{ owner: anOwner(), template: complete, imageId: 'sha256:image', user: '1:1' },
    ...{ network: 'registrar-instance', secrets },
    hostPaths: new Map(bound.map(({ name }) => [name, `/data/real/${name}`])),
  };
  return createOptions(input) as Body;
}

const LABELS = { ...ownerLabels(anOwner()), 'registrar.synapsis.network/gpus': '' };

/** Just these GPUs, and of them nothing but what computing needs. */
const devicesOf = (gpus: readonly string[]): object[] | undefined =>
  gpus.length === 0 ? undefined : [{ Driver: 'nvidia', DeviceIDs: gpus, Capabilities: [['gpu']] }];

const volume = (overrides: Partial<ContainerTemplate['volumes'][number]>) => ({
  ...{ name: 'state', mountPath: '/state', readOnly: false, ...overrides },
});

describe('createOptions', () => {
  test('isolates a container that asks for nothing', () => {
    const { HostConfig, ...rest } = bodyOf();
    expect(HostConfig).toEqual({
      ...{ CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'], ReadonlyRootfs: true },
      ...{ IpcMode: 'private', NetworkMode: 'registrar-instance' },
      ...{ Memory: 2 ** 26, MemorySwap: 2 ** 26, NanoCpus: 5e8, PidsLimit: 32 },
      ...{ Mounts: [], PortBindings: {} },
      Tmpfs: { '/tmp': 'rw,noexec,nosuid,nodev,size=67108864,mode=1777,uid=1,gid=1' },
      RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    });
    expect(rest).toEqual({
      ...{ Image: 'sha256:image', User: '1:1', Labels: LABELS, Env: [] },
      ...{ Entrypoint: ['sleep', '1000'], ExposedPorts: {}, StopTimeout: 10 },
      NetworkingConfig: { EndpointsConfig: { 'registrar-instance': {} } },
    });
  });

  test('without command and args the image decides', () => {
    const body = bodyOf({ command: [], args: [] });
    expect(body).not.toHaveProperty('Entrypoint');
    expect(body).not.toHaveProperty('Cmd');
    expect(bodyOf({ command: [], args: ['-v'] })).toMatchObject({ Cmd: ['-v'] });
  });

  test('publishes ports that have a host port, on their address', () => {
    const port = { protocol: 'TCP', hostIp: '127.0.0.1' } as const;
    const ports = [
      { ...port, name: 'axon', containerPort: 80, hostPort: 8091 },
      { ...port, name: 'same', containerPort: 80, hostPort: 8092, hostIp: '::1' },
      { ...port, name: 'dns', containerPort: 53, protocol: 'UDP' as const },
    ];
    const { ExposedPorts, HostConfig } = bodyOf({ ports });
    expect(ExposedPorts).toEqual({ '80/tcp': {}, '53/udp': {} });
    expect(HostConfig.PortBindings).toEqual({
      '80/tcp': [
        { HostIp: '127.0.0.1', HostPort: '8091' },
        { HostIp: '::1', HostPort: '8092' },
      ],
    });
  });

  test('mounts a named volume empty, and a host folder at its real path', () => {
    const wallet = { name: 'wallet', mountPath: '/wallet', hostPath: '/data/link', readOnly: true };
    const { Mounts } = bodyOf({ volumes: [volume({}), volume(wallet)] }).HostConfig;
    expect(Mounts).toEqual([
      {
        ...{ Type: 'volume', Source: 'registrar-instance_web_state', Target: '/state' },
        ...{ ReadOnly: false, VolumeOptions: { NoCopy: true } },
      },
      {
        ...{ Type: 'bind', Source: '/data/real/wallet', Target: '/wallet', ReadOnly: true },
        BindOptions: { Propagation: 'rprivate' },
      },
    ]);
  });

  test('mounts files of a Secret read-only, whatever the volume says', () => {
    const secret = { secretName: 'keys', defaultMode: '0400' };
    const { Mounts } = bodyOf({ volumes: [volume({ readOnly: false, secret })] }).HostConfig;
    expect(Mounts).toEqual([
      {
        ...{ Type: 'bind', Source: '/data/real/state', Target: '/state', ReadOnly: true },
        BindOptions: { Propagation: 'rprivate' },
      },
    ]);
  });

  test('a volume takes the place of the folder in memory', () => {
    const securityContext = { ...aTemplate().securityContext, writablePaths: ['/run/', '/cache'] };
    const volumes = [volume({ mountPath: '/tmp/' }), volume({ name: 'c', mountPath: '/cache' })];
    expect(Object.keys(bodyOf({ securityContext, volumes }).HostConfig.Tmpfs)).toEqual(['/run']);
  });

  test('asks for GPUs by name, and tells of them in a label', () => {
    const gpus = ['GPU-1', 'MIG-2'];
    const { HostConfig, Labels } = bodyOf({ resources: { ...aTemplate().resources, gpus } });
    expect(HostConfig['DeviceRequests']).toEqual(devicesOf(gpus));
    expect(Labels).toMatchObject({ 'registrar.synapsis.network/gpus': 'GPU-1,MIG-2' });
  });

  test("an exec check is the engine's to run; for another one the image's own is off", () => {
    const times = { intervalSeconds: 3, timeoutSeconds: 2, retries: 4, startPeriodSeconds: 5 };
    expect(bodyOf({ healthCheck: { exec: { command: ['true'] }, ...times } })).toMatchObject({
      Healthcheck: {
        ...{ Test: ['CMD', 'true'], Interval: 3e9, Timeout: 2e9, StartPeriod: 5e9, Retries: 4 },
      },
    });
    const outside = bodyOf({ healthCheck: { tcp: { port: 80 }, ...times } });
    expect(outside).toMatchObject({ Healthcheck: { Test: ['NONE'] } });
    expect(bodyOf()).not.toHaveProperty('Healthcheck');
  });

  const { securityContext } = aTemplate();
  const withCapabilities = (...names: string[]) => ({
    securityContext: {
      ...securityContext,
      addCapabilities: names as (typeof CAPABILITIES)[number][],
    },
  });

  test('what a policy admitted is carried out: capabilities and a writable root', () => {
    const admitted = withCapabilities('NET_ADMIN', 'IPC_LOCK');
    expect(bodyOf(admitted).HostConfig).toMatchObject({
      ...{ CapDrop: ['ALL'], CapAdd: ['NET_ADMIN', 'IPC_LOCK'], ReadonlyRootfs: true },
      SecurityOpt: ['no-new-privileges'],
    });
    const writable = { securityContext: { ...securityContext, readOnlyRootFilesystem: false } };
    expect(bodyOf(writable).HostConfig).toMatchObject({ ReadonlyRootfs: false });
  });

  test.each(['SYS_ADMIN', 'ALL', 'CAP_NET_ADMIN', '__proto__'])(
    'capability %s reaches the host, or is none: it is refused with FORBIDDEN',
    (name) => {
      const template = withCapabilities('NET_ADMIN', name);
      expect(() => bodyOf(template)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    },
  );

  test('secrets without their values are refused', () => {
    const template = { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } }] };
    expect(() => bodyOf(template)).toThrow(expect.objectContaining({ code: 'INVALID' }));
  });
});

test('secret values are in the environment, and in nothing else', () => {
  const env = [
    { name: 'A', value: 'a' },
    { name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'api' } } },
    { name: 'NONE', valueFrom: { secretKeyRef: { name: 'keys', key: 'none' } } },
  ];
  const secrets = new Map([
    ['KEY', 'canary=1 $HOME'],
    ['NONE', ''],
    ['A', 'not asked for'],
  ]);
  const { Env, ...rest } = bodyOf({ env }, secrets);
  expect(Env).toEqual(['A=a', 'KEY=canary=1 $HOME', 'NONE=']);
  expect(JSON.stringify(rest)).not.toContain('canary');
});

const HOST_CONFIG_FIELDS = [
  ...['CapDrop', 'SecurityOpt', 'ReadonlyRootfs', 'IpcMode', 'NetworkMode', 'Memory', 'MemorySwap'],
  ...['NanoCpus', 'PidsLimit', 'Mounts', 'Tmpfs', 'PortBindings', 'RestartPolicy', 'LogConfig'],
];

const BODY_FIELDS = [
  ...['Image', 'User', 'Labels', 'Env', 'Entrypoint', 'Cmd', 'ExposedPorts', 'Healthcheck'],
  ...['StopTimeout', 'HostConfig', 'NetworkingConfig'],
];

describe('whatever a template says', () => {
  property.prop([anyTemplate])('the body has only fields of the allow-list', (template) => {
    const body = bodyOf(template);
    expect(BODY_FIELDS).toEqual(expect.arrayContaining(Object.keys(body)));
    const { CapAdd: added = [], DeviceRequests: devices, ...hostConfig } = body.HostConfig;
    expect(devices).toEqual(devicesOf(template.resources.gpus));
    expect(Object.keys(hostConfig).toSorted()).toEqual(HOST_CONFIG_FIELDS.toSorted());
    expect(added).toEqual(template.securityContext.addCapabilities);
    expect(CAPABILITIES).toEqual(expect.arrayContaining(added as string[]));
  });

  property.prop([anyTemplate])(
    'no privilege, host namespace or open limit comes of it',
    (template) => {
      const { HostConfig, ...body } = bodyOf(template);
      expect(HostConfig).toMatchObject({
        ...{ CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'] },
        ...{ IpcMode: 'private', NetworkMode: 'registrar-instance' },
        ...{ RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 } },
      });
      expect(HostConfig['ReadonlyRootfs']).toBe(template.securityContext.readOnlyRootFilesystem);
      expect(HostConfig['Memory']).toBeGreaterThan(0);
      expect(HostConfig['MemorySwap']).toBe(HostConfig['Memory']);
      expect(HostConfig['PidsLimit']).toBeGreaterThan(0);
      expect(body).toMatchObject({ User: '1:1', Labels: ownerLabels(anOwner()) });
    },
  );

  property.prop([anyTemplate])(
    'mounts are our volumes or folders that were checked',
    (template) => {
      for (const mount of bodyOf(template).HostConfig.Mounts) {
        const source = String(mount['Source']);
        const isVolume = mount['Type'] === 'volume' && source.startsWith('registrar-instance_web_');
        const isChecked = mount['Type'] === 'bind' && source.startsWith('/data/real/');
        expect(isVolume || isChecked).toBe(true);
      }
    },
  );

  property.prop([anyTemplate])('folders in memory are bounded and run nothing', (template) => {
    for (const options of Object.values(bodyOf(template).HostConfig.Tmpfs)) {
      expect(options.split(',')).toEqual(
        expect.arrayContaining(['noexec', 'nosuid', 'nodev', 'size=67108864']),
      );
    }
  });

  property.prop([anyTemplate])(
    'ports are published where the template says, no others',
    (template) => {
      const asked = template.ports.filter((port) => port.hostPort !== undefined);
      const bound = Object.values(bodyOf(template).HostConfig.PortBindings).flat();
      expect(bound.map(({ HostPort }) => HostPort).toSorted()).toEqual(
        asked.map((port) => String(port.hostPort)).toSorted(),
      );
      expect(bound.every(({ HostIp }) => HostIp !== '')).toBe(true);
    },
  );
});
