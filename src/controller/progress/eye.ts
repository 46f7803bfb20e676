import type { Runtime } from '../../docker/runtime.js';
import type { Clock } from '../../lib/clock.js';
import type { ObservedContainer } from '../../model/container.js';
import type { ProgressCheck } from '../../model/module.js';
import { fileEye } from './file-eye.js';
import { httpEye } from './http-eye.js';
import type { Sample } from './judge.js';
import { logEye } from './log-eye.js';

/** Looks at the progress of one run of one container. */
export interface Eye {
  /** Never rejects; ends within seconds. */
  look(): Promise<Sample>;
  /** Lets go of what it holds. */
  close(): void;
}

/** What an eye looks with. */
export interface Sight {
  readonly runtime: Pick<Runtime, 'logs' | 'fileTime'>;
  readonly clock: Clock;
}

/** Opens an eye for a container; injected by tests. */
export type OpenEye = (container: ObservedContainer, check: ProgressCheck) => Eye;

/** The eye that a check asks for. */
export const eyesWith =
  ({ runtime, clock }: Sight): OpenEye =>
  ({ id, address }, { http, file, logPattern }) => {
    if (http !== undefined) return httpEye(address, http);
    if (file !== undefined) return fileEye(id, file, runtime);
    return logEye(id, logPattern ?? '', { runtime, clock });
  };
