import Type from 'typebox';
import { bytesOf } from '../../../model/limits.js';
import { check } from '../../check.js';
import { specField } from './spec-field.js';

/**
 * No module takes what the others need. Every module has limits; a policy says how high. By itself
 * that is as high as a manifest can say.
 */
export const LIMITS = check({
  id: 'manifest/limits',
  title: 'Limits are not above the highest that are allowed',
  severity: 'medium',
  mode: 'enforce',
  about: 'manifest',
  why: 'Modules share a host. One without bounds takes memory, processors or processes from all others.',
  remedy: 'Lower the limit, or raise the highest one in the policy',
  parameters: Type.Object({
    maxMemory: Type.String({
      default: '65536Gi',
      pattern: '^[1-9][0-9]*(Ki|Mi|Gi)$',
      maxLength: 16,
      description: 'Most memory of a container, such as 8Gi',
      'x-expected': 'a quantity in Ki, Mi or Gi such as 512Mi',
    }),
    maxCpus: Type.Number({
      default: 4096,
      exclusiveMinimum: 0,
      description: 'Most processors of a container, such as 2.5',
    }),
    maxPids: Type.Integer({
      default: 32768,
      minimum: 1,
      description: 'Most processes and threads of a container',
    }),
  }),
  run({ manifest: { spec } }, { maxMemory, maxCpus, maxPids }) {
    const { memory, cpus, pids } = spec.resources;
    return [
      ...above('memory', memory, maxMemory, bytesOf(memory) > bytesOf(maxMemory)),
      ...above('cpus', cpus, maxCpus, Number(cpus) > maxCpus),
      ...above('pids', pids, maxPids, pids > maxPids),
    ];
  },
});

function above(name: string, value: string | number, most: string | number, isAbove: boolean) {
  if (!isAbove) return [];
  return [{ field: specField('resources', name), message: `${value} is more than ${most}` }];
}
