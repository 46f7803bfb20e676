import type { Finding } from '../../manifest/finding.js';
import { forbidden, invalid } from '../../manifest/rule.js';
import { schemaCheck } from '../../manifest/schema-check.js';
import { validateObject } from '../../manifest/validate.js';
import { draftOf } from '../../model/draft.js';
import { SECRET } from '../../model/kinds.js';
import { isFingerprint, MAX_KEYS, REQUIRED_KEYS } from '../../model/secret.js';
import type { DraftOf, Writer } from '../definition.js';
import { invalidField } from '../refusals.js';
import { KEY_PATTERN, MAX_KEY_LENGTH, SecretSchema } from './schema.js';
import type { Secret } from './schema.js';

const CHECKS = { names: SECRET, schema: schemaCheck(SecretSchema), rules: secretRules };

/**
 * How clients write Secrets. What comes here has been sealed: fingerprints are in the place of the
 * values, and anything else is refused.
 */
export const SECRET_WRITER: Writer<Secret> = {
  draft(input, current, unknownFields) {
    const { manifest, warnings } = validateObject(input, CHECKS, { unknownFields });
    const written = manifest as DraftOf<Secret>;
    const { metadata } = draftOf({ ...written, spec: {} }, { current });
    const draft = { ...written, metadata };
    if (current !== undefined && current.type !== draft.type) {
      throw invalidField(SECRET, current.metadata.name, {
        field: 'type',
        message: `Forbidden: it stays "${current.type}": make another Secret, or delete this one first`,
        reason: 'FieldValueForbidden',
      });
    }
    return { draft, warnings };
  },
  refuseDeletion: () => undefined,
};

/** What is wrong across the fields of a Secret; nothing is looked at when the schema found something. */
function secretRules(value: unknown, found: readonly Finding[]): Finding[] {
  if (found.length > 0) return [];
  const { data, type, stringData } = value as Secret & { readonly stringData?: object };
  if (stringData !== undefined) throw new Error('A Secret is to be stored that was not sealed');
  const keys = Object.keys(data);
  const missing = REQUIRED_KEYS[type].filter((key) => !keys.includes(key));
  return [
    ...(keys.length > MAX_KEYS ? [invalid(['data'], `at most ${MAX_KEYS} keys`)] : []),
    ...keys.flatMap((key) => keyFindings(key, data[key] ?? '')),
    ...missing.map((key) =>
      invalid(
        ['data'],
        `the keys ${REQUIRED_KEYS[type].join(', ')} for this type, without "${key}"`,
      ),
    ),
  ];
}

const KEY = new RegExp(KEY_PATTERN);

function keyFindings(key: string, value: string): Finding[] {
  if (!KEY.test(key) || key.length > MAX_KEY_LENGTH) {
    const sentence = `the name of a key is letters, digits, "-", "_" and ".", at most ${MAX_KEY_LENGTH} of them`;
    return [forbidden(['data', key], sentence)];
  }
  return isFingerprint(value) ? [] : [invalid(['data', key], 'a value in base64')];
}
