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
import { aManifest } from './builders.js';

/** A declaration of a module whose version tells it from others of the name. */
export function aDeclaration(file: string, name: string, version = '1.0.0'): Declaration {
  return { manifest: aManifest(name, { version }), file, line: 1 };
}

/** A settled file that declares modules of these names. */
export function aFile(path: string, ...names: string[]): ConfigFile {
  const declarations = names.map((name) => aDeclaration(path, name));
  return { content: { kind: 'declares', declarations }, settled: true, restless: false };
}

/** A file with a mistake in it. */
export function aBrokenFile(path: string): ConfigFile {
  const errors = [`${path}:1:1: spec: is wrong`];
  return { content: { kind: 'invalid', errors }, settled: true, restless: false };
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
  const annotations = file === undefined ? {} : { [CONFIG_FILE_ANNOTATION]: file };
  return {
    ...aManifest(name),
    metadata: {
      ...{ name, uid: `uid-${name}`, resourceVersion: '1', generation: 1 },
      creationTimestamp: '2026-01-01T12:00:00Z',
      finalizers: [CONTAINERS_FINALIZER],
      ...(file !== undefined && { managedFields: [{ manager: CONFIG_MANAGER, fieldsV1: {} }] }),
      ...metadata,
      annotations: { ...annotations, ...metadata.annotations },
    },
    status: {
      ...{ phase: 'Running', observedGeneration: 1, conditions: [] },
      ...{ replicas: 1, readyReplicas: 1, restarts: 0, containers: [] },
    },
  };
}
