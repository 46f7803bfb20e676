import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judge, Prober } from '../../src/controller/prober.js';
import type { Attempt } from '../../src/controller/prober.js';
import { systemClock } from '../../src/lib/clock.js';
import type { HealthCheck } from '../../src/model/module.js';
import { aContainer } from '../helpers/builders.js';
import { FakeClock } from '../helpers/fake-clock.js';

const timing = { intervalSeconds: 10, timeoutSeconds: 1, retries: 2, startPeriodSeconds: 0 };
const tcp: HealthCheck = { tcp: { port: 80 }, ...timing };

function setUp(answers: boolean[], check = tcp) {
  const clock = new FakeClock();
  const changed: string[] = [];
  const attempts: string[] = [];
  const attempt: Attempt = (address) => {
    attempts.push(address);
    return Promise.resolve(answers.shift() ?? false);
  };
  const prober = new Prober(clock, (module) => changed.push(module), attempt);
  onTestFinished(() => prober.close());
  const health = () => prober.observe(aContainer(), check, undefined).health;
  return { clock, prober, changed, attempts, health };
}

describe('Prober', () => {
  it('calls a container healthy after the first success and wakes its module once', async () => {
    const { clock, changed, health } = setUp([true, true]);
    expect(health()).toBe('starting');
    await clock.advance(100);
    expect(health()).toBe('healthy');
    await clock.advance(10_000);
    expect(changed).toEqual(['web']);
  });

  it('asks every second until healthy, then at the interval', async () => {
    const { clock, attempts, health } = setUp([false, true, true], { ...tcp, retries: 10 });
    health();
    await clock.advance(1_100);
    expect(attempts).toHaveLength(2);
    await clock.advance(9_999);
    expect(attempts).toHaveLength(2);
    await clock.advance(1);
    expect(attempts).toHaveLength(3);
  });

  it('calls it unhealthy after as many failures in a row as retries says', async () => {
    const { clock, changed, health } = setUp([true, false, true, false, false, true]);
    health();
    await clock.advance(30_100);
    expect(health()).toBe('healthy');
    await clock.advance(10_000);
    expect(health()).toBe('unhealthy');
    await clock.advance(10_000);
    expect(health()).toBe('healthy');
    expect(changed).toHaveLength(3);
  });

  it('does not probe what does not run, and begins anew when it runs again', async () => {
    const { clock, prober, attempts } = setUp([true, true]);
    const stopped = aContainer({ state: 'exited' });
    expect(prober.observe(stopped, tcp, undefined).health).toBe('starting');
    await clock.advance(60_000);
    expect(attempts).toEqual([]);
    expect(prober.observe(aContainer(), tcp, undefined).health).toBe('starting');
    await clock.advance(100);
    expect(attempts).toHaveLength(1);
  });

  it('trusts the health it had before a restart of the daemon', () => {
    const { prober } = setUp([]);
    expect(prober.observe(aContainer(), tcp, 'healthy').health).toBe('healthy');
  });

  it('leaves containers without a check, and exec checks, to the engine', () => {
    const { prober, clock } = setUp([]);
    const container = aContainer({ health: 'healthy' });
    const exec = { exec: { command: ['true'] }, ...timing };
    expect(prober.observe(container, undefined, undefined)).toBe(container);
    expect(prober.observe(container, exec, undefined)).toBe(container);
    expect(clock.waiting).toEqual([]);
  });

  it('probes a real server over HTTP: 200 to 399 pass, everything else does not', async () => {
    const server = createServer((request, response) => {
      response.statusCode = Number(request.url?.slice(1));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const healthOf = (path: string, to = port) =>
      new Promise<string>((resolve) => {
        const container = aContainer({ address: '127.0.0.1' });
        const check = { ...timing, retries: 1, http: { path, port: to } };
        const prober: Prober = new Prober(systemClock, () => {
          resolve(prober.observe(container, check, undefined).health);
          prober.close();
        });
        prober.observe(container, check, undefined);
      });
    const paths = ['/200', '/302', '/404', '/500', '/not a path'];
    const healths = await Promise.all(paths.map((path) => healthOf(path)));
    expect(healths).toEqual(['healthy', 'healthy', 'unhealthy', 'unhealthy', 'unhealthy']);
    expect(await healthOf('/200', 1)).toBe('unhealthy');
  });
});

describe('judge()', () => {
  it('does not count failures in the start period until the container was healthy once', () => {
    const starting = { health: 'starting', failures: 0 } as const;
    expect(judge(starting, false, tcp, true)).toEqual(starting);
    const healthy = { health: 'healthy', failures: 1 } as const;
    expect(judge(healthy, false, tcp, true)).toEqual({ health: 'unhealthy', failures: 2 });
  });
});
