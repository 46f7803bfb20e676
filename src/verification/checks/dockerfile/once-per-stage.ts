import type { Severity } from '../../../model/verification.js';
import type { Check } from '../../check.js';
import { dockerfileCheck } from './dockerfile-check.js';

interface Once {
  readonly keyword: string;
  readonly reference: string;
  readonly severity: Severity;
}

const ONCE: readonly Once[] = [
  { keyword: 'CMD', reference: 'DL4003', severity: 'medium' },
  { keyword: 'ENTRYPOINT', reference: 'DL4004', severity: 'medium' },
  { keyword: 'HEALTHCHECK', reference: 'DL3012', severity: 'medium' },
];

/** Instructions of which only the last one counts. */
export const ONCE_CHECKS: readonly Check[] = ONCE.map(({ keyword, reference, severity }) =>
  dockerfileCheck({
    id: `dockerfile/one-${keyword.toLowerCase()}`,
    title: `A stage has one ${keyword}`,
    ...{ severity, mode: 'warn', reference },
    why: 'Only the last one in a stage counts; readers may take another one for it.',
    remedy: `Keep the ${keyword} that is meant`,
    *find({ instructions }) {
      const seen = new Set<number | undefined>();
      for (const { keyword: found, stage, line, isTrigger } of instructions) {
        if (found !== keyword || isTrigger) continue;
        if (seen.has(stage)) yield { line, message: `Another ${keyword} in the same stage` };
        seen.add(stage);
      }
    },
  }),
);
