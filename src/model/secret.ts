import type { ModuleSpec } from './module.js';
import { isSecretVolume } from './volumes.js';
import type { SecretVolume } from './volumes.js';

/**
 * What the values of a Secret are for: any use, an account of an image registry, a deploy key, an
 * account of a server of repositories.
 */
export const SECRET_TYPES = ['Opaque', 'registry', 'ssh', 'basic'] as const;

export type SecretType = (typeof SECRET_TYPES)[number];

/** Keys that a Secret of a type must have. */
export const REQUIRED_KEYS: Readonly<Record<SecretType, readonly string[]>> = {
  Opaque: [],
  registry: ['registry', 'username', 'password'],
  ssh: ['privateKey'],
  basic: ['host', 'username', 'password'],
};

export const MAX_KEYS = 64;

/** For all values of a Secret together. */
export const MAX_SECRET_BYTES = 256 * 1024;

/** Longest value of an environment variable, given in a manifest or in a Secret. */
export const MAX_ENV_BYTES = 32_768;

/** What stands for a value in all that can be read: a keyed hash of it. */
const FINGERPRINT = /^hmac-sha256:[0-9a-f]{64}$/;

/** The fingerprint that a keyed hash in hexadecimal digits is. No value in base64 looks like one. */
export const fingerprintOf = (hash: string): string => `hmac-sha256:${hash}`;

export const isFingerprint = (text: string): boolean => FINGERPRINT.test(text);

/** An environment variable whose value is in a Secret. */
export interface SecretVariable {
  readonly variable: string;
  readonly name: string;
  readonly key: string;
}

/** The environment variables of a module whose values are in Secrets. */
export function secretVariables({ env }: Pick<ModuleSpec, 'env'>): SecretVariable[] {
  return env.flatMap(({ name: variable, valueFrom }) =>
    valueFrom === undefined ? [] : [{ variable, ...valueFrom.secretKeyRef }],
  );
}

/** A file of a volume whose content is in a Secret. */
export interface SecretFileRef {
  /** Name of the volume, and path below where it is mounted. */
  readonly volume: string;
  readonly path: string;
  /** Permission bits, such as 0o400. */
  readonly mode: number;
  readonly name: string;
  readonly key: string;
}

/** The same with what is in it. */
export interface SecretFile extends Pick<SecretFileRef, 'volume' | 'path' | 'mode'> {
  readonly bytes: Buffer;
}

/** What a container gets from Secrets. */
export interface Revealed {
  /** Values by environment variable. */
  readonly env: ReadonlyMap<string, string>;
  readonly files: readonly SecretFile[];
}

export const NO_SECRETS: Revealed = { env: new Map(), files: [] };

/** The files of a module that are in Secrets; `keysOf` tells the keys of one of that name. */
export function secretFiles(
  { volumes }: Pick<ModuleSpec, 'volumes'>,
  keysOf: (name: string) => readonly string[],
): SecretFileRef[] {
  return volumes.filter(isSecretVolume).flatMap(({ name: volume, secret }) => {
    const { secretName: name, items, defaultMode } = secret;
    const all = (): SecretItem[] => keysOf(name).map((key) => ({ key, path: key }));
    return (items ?? all()).map(({ key, path, mode }) => ({
      ...{ volume, path, name, key, mode: Number.parseInt(mode ?? defaultMode, 8) },
    }));
  });
}

type SecretItem = NonNullable<SecretVolume['secret']['items']>[number];

/** Names of the Secrets that a module uses, whatever for. */
export function secretsUsedBy(spec: ModuleSpec): ReadonlySet<string> {
  const others = [spec.imagePullSecret, spec.source?.secret];
  return new Set([
    ...secretVariables(spec).map(({ name }) => name),
    ...spec.volumes.filter(isSecretVolume).map(({ secret }) => secret.secretName),
    ...others.filter((name) => name !== undefined),
  ]);
}
