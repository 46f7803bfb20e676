import type {
  FetchedCommit,
  Report,
  ReportSpec,
  VerifiedImage,
} from '../../kinds/report/schema.js';
import { timestamp } from '../../lib/clock.js';
import type { Module } from '../../model/module.js';
import { API_VERSION } from '../../model/names.js';
import { MODULE_LABEL, moduleOwnerReference } from '../../model/owner.js';
import type { CheckResult } from '../../model/verification.js';
import type { Registry } from '../../registry/registry.js';
import type { ReconcileContext } from '../context.js';
import { forget, recordsOf } from '../module-records.js';
import type { Basis } from './basis.js';
import { isOfImage } from './verdict.js';

/** Reports of a module that are kept beside as many as it keeps revisions. */
const EXTRA_REPORTS = 2;
const KEY_DIGITS = 16;

const nameOf = (module: Module, key: string): string =>
  `${module.metadata.name}-${key.slice(0, KEY_DIGITS)}`;

/** The report of exactly that, if it was verified before. */
export function findReport(module: Module, key: string, registry: Registry): Report | undefined {
  const report = registry.get('Report', nameOf(module, key))?.object;
  return report?.spec.key === key ? report : undefined;
}

/** What a report is made from, before there is an image. */
export interface Findings {
  readonly key: string;
  readonly basis: Pick<Basis, 'policy'>;
  readonly source?: FetchedCommit | undefined;
  readonly results: readonly CheckResult[];
}

/** Stores what verification found, in place of an earlier report of the same. */
export async function writeReport(
  module: Module,
  { key, basis: { policy }, source, results }: Findings,
  { registry, clock }: Pick<ReconcileContext, 'registry' | 'clock'>,
): Promise<Report> {
  const { name } = module.metadata;
  const spec: ReportSpec = {
    ...{ module: name, version: module.spec.version, key, results: [...results] },
    verifiedAt: timestamp(clock.now()),
    policy:
      policy === undefined
        ? {}
        : { name: policy.metadata.name, generation: policy.metadata.generation },
    ...(source !== undefined && { source }),
  };
  const known = registry.get('Report', nameOf(module, key));
  if (known !== undefined) {
    const { stored } = await registry.update('Report', nameOf(module, key), (current) => ({
      ...current,
      spec,
    }));
    return stored.object;
  }
  const { stored } = await registry.create('Report', {
    ...{ apiVersion: API_VERSION, kind: 'Report', spec },
    metadata: {
      name: nameOf(module, key),
      labels: { [MODULE_LABEL]: name },
      ownerReferences: [moduleOwnerReference(module.metadata)],
    },
  });
  await forgetOld(module, stored.object, registry);
  return stored.object;
}

/** Adds what was found of the image, in place of what was found of an earlier one. */
export async function addImage(
  { metadata: { name } }: Report,
  image: VerifiedImage,
  results: readonly CheckResult[],
  { registry, clock }: Pick<ReconcileContext, 'registry' | 'clock'>,
): Promise<Report> {
  const { stored } = await registry.update('Report', name, (current) => ({
    ...current,
    spec: {
      ...current.spec,
      ...{ image, results: [...current.spec.results.filter((one) => !isOfImage(one)), ...results] },
      verifiedAt: timestamp(clock.now()),
    },
  }));
  return stored.object;
}

/**
 * Never the newest, whatever the clock said when the others were written, nor that of a revision that
 * is kept: it says why that may run, however often something else was tried since.
 */
async function forgetOld(module: Module, newest: Report, registry: Registry): Promise<void> {
  // The one that was verified longest ago first.
  const known = recordsOf('Report', module.metadata.name, registry).toSorted((a, b) =>
    a.spec.verifiedAt < b.spec.verifiedAt ? -1 : 1,
  );
  const used = new Set([newest.metadata.name, ...reportsOfRevisions(module, registry)]);
  const others = known.filter(({ metadata }) => !used.has(metadata.name));
  const kept = module.spec.revisionHistoryLimit + EXTRA_REPORTS;
  await forget('Report', others.slice(0, Math.max(0, known.length - kept)), registry);
}

const reportsOfRevisions = ({ metadata }: Module, registry: Registry): string[] =>
  recordsOf('Revision', metadata.name, registry).flatMap(({ spec }) => spec.report ?? []);
