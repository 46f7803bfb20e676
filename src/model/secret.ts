import type { ModuleSpec } from './module.js';

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

/** Names of the Secrets that a module uses, whatever for. */
export function secretsUsedBy(spec: ModuleSpec): ReadonlySet<string> {
  const others = [spec.imagePullSecret, spec.source?.secret];
  return new Set([
    ...secretVariables(spec).map(({ name }) => name),
    ...others.filter((name) => name !== undefined),
  ]);
}
