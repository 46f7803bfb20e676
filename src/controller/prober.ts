import type { Clock } from '../lib/clock.js';
import type { ObservedContainer } from '../model/container.js';
import type { HealthCheck } from '../model/module.js';
import type { Health } from '../model/module-status.js';
import { attemptOnce } from './probe-attempt.js';

/** Until a container is healthy it is asked more often, so that it is Ready soon after it is. */
const STARTING_INTERVAL_MS = 1_000;
const FIRST_PROBE_MS = 100;

interface Probe {
  readonly check: string;
  health: Health;
  failures: number;
  stop: () => void;
}

/** Tries once; resolves to whether the container passed. Injected by tests. */
export type Attempt = (address: string, check: HealthCheck) => Promise<boolean>;

/**
 * Runs http and tcp health checks from outside, against the container's address; exec checks are
 * the engine's. One probe at a time a container.
 */
export class Prober {
  readonly #clock: Clock;
  readonly #changed: (module: string) => void;
  readonly #attempt: Attempt;
  readonly #probes = new Map<string, Probe>();

  constructor(clock: Clock, changed: (module: string) => void, attempt: Attempt = attemptOnce) {
    this.#clock = clock;
    this.#changed = changed;
    this.#attempt = attempt;
  }

  /**
   * The container with its probed health. Begins probing a running one; `remembered` is its
   * health before a restart of the daemon, so that adopting a container does not make it unready.
   */
  observe(
    container: ObservedContainer,
    check: HealthCheck | undefined,
    remembered: Health | undefined,
  ): ObservedContainer {
    if (check === undefined || check.exec !== undefined) return container;
    if (container.state !== 'running' || container.address === '') {
      this.forget(container.id);
      return { ...container, health: 'starting' };
    }
    const key = JSON.stringify([check, container.address, container.startedAt]);
    const running = this.#probes.get(container.id);
    if (running?.check === key) return { ...container, health: running.health };
    const begun = running === undefined ? remembered : undefined;
    return { ...container, health: this.#begin(container, check, key, begun) };
  }

  /** Stops probing a container that is gone. */
  forget(id: string): void {
    this.#probes.get(id)?.stop();
    this.#probes.delete(id);
  }

  close(): void {
    for (const id of [...this.#probes.keys()]) this.forget(id);
  }

  #begin(
    container: ObservedContainer,
    check: HealthCheck,
    key: string,
    remembered: Health | undefined,
  ): Health {
    this.forget(container.id);
    const health = remembered === 'healthy' ? 'healthy' : 'starting';
    const probe: Probe = { check: key, health, failures: 0, stop: () => {} };
    this.#probes.set(container.id, probe);
    const graceUntil = this.#clock.monotonic() + check.startPeriodSeconds * 1000;
    const again = (delayMs: number): void => {
      probe.stop = this.#clock.after(delayMs, () => {
        void this.#attempt(container.address, check).then((passed) => {
          if (this.#probes.get(container.id) !== probe) return;
          const before = probe.health;
          Object.assign(probe, judge(probe, passed, check, this.#clock.monotonic() < graceUntil));
          if (probe.health !== before) this.#changed(container.owner.module);
          again(nextDelayMs(probe.health, check));
        });
      });
    };
    again(FIRST_PROBE_MS);
    return health;
  }
}

/** Health and count of failures in a row after one more attempt; Docker's rules. */
export function judge(
  probe: { health: Health; failures: number },
  passed: boolean,
  check: HealthCheck,
  inStartPeriod: boolean,
): { health: Health; failures: number } {
  if (passed) return { health: 'healthy', failures: 0 };
  if (probe.health === 'starting' && inStartPeriod) return { health: 'starting', failures: 0 };
  const failures = probe.failures + 1;
  return { health: failures >= check.retries ? 'unhealthy' : probe.health, failures };
}

function nextDelayMs(health: Health, check: HealthCheck): number {
  const usual = check.intervalSeconds * 1000;
  return health === 'starting' ? Math.min(STARTING_INTERVAL_MS, usual) : usual;
}
