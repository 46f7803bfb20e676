/** Whose tokens are taken beside our own, and what in them says who somebody is. */
export interface OidcSettings {
  /** URL as it is in the tokens: https, or http on a loopback address. */
  readonly issuer: string;
  /** What the tokens must be made for. */
  readonly audience: string;
  /** Claim with the name. */
  readonly usernameClaim: string;
  /** Claim with one of the roles. */
  readonly roleClaim: string;
  /** Claim with the patterns for the modules of an operator; all modules when undefined. */
  readonly modulesClaim: string | undefined;
}

export const DEFAULT_USERNAME_CLAIM = 'sub';
export const DEFAULT_ROLE_CLAIM = 'registrar_role';
