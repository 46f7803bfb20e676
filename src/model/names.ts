/** Names that are part of the contract; apart from the schemas so that the CLI loads none of those. */

export const GROUP = 'registrar.synapsis.network';
export const VERSION = 'v1';
export const API_VERSION = `${GROUP}/${VERSION}`;

/** What holds a deleted module until its containers are gone. */
export const CONTAINERS_FINALIZER = `${GROUP}/containers`;

/** What holds a deleted set until its modules are gone. */
export const MODULES_FINALIZER = `${GROUP}/modules`;

/** Set by the config directory only: the file (relative to it) that owns the object. */
export const CONFIG_FILE_ANNOTATION = `${GROUP}/config-file`;

/** Set by the config directory while the module stays although no file declares it: why. */
export const PRUNE_HELD_ANNOTATION = `${GROUP}/prune-held`;

/** What only the config directory sets: clients and manifests are not believed about it. */
export const CONFIG_ANNOTATIONS = [CONFIG_FILE_ANNOTATION, PRUNE_HELD_ANNOTATION] as const;

/** Set by `registrar rollout restart`: a new value makes a new revision. RFC 3339. */
export const RESTARTED_AT_ANNOTATION = `${GROUP}/restarted-at`;
/** `true` stops a rollout where it is. */
export const ROLLOUT_PAUSED_ANNOTATION = `${GROUP}/rollout-paused`;
/** `FROM:TO`: while the spec asks for revision FROM, TO runs in its place. */
export const UNDO_ANNOTATION = `${GROUP}/undo`;
/** RFC 3339: revisions that failed before then may be tried again. */
export const UNQUARANTINED_AT_ANNOTATION = `${GROUP}/unquarantined-at`;
/** `true` since a restore: containers that the store does not know stay until a person says so. */
export const RESTORE_HELD_ANNOTATION = `${GROUP}/restore-held`;
/** What people say of the rollouts of a module, whoever owns its spec. */
export const ROLLOUT_ANNOTATIONS = [
  ...[RESTARTED_AT_ANNOTATION, ROLLOUT_PAUSED_ANNOTATION],
  ...[UNDO_ANNOTATION, UNQUARANTINED_AT_ANNOTATION, RESTORE_HELD_ANNOTATION],
] as const;

/** Set by people: the commit, tag, version or digest that is taken up without waiting. */
export const UPDATE_NOW_ANNOTATION = `${GROUP}/update-now`;

/** Set by people: the range of versions of Registrar that a module is for, such as `>=0.2 <2`. */
export const REGISTRAR_RANGE_ANNOTATION = `${GROUP}/registrar-range`;

/** Where kubectl remembers what it applied last, and the command line too, so that both can in turn. */
export const LAST_APPLIED_ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

/** Under which name the config directory has the fields of what its files declare. */
export const CONFIG_MANAGER = 'registrar-config';

/** Under which name the command line has fields. */
export const CLI_MANAGER = 'registrar';

/** The same for what it applies by itself, without the server knowing that it is an apply. */
export const CLIENT_SIDE_MANAGER = 'registrar-client-side-apply';
