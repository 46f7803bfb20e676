import { bytesOf } from '../model/limits.js';
import type { ModuleSpec } from '../model/module.js';
import type { Finding } from './finding.js';
import { duplicates, invalid, namesOf, type Rule } from './rule.js';

const MIB = 1024 ** 2;
/** The engine refuses less memory. */
const LEAST_MEMORY_MIB = 6;
/** 64 TiB: more than any host has, less than where numbers lose precision. */
const MOST_MEMORY_MIB = 64 * MIB;
/** Less is a quota below the kernel's smallest, one millisecond of each tenth of a second. */
const LEAST_CPUS = 0.01;
const MOST_CPUS = 4096;

const isOutside = (value: number, least: number, most: number): boolean =>
  value < least || value > most;

function envFindings(env: ModuleSpec['env']): Finding[] {
  return env.flatMap(({ value, valueFrom }, index) => {
    if ((value === undefined) !== (valueFrom === undefined)) return [];
    return invalid(['spec', 'env', index], 'exactly one of value and valueFrom');
  });
}

/** What must hold of what runs in a container. */
export const CONTAINER_RULES: readonly Rule[] = [
  {
    reads: ['spec.env'],
    find: ({ spec }) => duplicates(namesOf('env', spec.env)),
  },
  {
    reads: ['spec.env'],
    find: ({ spec }) => envFindings(spec.env),
  },
  {
    reads: ['spec.resources'],
    find: ({ spec: { resources } }) => {
      const mebibytes = bytesOf(resources.memory) / MIB;
      if (!isOutside(mebibytes, LEAST_MEMORY_MIB, MOST_MEMORY_MIB)) return [];
      const expected = `${LEAST_MEMORY_MIB}Mi to ${MOST_MEMORY_MIB / 1024}Gi`;
      return [invalid(['spec', 'resources', 'memory'], expected, resources.memory)];
    },
  },
  {
    reads: ['spec.resources'],
    find: ({ spec: { resources } }) => {
      if (!isOutside(Number(resources.cpus), LEAST_CPUS, MOST_CPUS)) return [];
      const expected = `"${LEAST_CPUS}" to "${MOST_CPUS}"`;
      return [invalid(['spec', 'resources', 'cpus'], expected, resources.cpus)];
    },
  },
  {
    reads: ['spec.healthCheck'],
    find: ({ spec: { healthCheck } }) => {
      if (healthCheck === undefined) return [];
      const { exec, http, tcp } = healthCheck;
      const given = [exec, http, tcp].filter((probe) => probe !== undefined);
      if (given.length === 1) return [];
      return [invalid(['spec', 'healthCheck'], 'exactly one of exec, http and tcp')];
    },
  },
];
