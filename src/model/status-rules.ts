import { findCondition } from './conditions.js';
import type { ModuleStatus } from './module-status.js';

interface Rule {
  readonly says: string;
  readonly holds: (status: ModuleStatus, generation: number) => boolean;
}

const is = (
  status: ModuleStatus,
  type: 'Ready' | 'Stalled' | 'Progressing',
  value: string,
): boolean => findCondition(status.conditions, type)?.status === value;

/** What every status that the controller writes keeps to. */
const RULES: readonly Rule[] = [
  {
    says: 'Ready is always there',
    holds: ({ conditions }) => findCondition(conditions, 'Ready') !== undefined,
  },
  {
    says: 'Stalled is present only while true, and then the module is not Ready',
    holds: (status) =>
      findCondition(status.conditions, 'Stalled') === undefined ||
      (is(status, 'Stalled', 'True') && !is(status, 'Ready', 'True')),
  },
  {
    says: 'Yanked and Deprecated are present only while true',
    holds: ({ conditions }) =>
      (['Yanked', 'Deprecated'] as const).every((type) => {
        const { status } = findCondition(conditions, type) ?? { status: 'True' };
        return status === 'True';
      }),
  },
  {
    says: 'a Ready module is Running and all its containers are ready',
    holds: (status) =>
      !is(status, 'Ready', 'True') ||
      (status.phase === 'Running' && status.containers.every((container) => container.ready)),
  },
  {
    says: 'Running means Ready',
    holds: (status) => status.phase !== 'Running' || is(status, 'Ready', 'True'),
  },
  {
    says: 'Unknown means that Ready is Unknown',
    holds: (status) => status.phase !== 'Unknown' || is(status, 'Ready', 'Unknown'),
  },
  {
    says: 'no condition speaks of a generation that does not exist',
    holds: ({ conditions, observedGeneration }, generation) =>
      observedGeneration <= generation &&
      conditions.every((condition) => condition.observedGeneration <= generation),
  },
  {
    says: 'readyReplicas counts the ready containers',
    holds: ({ containers, readyReplicas }) =>
      readyReplicas === containers.filter((container) => container.ready).length,
  },
  {
    says: 'messages are one line without a full stop',
    holds: ({ conditions }) =>
      conditions.every(({ message }) => !message.includes('\n') && !message.endsWith('.')),
  },
  {
    says: 'reasons are CamelCase words',
    holds: ({ conditions }) => conditions.every(({ reason }) => /^[A-Z][A-Za-z]+$/.test(reason)),
  },
];

/** The rules that a status of a module of that generation breaks; none for a true status. */
export function brokenStatusRules(status: ModuleStatus, generation: number): string[] {
  return RULES.filter((rule) => !rule.holds(status, generation)).map((rule) => rule.says);
}
