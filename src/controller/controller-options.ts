import type { Runtime } from '../docker/runtime.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { Registry } from '../registry/registry.js';
import type { AskGate } from '../source/ask-gate.js';
import type { FetchSignatures } from '../source/image-signatures/image-signatures.js';
import type { Packages } from '../source/package.js';
import type { Sources } from '../source/source.js';
import type { Notice, ReconcileContext, VerifyTree } from './context.js';
import type { Outcome } from './outcome.js';
import type { OpenEye } from './progress/eye.js';

/** What the loop is put together from. */
export interface ControllerOptions {
  readonly registry: Registry;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly log: Log;
  readonly sources: Sources;
  readonly packages: Packages;
  readonly fetchSignatures: FetchSignatures;
  /** Asks the address of a gate. */
  readonly askGate: AskGate;
  readonly verifyTree: VerifyTree;
  readonly scan: ReconcileContext['scan'];
  readonly disk: ReconcileContext['disk'];
  /** Folder for the logs of builds. */
  readonly buildLogFolder: string;
  /** Version of this Registrar. */
  readonly registrarVersion: string;
  /** Why it cannot be told what must hold of modules, if it cannot. */
  readonly policyProblem?: () => string | undefined;
  /** The config directory's word on a module. */
  readonly notice?: (module: string) => Notice | undefined;
  /** How the progress of containers is looked at. */
  readonly openEye?: OpenEye;
  /** Called after each pass with what it came to and how long it took. */
  readonly measure?: (outcome: Outcome['kind'], milliseconds: number) => void;
}
