import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { socketsAt } from '../../src/controller/preflight/socket-table.js';
import { takenPorts } from '../../src/controller/preflight/taken-ports.js';
import type { HostPort } from '../../src/model/host.js';
import { freePort, listening } from '../helpers/free-port.js';

const at = (port: number, known: Partial<HostPort> = {}): HostPort => ({
  ...{ ip: '127.0.0.1', port, protocol: 'TCP' },
  ...known,
});

const told = async (...ports: HostPort[]): Promise<string[]> =>
  (await takenPorts(ports)).map(({ why }) => why);

it('a port that nobody has is free, and free again after the look', async () => {
  const port = await freePort();
  expect(await told(at(port))).toEqual([]);
  expect(await told(at(port), at(port, { protocol: 'UDP' }))).toEqual([]);
});

it('who has a port is told, also when it is asked for on all addresses', async () => {
  const server = createServer();
  const port = await listening(server);
  onTestFinished(() => void server.close());
  const self = 'is taken by Registrar itself';
  expect(await told(at(port), at(port, { ip: '0.0.0.0' }))).toEqual([self, self]);
  expect(await told(at(port, { protocol: 'UDP' }), at(port, { ip: '127.0.0.2' }))).toEqual([]);
});

it('who has a port for datagrams is told', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  const { port } = socket.address();
  expect(await told(at(port, { protocol: 'UDP' }))).toEqual(['is taken by Registrar itself']);
});

it('an address that the host does not have is told', async () => {
  expect(await told(at(await freePort(), { ip: '192.0.2.7' }))).toEqual([
    'is at an address that the host does not have',
  ]);
});

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F9B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000067fd9fef 100 0 0 10 0
   1: 0100007F:1F9B 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000067fd9fef 100 0 0 10 0
   2: 00000000:01F9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000067fd9fef 100 0 0 10 0
   3: 00000000000000000000000000000000:1F9B 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4714 1
   4: cut off`;

it.each([
  ['those that listen, of both families', at(8091), ['4711', '4714']],
  ['a short number', at(505), ['4713']],
  ['another protocol', at(8091, { protocol: 'UDP' }), []],
  ['a port that is in no line', at(80), []],
])('reads from the table of the kernel: %s', (_what, port, inodes) => {
  expect(socketsAt(port, TABLE)).toEqual(inodes);
});
