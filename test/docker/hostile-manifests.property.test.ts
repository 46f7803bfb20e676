import { fc } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { createOptions } from '../../src/docker/create-options.js';
import { gateOptions } from '../../src/docker/gate-options.js';
import { parseDeclared } from '../../src/kinds/declared.js';
import { isRegistrarError } from '../../src/model/errors.js';
import { templateOf } from '../../src/model/revision.js';
import type { ContainerTemplate } from '../../src/model/revision.js';
import { arbitraryManifest } from '../helpers/arbitrary-manifest.js';
import { anOwner } from '../helpers/requests.js';

/** What would give a container more than it should have, in words of Docker, Compose and Kubernetes. */
const FIELDS: readonly (readonly [string, unknown])[] = [
  ...([
    ['privileged', true],
    ['Privileged', true],
    ['hostNetwork', true],
    ['hostPID', true],
  ] as const),
  ...([
    ['HostConfig', { Privileged: true }],
    ['NetworkMode', 'host'],
    ['network_mode', 'host'],
  ] as const),
  ...([
    ['CapAdd', ['ALL']],
    ['cap_add', ['ALL']],
    ['addCapabilities', ['SYS_ADMIN']],
  ] as const),
  ...([
    ['addCapabilities', ['NET_ADMIN']],
    ['SecurityOpt', ['seccomp=unconfined']],
  ] as const),
  ...([
    ['Devices', ['/dev/kvm']],
    ['devices', ['/dev/mem']],
    ['pid', 'host'],
    ['ipc', 'host'],
  ] as const),
  ...([
    ['hostPath', '/var/run/docker.sock'],
    ['hostPath', '/'],
    ['propagation', 'shared'],
  ] as const),
  ...([
    ['RestartPolicy', { Name: 'always' }],
    ['sysctls', { a: '1' }],
    ['runtime', 'other'],
  ] as const),
  ...([
    ['volumesFrom', ['web']],
    ['VolumesFrom', ['web']],
    ['userns', 'host'],
    ['user', 'root'],
  ] as const),
  ...([
    ['runAsUser', 0],
    ['readOnlyRootFilesystem', false],
    ['writablePaths', ['/a,exec']],
  ] as const),
  ...([
    ['hostPort', 22],
    ['hostIp', '0.0.0.0'],
    ['memory', '0'],
    ['pids', -1],
  ] as const),
  ...([
    ['labels', { 'registrar.synapsis.network/instance': 'other' }],
    ['type', 'bind'],
  ] as const),
  ...([
    ['constructor', { prototype: { Privileged: true } }],
    ['source', '/var/run'],
  ] as const),
];

const PLACES = [
  '',
  'metadata',
  'spec',
  'spec.securityContext',
  'spec.resources',
  'spec.healthCheck',
];
const LISTS = ['spec.volumes.0', 'spec.ports.0', 'spec.env.0'];

type Plain = Record<string, unknown>;

/** Sets a field there; what is not on the way is made. */
function put(object: Plain, place: string, [key, value]: readonly [string, unknown]): void {
  let here = object;
  for (const part of place === '' ? [] : place.split('.')) {
    here[part] ??= {};
    here = here[part] as Plain;
  }
  here[key] = value;
}

const spoiled = fc
  .tuple(
    arbitraryManifest,
    fc.array(fc.tuple(fc.constantFrom(...PLACES, ...LISTS), fc.constantFrom(...FIELDS)), {
      maxLength: 2,
    }),
  )
  .map(([manifest, hostile]) => {
    const copy = structuredClone(manifest) as unknown as Plain;
    for (const [place, field] of hostile) put(copy, place, field);
    return copy;
  });

interface Body {
  readonly User: string;
  readonly HostConfig: Plain & { readonly Mounts: readonly Plain[] };
}

const ALLOWED = [
  ...['CapDrop', 'CapAdd', 'SecurityOpt', 'ReadonlyRootfs', 'IpcMode', 'NetworkMode', 'Memory'],
  ...['MemorySwap', 'NanoCpus', 'PidsLimit', 'Mounts', 'Tmpfs', 'PortBindings', 'RestartPolicy'],
  ...['LogConfig', 'DeviceRequests'],
];

function check({ User, HostConfig }: Body): void {
  expect(ALLOWED).toEqual(expect.arrayContaining(Object.keys(HostConfig)));
  expect(HostConfig).toMatchObject({
    ...{ CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'], NetworkMode: 'network' },
    IpcMode: 'private',
  });
  expect(HostConfig['CapAdd'] ?? []).not.toContain('SYS_ADMIN');
  for (const limit of ['Memory', 'NanoCpus', 'PidsLimit']) {
    expect(HostConfig[limit]).toBeGreaterThan(0);
  }
  expect(HostConfig['MemorySwap']).toBe(HostConfig['Memory']);
  // Every folder is one that was looked at, or a volume of ours; never the text of the manifest.
  const sources = HostConfig.Mounts.map(({ Source }) => String(Source));
  expect(sources.filter((source) => !/^(?:\/looked-at\/|registrar-)/.test(source))).toEqual([]);
  expect(User).toBe('1:1');
}

/** Bodies of the create calls for a container and a gate; none where no policy can admit it. */
function bodiesOf(template: ContainerTemplate): Body[] {
  const hostPaths = new Map(template.volumes.map(({ name }) => [name, `/looked-at/${name}`]));
  const input = {
    ...{ template, imageId: 'sha256:image', user: '1:1', network: 'network', hostPaths },
    secrets: new Map(template.env.map(({ name }) => [name, 'value'])),
  };
  try {
    const gate = { ...input, instance: 'instance', module: 'web', command: ['true'] };
    const bodies = [createOptions({ ...input, owner: anOwner() }), gateOptions(gate)];
    return bodies as unknown as Body[];
  } catch (error) {
    if (isRegistrarError(error, 'FORBIDDEN')) return [];
    throw error;
  }
}

test('no manifest gives a container what it must not have: it is refused, or it has no effect', () => {
  const seen = { refused: 0, made: 0 };
  fc.assert(
    fc.property(spoiled, (manifest) => {
      const { manifests } = parseDeclared(JSON.stringify(manifest), 'x.yaml');
      const [first] = manifests.map((declared) => declared.manifest);
      if (first?.kind !== 'Module') return void (seen.refused += 1);
      const bodies = bodiesOf(templateOf(first));
      for (const body of bodies) check(body);
      if (bodies.length > 0) seen.made += 1;
    }),
    { numRuns: 1000 },
  );
  expect(seen.refused).toBeGreaterThan(100);
  expect(seen.made).toBeGreaterThan(100);
});
