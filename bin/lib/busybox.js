import { readFileSync } from 'node:fs';
import { canInstall, findProgram, install } from './apt.js';
import { askJson, exchange } from './http.js';
import { say } from './run.js';
import { firstFile } from './tar.js';

const IMAGE = 'docker.io/library/busybox:1.36-musl';
const PULL_TIMEOUT_MS = 120_000;
const PT_INTERP = 3;
/** Names of processors: Node's on the left, the engine's on the right. */
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };

/**
 * True for a 64-bit little-endian ELF program that needs no dynamic loader.
 *
 * @param {Buffer} program
 */
function isStatic(program) {
  if (program.readUInt32BE(0) !== 0x7f454c46 || program[4] !== 2) return false;
  const table = Number(program.readBigUInt64LE(0x20));
  const entrySize = program.readUInt16LE(0x36);
  const types = Array.from({ length: program.readUInt16LE(0x38) }, (_, index) =>
    program.readUInt32LE(table + index * entrySize),
  );
  return !types.includes(PT_INTERP);
}

/** @returns {Buffer | undefined} */
function installedBusybox() {
  const path = findProgram('busybox');
  const program = path === undefined ? undefined : readFileSync(path);
  return program !== undefined && isStatic(program) ? program : undefined;
}

/**
 * @param {string} host
 * @returns {Promise<Buffer>}
 */
async function busyboxOfImage(host) {
  say(`Pulling ${IMAGE}`);
  const image = encodeURIComponent(IMAGE);
  const pull = await exchange(host, 'POST', `/images/create?fromImage=${image}`, {
    timeoutMs: PULL_TIMEOUT_MS,
  });
  if (pull.status !== 200 || pull.body.includes('"error"')) throw new Error(pull.body.toString());
  const body = Buffer.from(JSON.stringify({ Image: IMAGE }));
  const headers = { 'content-type': 'application/json' };
  const { Id } = await askJson(host, 'POST', '/containers/create', { body, headers });
  try {
    const archive = await exchange(host, 'GET', `/containers/${Id}/archive?path=/bin/busybox`);
    return firstFile(archive.body);
  } finally {
    await exchange(host, 'DELETE', `/containers/${Id}`);
    await exchange(host, 'DELETE', `/images/${image}`);
  }
}

/**
 * A static busybox for the processor of the engine: the machine's own, installed if that can be
 * done, else the one of the official image.
 *
 * @param {string} host
 * @param {string} architecture the engine's word for its processor
 * @returns {Promise<Buffer>}
 */
export async function staticBusybox(host, architecture) {
  const runsHere =
    process.platform === 'linux' && Object(ARCHITECTURES)[process.arch] === architecture;
  const present = runsHere ? installedBusybox() : undefined;
  if (present !== undefined) return present;
  if (runsHere && canInstall()) await install(['busybox-static']);
  const installed = runsHere ? installedBusybox() : undefined;
  if (installed !== undefined) return installed;
  try {
    return await busyboxOfImage(host);
  } catch (error) {
    throw new Error(
      'The sample image needs a static busybox: install busybox-static, or let the engine reach ' +
        `docker.io (${error instanceof Error ? error.message : String(error)})`,
      { cause: error },
    );
  }
}
