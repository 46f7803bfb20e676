import { readdir, readFile, readlink } from 'node:fs/promises';
import { printable } from '../../lib/printable.js';
import type { HostPort } from '../../model/host.js';
import { socketsAt } from './socket-table.js';

/** Open files that are looked at before it is given up: a host can have millions. */
const MAX_FILES = 50_000;

const TABLES: Readonly<Record<HostPort['protocol'], readonly string[]>> = {
  TCP: ['/proc/net/tcp', '/proc/net/tcp6'],
  UDP: ['/proc/net/udp', '/proc/net/udp6'],
};

/** Says which process has a port of this machine, as far as the system tells. */
export async function portHolder(port: HostPort): Promise<string> {
  const tables = await Promise.all(TABLES[port.protocol].map(textOf));
  const inodes = new Set(tables.flatMap((table) => socketsAt(port, table)));
  const pid = inodes.size === 0 ? undefined : await processWith(inodes);
  if (pid === undefined) return 'a process that Registrar cannot see';
  if (Number(pid) === process.pid) return 'Registrar itself';
  const name = printable((await textOf(`/proc/${pid}/comm`)).trim(), 64);
  return `process ${pid} (${name})`;
}

/** Id of the first process that has one of the sockets open. */
async function processWith(inodes: ReadonlySet<string>): Promise<string | undefined> {
  const wanted = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  const pids = (await namesIn('/proc')).filter((name) => /^\d+$/.test(name));
  let left = MAX_FILES;
  for (const pid of pids) {
    if (left <= 0) return undefined;
    const files = (await namesIn(`/proc/${pid}/fd`)).slice(0, left);
    left -= files.length;
    const links = await Promise.all(files.map((file) => linkOf(`/proc/${pid}/fd/${file}`)));
    if (links.some((link) => wanted.has(link))) return pid;
  }
  return undefined;
}

/** What cannot be read, such as of a process of another user or one that ended, is empty. */
const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
const linkOf = (path: string): Promise<string> => readlink(path).catch(() => '');
