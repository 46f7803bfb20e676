import { applyRules } from '../../manifest/apply-rules.js';
import type { Finding } from '../../manifest/finding.js';
import { METADATA_RULES } from '../../manifest/metadata-rules.js';
import { duplicates, forbidden, invalid } from '../../manifest/rule.js';
import { countValues } from '../../lib/plain-data.js';
import type { ModuleSetManifest, ModuleSetSpec } from '../../model/module-set.js';
import { wantedReplicas } from '../../model/module-set.js';
import { expand } from './expand.js';
import { hostPortClashes } from './host-ports.js';
import { RESERVED } from './instances.js';

/** Most values in all modules of a set together. */
const MAX_VALUES = 200_000;

/** Most characters in the templates of all its modules together. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** What is wrong with a set beyond its schema, its modules among it. */
export function moduleSetRules(value: unknown, found: readonly Finding[]): Finding[] {
  const ofMetadata = applyRules(METADATA_RULES, value, found);
  if (found.length > 0) return ofMetadata;
  const { metadata, spec } = value as ModuleSetManifest;
  const ofSpec = specFindings(spec);
  if (ofSpec.length > 0) return [...ofMetadata, ...ofSpec];
  const { stamped, findings } = expand(metadata.name, spec);
  return [...ofMetadata, ...findings, ...(findings.length > 0 ? [] : hostPortClashes(stamped))];
}

const specFindings = (spec: ModuleSetSpec): Finding[] => [
  ...counting(spec),
  ...names(spec),
  ...size(spec),
];

function counting({ replicas, ranges = [], instances }: ModuleSetSpec): Finding[] {
  if ((replicas === undefined) === (instances === undefined)) {
    return [
      invalid(
        ['spec', instances === undefined ? 'instances' : 'replicas'],
        'exactly one of spec.instances and spec.replicas',
      ),
    ];
  }
  if (instances === undefined || ranges.length === 0) return [];
  const sentence = 'ranges count replicas: give each of spec.instances its values instead';
  return [forbidden(['spec', 'ranges'], sentence)];
}

/** Names of instances and of values: each once, and none that means something already. */
function names({ instances = [], ranges = [], values = {} }: ModuleSetSpec): Finding[] {
  const named = (list: readonly { name: string }[], field: string) =>
    list.map(({ name }, index) => ({ path: ['spec', field, index, 'name'], value: name }));
  const own = instances.flatMap(({ values: its = {} }, index) =>
    keyFindings(Object.keys(its), ['spec', 'instances', index, 'values']),
  );
  const ofRanges = ranges.flatMap(({ name }, index) => {
    const path = ['spec', 'ranges', index];
    return isKey(name) ? [] : [notKey([...path, 'name'])];
  });
  return [
    ...duplicates(named(instances, 'instances')),
    ...duplicates(named(ranges, 'ranges')),
    ...keyFindings(Object.keys(values), ['spec', 'values']),
    ...own,
    ...ofRanges,
  ];
}

const isKey = (key: string): boolean =>
  /^[A-Za-z_]\w{0,62}$/.test(key) && !RESERVED.some((name) => name === key);

const notKey = (path: Finding['path']): Finding =>
  invalid(path, `a name of letters, digits and "_" that is none of ${RESERVED.join(', ')}`);

const keyFindings = (keys: readonly string[], path: Finding['path']): Finding[] =>
  keys.filter((key) => !isKey(key)).map((key) => notKey([...path, key]));

/** What a set may come to, before it is looked at: nobody waits for one that is beyond all reason. */
function size(spec: ModuleSetSpec): Finding[] {
  const count = wantedReplicas(spec);
  const values = countValues(spec.template, MAX_VALUES) * count;
  const characters = JSON.stringify(spec.template).length * count;
  if (values <= MAX_VALUES && characters <= MAX_CHARACTERS) return [];
  const most = `at most ${MAX_VALUES} values and ${MAX_CHARACTERS} characters in all its modules`;
  return [invalid(['spec', 'template'], most)];
}
