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

/** Length of the revision in a container's name. */
const SHORT_REVISION = 7;

/** Labels that say `owner`, all in the create call so that no container is ever without them. */
export function ownerLabels(owner: Owner): Record<string, string> {
  return {
    [INSTANCE_LABEL]: owner.instance,
    [MODULE_LABEL]: owner.module,
    [label('uid')]: owner.uid,
    [label('revision')]: owner.revision,
    [SLOT_LABEL]: String(owner.slot),
    [label('spec-hash')]: owner.specHash,
    [label('commit')]: owner.commit,
    [label('generation')]: String(owner.generation),
  };
}

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
  return `${owner.module}-${owner.revision.slice(0, SHORT_REVISION)}-${owner.slot}`;
}
