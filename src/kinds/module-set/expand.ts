import { checkObject, MODULE_CHECKS } from '../../manifest/check.js';
import type { Finding } from '../../manifest/finding.js';
import type { FieldPath } from '../../lib/field-path.js';
import { printable } from '../../lib/printable.js';
import type { ModuleManifest } from '../../model/module.js';
import { ModuleSpecSchema } from '../../model/module.js';
import type { ModuleSetSpec } from '../../model/module-set.js';
import { API_VERSION } from '../../model/names.js';
import { stableHash } from '../../model/stable-hash.js';
import type { Wanted } from '../../plan/sets/member.js';
import { fill } from './fill.js';
import { instancesOf } from './instances.js';
import type { Instance } from './instances.js';

export interface Expansion {
  /** In the order of the instances; without those of which something is wrong. */
  readonly stamped: readonly Wanted[];
  /** What is wrong, with paths in the set. */
  readonly findings: readonly Finding[];
}

/** Name of the module of an instance. */
const moduleName = (set: string, instance: string): string => `${set}-${instance}`;

/** The modules that a set of good shape stands for. Pure; bounded by the schema of the set. */
export function expand(set: string, spec: ModuleSetSpec): Expansion {
  const each = instancesOf(set, spec).map((instance) => stamp(set, spec, instance));
  return {
    stamped: each.flatMap(({ stamped }) => stamped ?? []),
    findings: each.flatMap(({ findings }) => findings),
  };
}

interface Stamping {
  readonly stamped?: Wanted;
  readonly findings: readonly Finding[];
}

function stamp(set: string, { template }: ModuleSetSpec, instance: Instance): Stamping {
  const { name, values } = instance;
  const unfilled: Finding[] = [];
  const filled = (base: FieldPath, part: unknown, schema?: typeof ModuleSpecSchema): unknown =>
    fill(part, schema, values, ({ path, placeholder }) => {
      unfilled.push(notFilled([...base, ...path], placeholder, name));
    });
  const written = filled(['spec', 'template', 'metadata'], template.metadata ?? {}) as object;
  const input = {
    ...{ apiVersion: API_VERSION, kind: 'Module' },
    metadata: { ...written, name: moduleName(set, name) },
    spec: filled(['spec', 'template', 'spec'], template.spec, ModuleSpecSchema),
  };
  if (unfilled.length > 0) return { findings: unfilled };
  const { value, malformed, unknown, invalid } = checkObject(input, MODULE_CHECKS);
  const findings = [...malformed, ...invalid].map((finding) => inSet(finding, instance));
  if (findings.length > 0 || unknown.length > 0) return { findings };
  const manifest = value as ModuleManifest;
  return { stamped: { instance: name, manifest, template: hashOf(manifest) }, findings };
}

const hashOf = ({ metadata: { labels = {}, annotations = {} }, spec }: ModuleManifest): string =>
  stableHash({ labels, annotations, spec }).slice(0, 16);

const ofInstance = (name: string): string => `of instance "${printable(name, 63)}"`;

function notFilled(path: FieldPath, placeholder: string, name: string): Finding {
  const key = placeholder.slice(2, -1);
  const remedy = `write "$${placeholder}" for the text itself`;
  const detail =
    key === ''
      ? `"\${" begins no placeholder: close it as in "\${name}", or ${remedy}`
      : `no value ${ofInstance(name)} is named "${key}": add it to its values, or ${remedy}`;
  return { path, reason: 'FieldValueInvalid', detail };
}

/** A finding about the module of an instance, as one about the set. */
function inSet(finding: Finding, { name, path: own }: Instance): Finding {
  const { path, detail } = finding;
  const isName = path[0] === 'metadata' && path[1] === 'name';
  const said = detail === '' ? 'required value is missing' : detail;
  return {
    ...finding,
    path: isName ? own : ['spec', 'template', ...path],
    detail: isName
      ? `${said} in the name <set>-<instance> of its module`
      : `${said} (${ofInstance(name).slice(3)})`,
  };
}
