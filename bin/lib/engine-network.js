import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './apt.js';
import { processesInOurNetwork } from './processes.js';
import { outputOf } from './run.js';

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';
const TABLES = ['filter', 'nat'];
const BRIDGE = /^(docker0|br-[0-9a-f]{12})$/;
const ENGINE_RULE = /^-A .*(DOCKER|docker0|br-[0-9a-f]{12})/;

/** @param {string} program @param {readonly string[]} args */
const tool = (program, args) => outputOf(findProgram(program) ?? program, args);

/** @param {string} table @returns {Promise<string[]>} its content in the form of iptables-save */
async function rules(table) {
  return ((await tool('iptables-save', ['-t', table])) ?? '').split('\n');
}

async function forwardPolicy() {
  const line = (await rules('filter')).find((text) => text.startsWith(':FORWARD '));
  return line?.split(' ')[1] ?? 'ACCEPT';
}

/** Bridges of engines. Not from /sys, which shows the network of whoever mounted it. */
function bridges() {
  const names = readFileSync('/proc/net/dev', 'utf8').matchAll(/^ *([^:|\s]+):/gm);
  return [...names].map(([, name = '']) => name).filter((name) => BRIDGE.test(name));
}

/** @param {string} engineDir */
const notes = (engineDir) => join(engineDir, 'network-before.json');

/**
 * Notes the settings of the machine's network that an engine changes and does not change back.
 *
 * @param {string} engineDir
 */
export async function rememberNetwork(engineDir) {
  const before = {
    hasBridges: bridges().length > 0,
    forwarding: readFileSync(FORWARDING, 'utf8').trim(),
    forwardPolicy: await forwardPolicy(),
  };
  writeFileSync(notes(engineDir), `${JSON.stringify(before)}\n`);
}

/** @param {string} name */
async function removeBridge(name) {
  await tool('busybox', ['ifconfig', name, 'down']);
  await tool('busybox', ['brctl', 'delbr', name]);
}

/** @param {string} table */
async function removeRules(table) {
  const saved = await rules(table);
  const chains = saved.flatMap((line) => /^:(DOCKER\S*)/.exec(line)?.[1] ?? []);
  const ours = saved.filter((line) => ENGINE_RULE.test(line));
  for (const line of ours) {
    const [, chain = '', ...rest] = line.split(' ');
    await tool('iptables', ['-t', table, '-D', chain, ...rest]);
  }
  for (const chain of chains) await tool('iptables', ['-t', table, '-X', chain]);
}

/**
 * Undoes what an engine that has ended left in the machine's network. Does nothing when another
 * engine's bridge was there before, or one runs now: then its rules are among those found.
 *
 * @param {string} engineDir
 */
export async function forgetNetwork(engineDir) {
  if (!existsSync(notes(engineDir))) return;
  const before = JSON.parse(readFileSync(notes(engineDir), 'utf8'));
  if (before.hasBridges || processesInOurNetwork(/^dockerd$/).length > 0) return;
  for (const table of TABLES) await removeRules(table);
  for (const name of bridges()) await removeBridge(name);
  await tool('iptables', ['-P', 'FORWARD', before.forwardPolicy]);
  writeFileSync(FORWARDING, `${before.forwarding}\n`);
}
