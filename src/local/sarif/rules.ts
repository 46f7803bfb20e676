import type { ReportingConfiguration, ReportingDescriptor } from 'sarif';
import type { Mode, Severity } from '../../model/verification.js';
import type { Check } from '../../verification/check.js';
import { CHECKS } from '../../verification/checks.js';

/** In the bands that code hosts sort by: critical above 9, high from 7, medium from 4. */
const SCORES: Readonly<Record<Severity, string>> = {
  ...{ critical: '9.5', high: '8.0', medium: '5.5', low: '2.5' },
};

/** How bad a finding of a mode is called. */
export const levelOf = (mode: Mode): 'error' | 'warning' | 'none' =>
  mode === 'enforce' ? 'error' : mode === 'warn' ? 'warning' : 'none';

function ruleOf({ id, title, why, remedy, severity, mode, about }: Check): ReportingDescriptor {
  return {
    id,
    name: nameOf(id),
    shortDescription: { text: title },
    fullDescription: { text: `${title}. ${why}` },
    help: { text: `${why} ${remedy}.`, markdown: `${why}\n\n**What to do:** ${remedy}.` },
    defaultConfiguration: configurationOf(mode),
    properties: {
      'security-severity': SCORES[severity],
      severity,
      tags: ['security', about],
    },
  };
}

function configurationOf(mode: Mode): ReportingConfiguration {
  return mode === 'off' ? { enabled: false } : { level: levelOf(mode) };
}

/** `TreeEnvContract` for `tree/env-contract`. */
const nameOf = (id: string): string =>
  id
    .split(/[/-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** Every check as a rule of SARIF, in the order of the table. */
export const RULES: readonly ReportingDescriptor[] = CHECKS.map(ruleOf);

const indexes = new Map(CHECKS.map(({ id }, index) => [id, index]));

/** Place of the rule of a check in the list; -1 for none, as SARIF has it. */
export const ruleIndexOf = (id: string): number => indexes.get(id) ?? -1;
