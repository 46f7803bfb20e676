import { GROUP, VERSION } from '../../model/names.js';
import { blocks, warns } from '../../model/verdict.js';
import type { CheckResult } from '../../model/verification.js';
import { AGE, MODULE_COLUMN, NAME, VERSION_COLUMN } from '../columns.js';
import type { KindDefinition } from '../definition.js';
import { ReportSchema } from './schema.js';
import type { Report } from './schema.js';

const counted =
  (counts: (result: CheckResult) => boolean) =>
  ({ spec }: Report): number =>
    spec.results.filter(counts).length;

/** What verification found, one for each thing that was to run. The controller writes them. */
export const REPORT_KIND: KindDefinition<Report> = {
  kind: 'Report',
  group: GROUP,
  version: VERSION,
  plural: 'reports',
  singular: 'report',
  shortNames: ['vr'],
  categories: ['registrar'],
  namespaced: false,
  description: 'What verification found of a module, its commit and its image',
  verbs: ['get', 'list', 'watch'],
  subresources: [],
  selectableFields: ['metadata.name', 'metadata.namespace', 'spec.module'],
  schema: ReportSchema,
  columns: [
    NAME,
    MODULE_COLUMN,
    VERSION_COLUMN,
    {
      name: 'Commit',
      type: 'string',
      description: 'Commit of the source',
      cell: ({ spec }) => spec.source?.commit.slice(0, 7) ?? '<none>',
    },
    {
      name: 'Blocking',
      type: 'integer',
      description: 'Checks that keep it from running',
      cell: counted(blocks),
    },
    {
      name: 'Warnings',
      type: 'integer',
      description: 'Checks that found something and block nothing',
      cell: counted(warns),
    },
    AGE,
    {
      name: 'Policy',
      type: 'string',
      description: 'Policy that decided',
      wide: true,
      cell: ({ spec }) => spec.policy.name ?? '<none>',
    },
  ],
};
