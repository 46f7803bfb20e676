/** What a container has used from its start until one moment. */
export interface UsageSample {
  /** Milliseconds since 1970, by the engine's clock. */
  readonly at: number;
  /** Processor time of all its processes together. */
  readonly cpuNanoseconds: number;
  /** Memory without file pages that the kernel gives up first. */
  readonly memoryBytes: number;
}

/** What a container uses, as an average of a stretch of time. */
export interface Usage {
  /** End of the stretch, in milliseconds since 1970, by the engine's clock. */
  readonly at: number;
  readonly windowMs: number;
  /** Billionths of a processor. */
  readonly nanoCpus: number;
  /** At the end of the stretch. */
  readonly memoryBytes: number;
}

/** The usage between two samples; undefined when they are of different runs or the same moment. */
export function usageBetween(first: UsageSample, second: UsageSample): Usage | undefined {
  const windowMs = second.at - first.at;
  const nanoseconds = second.cpuNanoseconds - first.cpuNanoseconds;
  if (windowMs <= 0 || nanoseconds < 0) return undefined;
  const nanoCpus = Math.round((nanoseconds * 1000) / windowMs);
  return { at: second.at, windowMs, nanoCpus, memoryBytes: second.memoryBytes };
}
