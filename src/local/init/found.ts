import type { HealthCheck, ModuleSpec } from '../../model/module.js';

/** A value, and where it was found. */
export interface Found<T = string> {
  readonly value: T;
  /** Such as `package.json`, safe to show. */
  readonly from: string;
}

/** What a Dockerfile, and the files beside it, say of what is built from it. */
export interface Build {
  /** Path of the Dockerfile from the top of the repository. */
  readonly dockerfile: string;
  readonly license: Found | undefined;
  readonly ports: readonly Found<ModuleSpec['ports'][number]>[];
  readonly volumes: readonly Found<Pick<ModuleSpec['volumes'][number], 'name' | 'mountPath'>>[];
  readonly env: readonly Found<{ readonly name: string; readonly value: string }>[];
  readonly healthCheck: Found<HealthProbe> | undefined;
  readonly user: Found<number> | undefined;
  /** What somebody has to do, in sentences without a full stop. */
  readonly toDo: readonly string[];
}

/** A health check without what has a default. */
export type HealthProbe = Pick<HealthCheck, 'exec' | 'http' | 'tcp'> &
  Partial<Omit<HealthCheck, 'exec' | 'http' | 'tcp'>>;

/** What was found out about a repository. All of it is from there, and hostile. */
export interface Facts {
  /** URL, or folder as it was given. */
  readonly place: string;
  readonly commit: string | undefined;
  readonly name: Found | undefined;
  readonly version: Found | undefined;
  readonly description: Found | undefined;
  readonly author: Found | undefined;
  readonly license: Found | undefined;
  readonly repoUrl: Found | undefined;
  readonly branch: Found | undefined;
  /** One for each Dockerfile, the most likely first. */
  readonly builds: readonly Build[];
  /** Whether the first build is the one. */
  readonly isClear: boolean;
}
