import type { ModuleOperations } from '../controller/operations.js';
import type { KindName, Kinds } from '../kinds/registered.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type {
  Draft,
  Registry,
  UpdateOptions,
  WriteOptions,
  Written,
} from '../registry/registry.js';
import type { Rates } from './limits/rate-limits.js';
import type { Issuer } from './access/oidc/issuer.js';
import type { ConfigStatus } from '../triggers/config/status.js';

/** What the daemon says about being able to do its work. */
export interface Readiness {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly message: string;
  }[];
}

/** So that no handler forgets who asks for a change. undefined is for what nobody asked for. */
interface Audited {
  readonly audit: WriteOptions['audit'];
}

/** The store, as those use it who change it for somebody. */
export interface AuditedRegistry extends Omit<Registry, 'create' | 'update' | 'delete'> {
  create<K extends KindName>(
    kind: K,
    draft: Draft<K>,
    options: WriteOptions & Audited,
  ): Promise<Written<K>>;
  update<K extends KindName>(
    kind: K,
    name: string,
    change: (current: Kinds[K]) => Draft<K>,
    options: UpdateOptions & Audited,
  ): Promise<Written<K>>;
  delete<K extends KindName>(
    kind: K,
    name: string,
    options: WriteOptions & Audited,
  ): Promise<Written<K>>;
}

/** Everything the API needs from the rest of the daemon. */
export interface ApiDeps {
  readonly registry: AuditedRegistry;
  readonly operations: ModuleOperations;
  /** undefined when no config directory is watched. */
  readonly config: ConfigStatus | undefined;
  /** What TCP clients must present; see token.ts. */
  readonly token: string;
  /** Knows who holds the tokens of an OIDC issuer; absent when none is trusted. */
  readonly issuer?: Issuer | undefined;
  /** Version of the product, such as `0.1.0`. */
  readonly version: string;
  /** Prometheus text. */
  readonly metrics: () => Promise<string>;
  readonly readiness: () => Readiness;
  /** Those of limits/rate-limits.ts when undefined. */
  readonly rates?: Rates | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when the daemon stops: watches and logs end, new requests get 503. */
  readonly shutdown: AbortSignal;
}
