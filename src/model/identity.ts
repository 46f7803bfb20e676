/** What somebody may do, from the least to the most; each one may also do what those before may. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** A pattern for names of modules: what a name may have, and `*` for any text. */
export const MODULE_PATTERN = '^[a-z0-9*](?:[-a-z0-9*]{0,61}[a-z0-9*])?$';
/** Most patterns that one identity may have. */
export const MAX_PATTERNS = 64;

/** Who sends a request, and what they may do. */
export interface Identity {
  /** Unique among all that are valid at a time: those of an issuer begin with `oidc:`. */
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly role: Role;
  /** Names of the modules that an operator may change, with `*` for any text: `['miner-*']`. */
  readonly modules: readonly string[];
  /** Whether they may run commands in containers, when their role allows it. */
  readonly exec: boolean;
  /** Name of the Token that was presented. */
  readonly tokenId?: string;
  /** When the identity ends by itself, in milliseconds since 1970. */
  readonly expiresAtMs?: number;
  readonly source: 'socket' | 'bootstrap' | 'token' | 'oidc';
}

/** Names that no Token may have: they are those of the identities that every daemon has. */
export const LOCAL_NAME = 'local';
export const BOOTSTRAP_NAME = 'admin';
/** Whom the audit names for what the store does by itself. */
export const STORE_NAME = 'registrar';

/** Whether a role may do what another one may. */
export const hasRole = ({ role }: Pick<Identity, 'role'>, least: Role): boolean =>
  ROLES.indexOf(role) >= ROLES.indexOf(least);

/** Groups that clients are told about. */
export const groupsOf = (role: Role): string[] => ['system:authenticated', `registrar:${role}`];
