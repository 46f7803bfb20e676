import Type from 'typebox';
import { formatPath } from '../lib/field-path.js';
import type { Finding } from '../manifest/finding.js';
import { sentenceOf } from '../manifest/finding.js';
import { schemaCheck, sentenceOfUnknown } from '../manifest/schema-check.js';
import type { SchemaCheck } from '../manifest/schema-check.js';
import { nearest } from '../lib/nearest.js';
import { RegistrarError } from '../model/errors.js';
import type { CheckSetting, PolicySpec } from '../model/policy.js';
import type { Check } from './check.js';
import { CHECKS } from './checks.js';
import type { Setting } from './run-check.js';

const NONE = schemaCheck(Type.Object({}, { additionalProperties: false }));

/** What each check takes, which also fills in what a policy leaves out. */
const PARAMETERS: ReadonlyMap<string, SchemaCheck> = new Map(
  CHECKS.map(({ id, parameters }) => [
    id,
    parameters === undefined ? NONE : schemaCheck({ ...parameters, additionalProperties: false }),
  ]),
);

/** What is wrong with the checks of a policy; paths begin at its spec. Empty when nothing is. */
export function findSettingProblems({ checks }: Pick<PolicySpec, 'checks'>): Finding[] {
  return checks.flatMap((setting, index) => problemsOf(setting, ['spec', 'checks', index]));
}

function problemsOf({ id, parameters = {} }: CheckSetting, path: Finding['path']): Finding[] {
  const takes = PARAMETERS.get(id);
  if (takes === undefined) return [unknownCheck(id, path)];
  const { unknown, invalid } = takes(structuredClone(parameters));
  const at = (found: Finding['path']): Finding['path'] => [...path, 'parameters', ...found];
  return [
    ...unknown.map((field): Finding => ({
      path: at(field.path),
      reason: 'FieldValueForbidden',
      detail: sentenceOfUnknown(field),
    })),
    ...invalid.map((finding) => ({ ...finding, path: at(finding.path) })),
  ];
}

function unknownCheck(id: string, path: Finding['path']): Finding {
  const meant = nearest(id, [...PARAMETERS.keys()]);
  const hint = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
  const detail = `expected the id of a check${hint}`;
  return { path: [...path, 'id'], reason: 'FieldValueInvalid', detail, value: id };
}

/**
 * Every check as a policy wants it. Throws POLICY_UNUSABLE for one that names what is not there:
 * guessing what it meant could let something through.
 */
export function settingsOf(name: string, spec: Pick<PolicySpec, 'checks'>): Setting[] {
  const [problem] = findSettingProblems(spec);
  if (problem !== undefined) {
    const place = `${formatPath(problem.path)}: ${sentenceOf(problem)}`;
    const message = `Policy "${name}" cannot be used: ${place}; correct it`;
    throw new RegistrarError('POLICY_UNUSABLE', message, { kind: 'Policy', name });
  }
  const given = new Map(spec.checks.map((setting) => [setting.id, setting]));
  return CHECKS.map((check) => settingOf(check, given.get(check.id)));
}

function settingOf(check: Check, given: CheckSetting | undefined): Setting {
  const parameters = structuredClone(given?.parameters ?? {});
  PARAMETERS.get(check.id)?.(parameters);
  return { check, mode: given?.mode ?? check.mode, parameters };
}
