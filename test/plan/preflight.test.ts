import { describe, expect, it } from 'vitest';
import type { HostPort, Neighbour } from '../../src/model/host.js';
import { isSamePort, portText } from '../../src/model/host.js';
import { lowDisk } from '../../src/plan/disk-floor.js';
import { cautionsOf, clashesOf, openPorts } from '../../src/plan/preflight.js';
import type { HostFacts, Wanted } from '../../src/plan/preflight.js';
import { anOwner } from '../helpers/requests.js';

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const instance = 'instance-1';
const port: HostPort = { ip: '127.0.0.1', port: 8091, protocol: 'TCP' };

const aNeighbour = (known: Partial<Neighbour> = {}): Neighbour => ({
  ...{ id: 'f'.repeat(64), name: 'web', owner: undefined, ports: [], gpus: [] },
  ...known,
});

const wants = (known: Partial<Wanted> = {}): Wanted => ({
  ...{ module: 'miner', names: ['miner-aaaaaaa-0'], ports: [], gpus: [], memoryBytes: GIB },
  ...known,
});

const host = (known: Partial<HostFacts> = {}): HostFacts => ({
  ...{ instance, containers: [], olderClaims: [], takenPorts: [], refusals: [] },
  ...{ memoryBytes: 8 * GIB, claimedBytes: GIB },
  ...known,
});

const claim = { module: 'older', ports: [], gpus: [], memoryBytes: GIB };
const ofOther = anOwner({ module: 'other', slot: 1 });
const ours = anOwner({ module: 'miner' });

interface Row {
  readonly name: string;
  readonly wanted: Partial<Wanted>;
  readonly facts?: Partial<HostFacts>;
  /** Reasons and messages. */
  readonly clashes?: readonly string[];
}

const taken = (by: string): string =>
  `PortConflict: Port 127.0.0.1:8091 of the host is taken by ${by}; free it or choose another hostPort`;
const gpuTaken = (by: string): string =>
  `GpuConflict: GPU GPU-1 is taken by ${by}; choose another one in resources.gpus`;

const ROWS: readonly Row[] = [
  { name: 'a host with nothing on it is free', wanted: { ports: [port], gpus: ['GPU-1'] } },
  {
    name: 'a port of a foreign container',
    wanted: { ports: [port] },
    facts: { containers: [aNeighbour({ ports: [port] })] },
    clashes: [taken(`container "web" (ffffffffffff), which is not Registrar's`)],
  },
  {
    name: 'a port that a container has on all addresses',
    wanted: { ports: [port] },
    facts: { containers: [aNeighbour({ ports: [{ ...port, ip: '0.0.0.0' }] })] },
    clashes: [taken(`container "web" (ffffffffffff), which is not Registrar's`)],
  },
  {
    name: 'a port on another address, of another protocol or of another number is free',
    wanted: { ports: [port] },
    facts: {
      containers: [
        aNeighbour({ ports: [{ ...port, ip: '127.0.0.2' }] }),
        aNeighbour({ ports: [{ ...port, protocol: 'UDP' }] }),
        aNeighbour({ ports: [{ ...port, port: 8092 }] }),
      ],
    },
  },
  {
    name: 'a port of another module',
    wanted: { ports: [port] },
    facts: { containers: [aNeighbour({ owner: ofOther, ports: [port] })] },
    clashes: [taken('module "other" (slot 1, container "web")')],
  },
  {
    name: 'a port of a module of another registrar, which may have the same name',
    wanted: { ports: [port] },
    facts: {
      containers: [aNeighbour({ owner: { ...ours, instance: 'instance-2' }, ports: [port] })],
    },
    clashes: [taken('container "web" (ffffffffffff), which another Registrar made')],
  },
  {
    name: "the module's own container makes way, whoever asked first",
    wanted: { ports: [port], gpus: ['GPU-1'] },
    facts: {
      containers: [aNeighbour({ owner: ours, ports: [port], gpus: ['GPU-1'] })],
      olderClaims: [{ ...claim, ports: [port], gpus: ['GPU-1'] }],
    },
  },
  {
    name: 'a wildcard meets its own container and that of another',
    wanted: { ports: [{ ...port, ip: '0.0.0.0' }] },
    facts: {
      containers: [
        aNeighbour({ owner: ours, ports: [port] }),
        aNeighbour({ owner: ofOther, ports: [{ ...port, ip: '127.0.0.2' }] }),
      ],
    },
    clashes: [taken('module "other" (slot 1, container "web")').replace('127.0.0.1', '0.0.0.0')],
  },
  {
    name: 'a port of a process',
    wanted: { ports: [port] },
    facts: { takenPorts: [{ port, why: 'is taken by process 7 (sshd)' }] },
    clashes: [taken('process 7 (sshd)')],
  },
  {
    name: 'a port that an older module asked for',
    wanted: { ports: [port] },
    facts: { olderClaims: [claim, { ...claim, ports: [port] }] },
    clashes: [taken('module "older", which asked for it first')],
  },
  {
    name: 'a name of a foreign container',
    wanted: {},
    facts: { containers: [aNeighbour({ name: 'miner-aaaaaaa-0' })] },
    clashes: [
      `NameConflict: Name "miner-aaaaaaa-0" is taken by container "miner-aaaaaaa-0" (ffffffffffff), which is not Registrar's; rename or remove that container`,
    ],
  },
  {
    name: 'a name of our own container is for the plan to judge',
    wanted: {},
    facts: { containers: [aNeighbour({ name: 'miner-aaaaaaa-0', owner: ours })] },
  },
  {
    name: 'a GPU of another module, also while its container does not run',
    wanted: { gpus: ['GPU-1', 'GPU-2'] },
    facts: { containers: [aNeighbour({ owner: ofOther, gpus: ['GPU-1'] })] },
    clashes: [gpuTaken('module "other" (slot 1, container "web")')],
  },
  {
    name: 'a GPU that an older module asked for',
    wanted: { gpus: ['GPU-1'] },
    facts: { olderClaims: [{ ...claim, gpus: ['GPU-0', 'GPU-1'] }] },
    clashes: [gpuTaken('module "older", which asked for it first')],
  },
  {
    name: 'one container that is larger than the host',
    wanted: { memoryBytes: 8 * GIB + 1 },
    clashes: [
      'MemoryTooLarge: One container may use 8192 MiB of memory and the host has 8192 MiB; lower resources.memory',
    ],
  },
  {
    name: 'nothing is said of memory that is not known',
    wanted: { memoryBytes: 8 * GIB },
    facts: { memoryBytes: 0, claimedBytes: 80 * GIB },
  },
  {
    name: 'what the engine refuses',
    wanted: {},
    facts: { refusals: [{ reason: 'HostPathRefused', message: 'Cannot mount it' }] },
    clashes: ['HostPathRefused: Cannot mount it'],
  },
];

describe('clashesOf', () => {
  it.each(ROWS)('$name', ({ wanted, facts, clashes = [] }) => {
    const found = clashesOf(wants(wanted), host(facts));
    expect(found.map(({ reason, message }) => `${reason}: ${message}`)).toEqual(clashes);
  });

  it('only a container that fits no host of this size is given up', () => {
    const found = clashesOf(wants({ memoryBytes: 9 * GIB, ports: [port] }), {
      ...host({ takenPorts: [{ port, why: 'is taken by process 7 (sshd)' }] }),
    });
    expect(found.map(({ isFinal = false }) => isFinal)).toEqual([false, true]);
  });
});

it('ports are only tried when neither a container nor a claim has them', () => {
  const ports = [8091, 8092, 8093].map((number) => ({ ...port, port: number }));
  const [a, b, c] = ports as [HostPort, HostPort, HostPort];
  const containers = [aNeighbour({ owner: ours, ports: [a] })];
  expect(openPorts({ ports }, { containers, olderClaims: [{ ...claim, ports: [b] }] })).toEqual([
    c,
  ]);
});

it('more memory than there is, is a caution when many share it', () => {
  expect(cautionsOf(host({ claimedBytes: 8 * GIB }))).toEqual([]);
  expect(cautionsOf(host({ memoryBytes: 0, claimedBytes: 8 * GIB }))).toEqual([]);
  expect(cautionsOf(host({ claimedBytes: 9 * GIB }))).toEqual([
    'All modules together may use 9216 MiB of memory and the host has 8192 MiB: containers are killed when they use it; lower resources.memory',
  ]);
});

it.each([
  [port, '127.0.0.1:8091'],
  [{ ...port, ip: '::1', protocol: 'UDP' } as const, '[::1]:8091/udp'],
])('writes a port as an address', (one, text) => expect(portText(one)).toBe(text));

it('a wildcard of either family takes a port on all addresses', () => {
  for (const ip of ['0.0.0.0', '::']) {
    expect(isSamePort(port, { ...port, ip })).toBe(true);
    expect(isSamePort({ ...port, ip }, port)).toBe(true);
  }
});

describe('lowDisk', () => {
  const room = (freeBytes: number, totalBytes: number) => ({
    folder: '/data',
    freeBytes,
    totalBytes,
  });

  it('tells of a disk below the floor, the first of several', () => {
    const rooms = [room(2 * GIB, 99 * GIB), room(GIB - 1, 99 * GIB), room(0, 99 * GIB)];
    expect(lowDisk(rooms, GIB)).toBe(
      'The disk of "/data" has 1023 MiB left, less than the floor of 1024 MiB; make room, or set --disk-floor',
    );
    expect(lowDisk([room(GIB, 99 * GIB)], GIB)).toBeUndefined();
    expect(lowDisk([], GIB)).toBeUndefined();
  });

  it('asks a small disk for its tenth part only', () => {
    expect(lowDisk([room(10 * MIB, 100 * MIB)], GIB)).toBeUndefined();
    expect(lowDisk([room(9 * MIB, 100 * MIB)], GIB)).toMatch(/floor of 10 MiB/);
  });

  it('a floor of 0 is none', () => expect(lowDisk([room(0, GIB)], 0)).toBeUndefined());
});
