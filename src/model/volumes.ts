import type { ModuleSpec } from './module.js';

export type Volume = ModuleSpec['volumes'][number];

/** A volume whose files are in a Secret. */
export type SecretVolume = Volume & { readonly secret: NonNullable<Volume['secret']> };

export const isSecretVolume = (volume: Volume): volume is SecretVolume =>
  volume.secret !== undefined;

/** Whether the engine keeps it, under a name of ours. */
export const isNamedVolume = ({ hostPath, secret }: Volume): boolean =>
  hostPath === undefined && secret === undefined;

/** Whether the module may write to it; never to files of a Secret. */
export const isWritable = ({ readOnly, secret }: Volume): boolean =>
  !readOnly && secret === undefined;
