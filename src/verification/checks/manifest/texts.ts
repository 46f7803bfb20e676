import { formatPath } from '../../../lib/field-path.js';
import type { ModuleManifest } from '../../../model/module.js';
import { specField } from './spec-field.js';

/** A text of a manifest that people write anything into. It may be a secret: never to be shown. */
export interface Text {
  readonly field: string;
  readonly text: string;
}

/** The plain values of environment variables. */
export function envTexts({ spec }: ModuleManifest): (Text & { readonly name: string })[] {
  return spec.env.flatMap(({ name, value }, index) =>
    value === undefined ? [] : [{ name, field: specField('env', index, 'value'), text: value }],
  );
}

/** The lists of arguments, each with its field. */
function lists({ spec }: ModuleManifest): { field: string; items: readonly string[] }[] {
  const probe = spec.healthCheck?.exec?.command ?? [];
  return [
    { field: specField('command'), items: spec.command },
    { field: specField('args'), items: spec.args },
    { field: specField('healthCheck', 'exec', 'command'), items: probe },
    { field: specField('updates', 'gate', 'command'), items: spec.updates.gate?.command ?? [] },
  ];
}

/** Each argument by itself. */
export const argumentTexts = (manifest: ModuleManifest): Text[] =>
  lists(manifest).flatMap(({ field, items }) =>
    items.map((text, index) => ({ field: `${field}[${index}]`, text })),
  );

/** The arguments of each list as one line: what is split over several is found in it. */
export const commandLines = (manifest: ModuleManifest): Text[] =>
  lists(manifest).map(({ field, items }) => ({ field, text: items.join(' ') }));

/** What is not meant for secrets at all: notes, and addresses. */
export function noteTexts({ metadata, spec }: ModuleManifest): Text[] {
  const { description, author, source, healthCheck, progressCheck, updates } = spec;
  return [
    { field: specField('description'), text: description },
    { field: specField('author'), text: author },
    { field: specField('source', 'repoUrl'), text: source?.repoUrl ?? '' },
    { field: specField('healthCheck', 'http', 'path'), text: healthCheck?.http?.path ?? '' },
    { field: specField('progressCheck', 'http', 'path'), text: progressCheck?.http?.path ?? '' },
    { field: specField('updates', 'gate', 'http', 'url'), text: updates.gate?.http?.url ?? '' },
    ...mapTexts('labels', metadata.labels),
    ...mapTexts('annotations', metadata.annotations),
  ];
}

const mapTexts = (name: string, map: Readonly<Record<string, string>> = {}): Text[] =>
  Object.entries(map).map(([key, text]) => ({ field: formatPath(['metadata', name, key]), text }));
