import type { Phase } from '../model/module-status.js';
import type { Findings } from './findings.js';
import { isTrouble } from './outcome.js';

interface Rule {
  readonly phase: Phase;
  readonly applies: (findings: Findings, readyReplicas: number) => boolean;
}

function isTroubled({ outcome }: Findings): boolean {
  return isTrouble(outcome) || (outcome.kind === 'progressing' && outcome.reason === 'Proving');
}

const waitsFor =
  (reason: string) =>
  ({ outcome }: Findings): boolean =>
    outcome.kind === 'waiting' && outcome.reason === reason;

/** One word for all conditions: the first rule that applies. */
const RULES: readonly Rule[] = [
  {
    phase: 'Terminating',
    applies: ({ module }) => module.metadata.deletionTimestamp !== undefined,
  },
  { phase: 'Unknown', applies: ({ engineSeen }) => !engineSeen },
  // Something still serves, though not all of it or not the newest generation.
  { phase: 'Degraded', applies: (findings, ready) => isTroubled(findings) && ready > 0 },
  { phase: 'Failed', applies: isTroubled },
  {
    phase: 'Suspended',
    applies: ({ module, containers }) => module.spec.suspend && containers.length === 0,
  },
  { phase: 'Running', applies: ({ outcome }) => outcome.kind === 'converged' },
  { phase: 'Verifying', applies: waitsFor('Verifying') },
  { phase: 'Verifying', applies: waitsFor('Publishing') },
  { phase: 'Building', applies: waitsFor('Building') },
  {
    phase: 'Pending',
    applies: (findings) =>
      waitsFor('WaitingForDependencies')(findings) && findings.containers.length === 0,
  },
  {
    phase: 'Pending',
    applies: ({ preparation: { image }, containers }) =>
      image === undefined && containers.length === 0,
  },
];

/** The phase that the findings come to; Deploying when nothing else fits. */
export function phaseOf(findings: Findings, readyReplicas: number): Phase {
  return RULES.find((rule) => rule.applies(findings, readyReplicas))?.phase ?? 'Deploying';
}
