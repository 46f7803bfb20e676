import { API_VERSION, GROUP } from './names.js';

/** Says which module, revision and slot a container belongs to; lives in its labels. */
export interface Owner {
  /** Id of the registrar that made the container: one a data directory. */
  readonly instance: string;
  readonly module: string;
  /** uid of the module: a re-created module of the same name is another one. */
  readonly uid: string;
  readonly revision: string;
  readonly slot: number;
  readonly specHash: string;
  /** Source commit, empty for a module that runs a given image. */
  readonly commit: string;
  /** Generation of the module when the container was created. */
  readonly generation: number;
}

const label = (name: string): string => `${GROUP}/${name}`;

/** Label that every object of an instance carries in the engine; its value is the instance id. */
export const INSTANCE_LABEL = label('instance');
export const MODULE_LABEL = label('module');
export const SLOT_LABEL = label('slot');
export const REVISION_LABEL = label('revision');
/** Also of an image that was built: the commit it was built from, and a hash over how. */
export const COMMIT_LABEL = label('commit');
export const SPEC_HASH_LABEL = label('spec-hash');

/** UUIDs of the GPUs that a container has, so that one list tells of those of all containers. */
export const GPUS_LABEL = label('gpus');

/** The GPUs that labels tell of. */
export const gpusIn = (labels: Readonly<Record<string, string>>): string[] =>
  (labels[GPUS_LABEL] ?? '').split(',').filter((gpu) => gpu !== '');

/** Says in the metadata of an object that it belongs to a module, and goes with it. */
export const moduleOwnerReference = ({
  name,
  uid,
}: {
  readonly name: string;
  readonly uid: string;
}): Record<string, unknown> => ({
  ...{ apiVersion: API_VERSION, kind: 'Module', name, uid, controller: true },
});

/** Label of the modules of a set; its value is the name of the set. */
export const SET_LABEL = label('set');

/** Says in the metadata of a module that it belongs to a set, which alone changes its spec. */
export const setOwnerReference = ({
  name,
  uid,
}: {
  readonly name: string;
  readonly uid: string;
}): Record<string, unknown> => ({
  ...{ apiVersion: API_VERSION, kind: 'ModuleSet', name, uid },
  ...{ controller: true, blockOwnerDeletion: true },
});

/** Whether an owner reference says that a set stamps the object. */
export const isSetReference = ({
  apiVersion,
  kind,
  controller,
}: Record<string, unknown>): boolean =>
  apiVersion === API_VERSION && kind === 'ModuleSet' && controller === true;

/** Name of the set that stamps a module; undefined for one that somebody declared. */
export function owningSet({
  ownerReferences = [],
}: {
  readonly ownerReferences?: readonly Record<string, unknown>[];
}): string | undefined {
  const name = ownerReferences.find(isSetReference)?.['name'];
  return typeof name === 'string' ? name : undefined;
}

/** Length of the revision in a container's name. */
const SHORT_REVISION = 7;

/** A revision as names and messages show it. */
export const shortRevision = (revision: string): string => revision.slice(0, SHORT_REVISION);

/** Labels that say `owner`, all in the create call so that no container is ever without them. */
export function ownerLabels(owner: Owner): Record<string, string> {
  return {
    [INSTANCE_LABEL]: owner.instance,
    [MODULE_LABEL]: owner.module,
    [label('uid')]: owner.uid,
    [REVISION_LABEL]: owner.revision,
    [SLOT_LABEL]: String(owner.slot),
    [SPEC_HASH_LABEL]: owner.specHash,
    [COMMIT_LABEL]: owner.commit,
    [label('generation')]: String(owner.generation),
  };
}

/**
 * Labels that say that a container of an instance has no owner, and so is no slot of a module,
 * whatever labels its image has.
 */
export const unownedLabels = (instance: string): Record<string, string> =>
  ownerLabels({ ...NOBODY, instance });

/** What owns a container that is no slot of a module. */
export const NOBODY: Owner = {
  ...{ instance: '', module: '', uid: '', revision: '', slot: 0, specHash: '', commit: '' },
  generation: 0,
};

/** The owner that labels say, or undefined when any label is missing or malformed (foreign). */
export function ownerOf(labels: Readonly<Record<string, string>>): Owner | undefined {
  const text = (name: string): string => labels[label(name)] ?? '';
  const slot = Number(text('slot') || Number.NaN);
  const generation = Number(text('generation') || Number.NaN);
  const owner = {
    instance: text('instance'),
    module: text('module'),
    uid: text('uid'),
    revision: text('revision'),
    slot,
    specHash: text('spec-hash'),
    commit: text('commit'),
    generation,
  };
  const complete = owner.instance && owner.module && owner.uid && owner.revision && owner.specHash;
  const valid = Number.isInteger(slot) && slot >= 0 && Number.isInteger(generation);
  return complete && valid ? owner : undefined;
}

/** `<module>-<revision7>-<slot>`: derived, so that repeating a create is harmless. */
export function containerName(owner: Pick<Owner, 'module' | 'revision' | 'slot'>): string {
  return `${owner.module}-${shortRevision(owner.revision)}-${owner.slot}`;
}
