import { formatPath } from '../../lib/field-path.js';
import { parsePath } from '../../lib/parse-path.js';
import { printable } from '../../lib/printable.js';
import type { TextPosition } from '../../lib/text-position.js';
import { readDocuments } from '../../lib/yaml.js';
import { expand } from '../../kinds/module-set/expand.js';
import { parseDeclared } from '../../kinds/declared.js';
import type { DeclaredManifest } from '../../kinds/declared.js';
import { nameIn } from '../../manifest/check.js';
import { declaredIn } from '../../manifest/lists.js';
import type { ManifestProblem } from '../../manifest/parse.js';
import { DECLARED } from '../../model/kinds.js';
import type { ModuleManifest } from '../../model/module.js';
import type { PolicySpec } from '../../model/policy.js';

/** A text with manifests, and what to call it in messages. */
export interface ManifestText {
  readonly name: string;
  readonly text: string;
}

/** A module that a text declares. */
export interface DeclaredModule {
  /** With defaults. */
  readonly manifest: ModuleManifest;
  /** Name of the text. */
  readonly file: string;
  /** Where a field stands, such as `spec.ports[0].hostPort`, or the innermost one above it. */
  readonly positionOf: (field: string) => TextPosition;
}

/** A policy that need not be stored anywhere. */
export interface GivenPolicy {
  readonly metadata: { readonly name: string; readonly generation?: number };
  readonly spec: PolicySpec;
  /** The file or server that it is from. */
  readonly from: string;
}

/** What some texts declare, and all that is wrong with them. */
export interface DeclaredTexts {
  readonly modules: readonly DeclaredModule[];
  readonly policies: readonly GivenPolicy[];
  readonly problems: readonly ManifestProblem[];
}

/** Reads texts, each name once: of what is declared twice, the second time is a problem. */
export function readTexts(texts: readonly ManifestText[]): DeclaredTexts {
  const modules = new Map<string, DeclaredModule>();
  const policies = new Map<string, GivenPolicy>();
  const problems: ManifestProblem[] = [];
  for (const { name: file, text } of texts) {
    const parsed = parseDeclared(text, file);
    problems.push(...parsed.problems);
    for (const { manifest } of parsed.manifests) {
      const { name } = manifest.metadata;
      const positionOf = positionsIn(text, manifest);
      if (manifest.kind === 'Policy') {
        const before = policies.get(name)?.from;
        if (before === undefined) policies.set(name, { ...manifest, from: file });
        else problems.push(repeated(manifest, file, before, positionOf));
        continue;
      }
      for (const module of modulesOf(manifest, file, positionOf)) {
        const before = modules.get(module.manifest.metadata.name)?.file;
        if (before === undefined) modules.set(module.manifest.metadata.name, module);
        else problems.push(repeated(module.manifest, file, before, positionOf));
      }
    }
  }
  return { modules: [...modules.values()], policies: [...policies.values()], problems };
}

/** The modules that a manifest declares: one, or those of a set. */
function modulesOf(
  manifest: Exclude<DeclaredManifest, { kind: 'Policy' }>,
  file: string,
  positionOf: DeclaredModule['positionOf'],
): DeclaredModule[] {
  if (manifest.kind === 'Module') return [{ manifest, file, positionOf }];
  const inTemplate = (field: string): TextPosition => positionOf(`spec.template.${field}`);
  const { stamped } = expand(manifest.metadata.name, manifest.spec);
  return stamped.map((one) => ({ manifest: one.manifest, file, positionOf: inTemplate }));
}

/** Finds the object in its text once more: whoever parses many does not keep all their positions. */
function positionsIn(
  text: string,
  { kind, metadata: { name } }: DeclaredManifest,
): DeclaredModule['positionOf'] {
  const all = readDocuments(text).documents.flatMap((document) => declaredIn(document, DECLARED));
  const found = all.find(({ value }) => kindOf(value) === kind && nameIn(value) === name);
  return (field) =>
    found?.document.locate([...found.base, ...parsePath(field)]) ?? { line: 1, column: 1 };
}

const kindOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;

function repeated(
  { kind, metadata: { name } }: Pick<DeclaredManifest, 'kind' | 'metadata'>,
  file: string,
  before: string,
  positionOf: DeclaredModule['positionOf'],
): ManifestProblem {
  const path = formatPath(['metadata', 'name']);
  const message = `${kind.toLowerCase()} "${name}" is declared in ${printable(before)} already`;
  return { file, path, message, ...positionOf(path) };
}
