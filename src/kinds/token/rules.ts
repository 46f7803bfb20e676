import type { Finding } from '../../manifest/finding.js';
import { forbidden } from '../../manifest/rule.js';
import { BOOTSTRAP_NAME, LOCAL_NAME, STORE_NAME } from '../../model/identity.js';
import { CONFIG_MANAGER } from '../../model/names.js';
import type { Token } from './schema.js';

/** Those who use the API without a Token, and whom the audit knows for something else. */
const RESERVED: readonly string[] = [BOOTSTRAP_NAME, LOCAL_NAME, CONFIG_MANAGER, STORE_NAME];

/** What is wrong across the fields of a Token; nothing is looked at when the schema found something. */
export function tokenRules(value: unknown, invalid: readonly Finding[]): Finding[] {
  return invalid.length > 0 ? [] : findings(value as Token);
}

function findings({ metadata: { name }, spec }: Token): Finding[] {
  const found: Finding[] = [];
  if (RESERVED.includes(name)) {
    found.push(forbidden(['metadata', 'name'], `"${name}" is somebody else: choose another name`));
  }
  if (spec.modules !== undefined && spec.role !== 'operator') {
    const sentence = 'only what an operator changes can be limited: leave it out';
    found.push(forbidden(['spec', 'modules'], sentence));
  }
  if (spec.exec && spec.role === 'viewer') {
    found.push(forbidden(['spec', 'exec'], 'a viewer may not exec: choose the role operator'));
  }
  return found;
}
