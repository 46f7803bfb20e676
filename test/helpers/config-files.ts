import {
  CONFIG_FILE_ANNOTATION,
  CONFIG_MANAGER,
  CONTAINERS_FINALIZER,
} from '../../src/model/names.js';
import type { Module } from '../../src/model/module.js';
import type {
  ConfigFile,
  ConfigSnapshot,
  Declaration,
  DirectoryState,
} from '../../src/triggers/config/snapshot.js';
import type { DeclaredObject } from '../../src/kinds/declared.js';
import type { ObjectKey } from '../../src/model/kinds.js';
import { API_VERSION } from '../../src/model/names.js';
import type { Policy, PolicySpec } from '../../src/model/policy.js';
import { aManifest } from './builders.js';

/** A declaration of a module whose version tells it from others of the name. */
export function aDeclaration(file: string, name: string, version = '1.0.0'): Declaration {
  return { manifest: aManifest(name, { version }), file, line: 1 };
}

const aPolicySpec = (priority: number): PolicySpec => ({
  ...{ description: '', priority, selector: {}, checks: [], signers: [] },
});

/** A declaration of a policy whose priority tells it from others of the name. */
export function aPolicyDeclaration(file: string, name: string, priority = 0): Declaration {
  const head = { apiVersion: API_VERSION, kind: 'Policy' } as const;
  return { manifest: { ...head, metadata: { name }, spec: aPolicySpec(priority) }, file, line: 1 };
}

/** A settled file that declares these. */
export function aFileOf(...declarations: Declaration[]): ConfigFile {
  return { content: { kind: 'declares', declarations }, settled: true, restless: false };
}

/** A settled file that declares modules of these names. */
export function aFile(path: string, ...names: string[]): ConfigFile {
  return aFileOf(...names.map((name) => aDeclaration(path, name)));
}

/** A file with a mistake in it; `policies` as its text mentions. */
export function aBrokenFile(path: string, policies: number | 'unknown' = 0): ConfigFile {
  const errors = [`${path}:1:1: spec: is wrong`];
  return { content: { kind: 'invalid', errors, policies }, settled: true, restless: false };
}

/** The same file while it is being written or has just gone. */
export function changing(file: ConfigFile): ConfigFile {
  return { ...file, settled: false };
}

export function aSnapshot(
  files: Record<string, ConfigFile>,
  directory: DirectoryState = { kind: 'present' },
): ConfigSnapshot {
  return { directory, files: new Map(Object.entries(files)) };
}

/** A stored module; made through the API when `file` is undefined. */
export function aStored(
  name: string,
  file: string | undefined,
  metadata: Partial<Module['metadata']> = {},
): Module {
  return {
    ...aManifest(name),
    metadata: aStoredMeta(name, file, { finalizers: [CONTAINERS_FINALIZER], ...metadata }),
    status: {
      ...{ phase: 'Running', observedGeneration: 1, conditions: [] },
      ...{ replicas: 1, readyReplicas: 1, restarts: 0, containers: [] },
    },
  };
}

/** A stored policy; made through the API when `file` is undefined. */
export function aStoredPolicy(
  name: string,
  file: string | undefined,
  metadata: Partial<Policy['metadata']> = {},
): Policy {
  return {
    ...{ apiVersion: API_VERSION, kind: 'Policy' },
    ...{ metadata: aStoredMeta(name, file, metadata), spec: aPolicySpec(0) },
  };
}

function aStoredMeta(
  name: string,
  file: string | undefined,
  metadata: Partial<Module['metadata']>,
): Module['metadata'] {
  const annotations = file === undefined ? {} : { [CONFIG_FILE_ANNOTATION]: file };
  return {
    ...{ name, uid: `uid-${name}`, resourceVersion: '1', generation: 1 },
    creationTimestamp: '2026-01-01T12:00:00Z',
    ...(file !== undefined && { managedFields: [{ manager: CONFIG_MANAGER, fieldsV1: {} }] }),
    ...metadata,
    annotations: { ...annotations, ...metadata.annotations },
  };
}

/** The keys of modules of these names. */
export const modulesOf = (...names: readonly string[]): ObjectKey[] =>
  names.map((name) => ({ kind: 'Module', name }));

/** The version of a declared module; undefined for what is none. */
export const versionIn = (object: Pick<DeclaredObject, 'spec'>): string | undefined =>
  'version' in object.spec ? object.spec.version : undefined;
