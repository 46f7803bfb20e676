/** Names that are part of the contract; apart from the schemas so that the CLI loads none of those. */

export const GROUP = 'registrar.synapsis.network';
export const VERSION = 'v1';
export const API_VERSION = `${GROUP}/${VERSION}`;

/** What holds a deleted module until its containers are gone. */
export const CONTAINERS_FINALIZER = `${GROUP}/containers`;

/** Set by the config directory only: the file (relative to it) that owns the object. */
export const CONFIG_FILE_ANNOTATION = `${GROUP}/config-file`;

/** Set by the config directory while the module stays although no file declares it: why. */
export const PRUNE_HELD_ANNOTATION = `${GROUP}/prune-held`;

/** What only the config directory sets: clients and manifests are not believed about it. */
export const CONFIG_ANNOTATIONS = [CONFIG_FILE_ANNOTATION, PRUNE_HELD_ANNOTATION] as const;

/** Set by `registrar restart`: a new value makes a new revision. RFC 3339. */
export const RESTARTED_AT_ANNOTATION = `${GROUP}/restarted-at`;

/** Under which name the config directory has the fields of what its files declare. */
export const CONFIG_MANAGER = 'registrar-config';

/** Under which name the command line has fields. */
export const CLI_MANAGER = 'registrar';

/** The same for what it applies by itself, without the server knowing that it is an apply. */
export const CLIENT_SIDE_MANAGER = 'registrar-client-side-apply';
