import type { Phase } from '../model/module.js';
import type { Findings } from './findings.js';

interface Rule {
  readonly phase: Phase;
  readonly applies: (findings: Findings, readyReplicas: number) => boolean;
}

/** Reasons to wait that say something is wrong, not just slow. */
const TROUBLE = new Set(['CrashLoopBackOff', 'Unhealthy']);

function isTroubled({ outcome }: Findings): boolean {
  if (outcome.kind === 'failed' || outcome.kind === 'stalled') return true;
  if (outcome.kind === 'progressing') return outcome.reason === 'Proving';
  return outcome.kind === 'waiting' && TROUBLE.has(outcome.reason);
}

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
  {
    phase: 'Pending',
    applies: ({ image, containers }) => image === undefined && containers.length === 0,
  },
];

/** The phase that the findings come to; Deploying when nothing else fits. */
export function phaseOf(findings: Findings, readyReplicas: number): Phase {
  return RULES.find((rule) => rule.applies(findings, readyReplicas))?.phase ?? 'Deploying';
}
