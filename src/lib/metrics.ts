import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the daemon counts. Labels never carry names of objects, so their number is bounded. */
export interface Metrics {
  readonly reconciles: Counter<'outcome'>;
  readonly reconcileSeconds: Histogram;
  /** Prometheus text of everything. */
  text(): Promise<string>;
}

/** Values that are read when somebody asks. */
export interface Gauges {
  readonly queueDepth: () => number;
  readonly modules: () => Iterable<[phase: string, count: number]>;
  readonly engineUp: () => boolean;
}

/** A set of metrics of its own, so that two daemons in one process do not share any. */
export function createMetrics(gauges: Gauges): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  gauge('registrar_queue_depth', 'Modules that wait for a worker', gauges.queueDepth, registry);
  const up = (): number => Number(gauges.engineUp());
  gauge('registrar_engine_up', 'Whether the container engine answers', up, registry);
  phases(gauges, registry);
  return {
    reconciles: new Counter({
      name: 'registrar_reconciles_total',
      help: 'Reconcile passes by what they came to',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    reconcileSeconds: new Histogram({
      name: 'registrar_reconcile_seconds',
      help: 'Duration of a reconcile pass',
      buckets: [0.001, 0.01, 0.1, 0.5, 1, 5, 30],
      registers: [registry],
    }),
    text: () => registry.metrics(),
  };
}

function gauge(name: string, help: string, read: () => number, registry: Registry): void {
  const collect = function (this: Gauge): void {
    this.set(read());
  };
  registry.registerMetric(new Gauge({ name, help, collect, registers: [] }));
}

function phases({ modules }: Gauges, registry: Registry): void {
  const collect = function (this: Gauge<'phase'>): void {
    this.reset();
    for (const [phase, count] of modules()) this.set({ phase }, count);
  };
  const help = 'Modules by phase';
  const labelNames = ['phase'] as const;
  registry.registerMetric(
    new Gauge({ name: 'registrar_modules', help, labelNames, collect, registers: [] }),
  );
}
