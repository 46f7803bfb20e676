import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aSite, becomesReady, eventually, manifest } from '../helpers/daemon.js';
import { docker } from '../helpers/engine.js';

describe('registrar', () => {
  it('turns a committed manifest into a running container, follows edits, and cleans up', async () => {
    const site = aSite();
    site.declare('web.yaml', manifest('web'));
    await site.start();
    await becomesReady(site, 'web');
    const [first] = await site.containers();
    expect(first).toMatchObject({ state: 'running', module: 'web' });
    site.declare('web.yaml', manifest('web', '  env: [{ name: COLOUR, value: blue }]\n'));
    await eventually(async () => {
      const [container, ...others] = await site.containers();
      return others.length === 0 && container?.state === 'running' && container.id !== first?.id;
    }, 'the container is replaced');
    rmSync(join(site.configDir, 'web.yaml'));
    const held = async () => (await site.cli(['config'])).stdout.includes('DirectoryEmpty');
    await eventually(held, 'an empty directory is not taken for a delete');
    expect(await site.containers()).toHaveLength(1);
    expect(await site.cli(['config', 'confirm-prune', '--yes'])).toMatchObject({ code: 0 });
    await eventually(async () => (await site.containers()).length === 0, 'confirmed, it is one');
  });

  it('applies from standard input, shows, scales, restarts, suspends and deletes', async () => {
    const site = aSite();
    await site.start();
    const applied = await site.cli(
      ['apply', '-f', '-', '--wait', '--timeout=60s'],
      manifest('web'),
    );
    expect(applied).toMatchObject({ code: 0 });
    expect(applied.stdout).toContain('module.registrar.synapsis.network/web created');
    expect(await site.cli(['diff', '-f', '-'], manifest('web'))).toMatchObject({ code: 0 });
    const diff = await site.cli(['diff', '-f', '-'], manifest('web', '  args: [x]\n'));
    expect(diff.code).toBe(1);
    expect(diff.stdout).toMatch(/\+ .*create container/);
    const shown = await site.cli(['get']);
    expect(shown.stdout).toMatch(/NAME +VERSION +TYPE +PHASE +READY +RESTARTS +COMMIT +AGE/);
    expect(shown.stdout).toMatch(/web +1\.0\.0 +miner +Running +1\/1 +0/);
    expect(await site.cli(['scale', 'web', '--replicas=2'])).toMatchObject({ code: 0 });
    await eventually(async () => (await site.containers()).length === 2, 'two containers');
    const before = (await site.containers()).map(({ id }) => id).toSorted();
    await site.cli(['restart', 'web']);
    await eventually(async () => {
      const now = await site.containers();
      return (
        now.length === 2 &&
        now.every(({ id, state }) => !before.includes(id) && state === 'running')
      );
    }, 'both are replaced');
    await site.cli(['suspend', 'web']);
    await eventually(async () => (await site.containers()).length === 0, 'suspended');
    await site.cli(['resume', 'web']);
    await eventually(async () => (await site.containers()).length === 2, 'resumed');
    expect(await site.cli(['delete', 'web', '--timeout=60s'])).toMatchObject({ code: 0 });
    expect(await site.containers()).toEqual([]);
    const label = [`registrar.synapsis.network/instance=${site.instanceId()}`];
    const networks = await docker().listNetworks({ filters: { label } });
    expect(networks).toEqual([]);
  });

  it('follows logs of all replicas, with a prefix each', async () => {
    const site = aSite();
    await site.start();
    const command = '  command: [sh, -c, "echo hello; sleep 3600"]\n';
    const text = manifest('web', `  replicas: 2\n${command}`);
    await site.cli(['apply', '-f', '-', '--wait', '--timeout=60s'], text);
    const { stdout } = await site.cli(['logs', 'web']);
    expect(stdout.split('\n').filter(Boolean).toSorted()).toEqual([
      '[web-0] hello',
      '[web-1] hello',
    ]);
  });

  it('adopts what runs after kill -9 and after SIGTERM: same container, same start, no restart', async () => {
    const site = aSite();
    site.declare('web.yaml', manifest('web'));
    let daemon = await site.start();
    await becomesReady(site, 'web');
    const look = async () => {
      const [container] = await site.containers();
      const { State, Id } = await docker()
        .getContainer(container?.id ?? '')
        .inspect();
      return { Id, pid: State.Pid, startedAt: State.StartedAt };
    };
    const before = await look();
    for (const signal of ['SIGKILL', 'SIGKILL', 'SIGTERM'] as const) {
      const code = await daemon.end(signal);
      expect(code).toBe(signal === 'SIGTERM' ? 0 : null);
      daemon = await site.start();
      await becomesReady(site, 'web');
      expect(await look()).toEqual(before);
    }
    const { stdout } = await site.cli(['get', 'web', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ status: { restarts: 0, readyReplicas: 1 } });
  });

  it('refuses a second daemon on the same data directory, naming the first', async () => {
    const site = aSite();
    const daemon = await site.start();
    const where = ['--config-dir', site.configDir, '--data-dir', site.dataDir, '--port', '0'];
    const second = await site.cli(['daemon', ...where]);
    expect(second.code).not.toBe(0);
    expect(second.stderr).toContain(String(daemon.pid));
  });

  it('refuses a port that is taken, and frees its own data directory again', async () => {
    const [first, second] = [aSite(), aSite()];
    const daemon = await first.start();
    const [, port = ''] = /127\.0\.0\.1:(\d+)/.exec(daemon.log()) ?? [];
    const where = ['--config-dir', second.configDir, '--data-dir', second.dataDir];
    const refused = await second.cli(['daemon', ...where, '--port', port]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('the port is in use');
    await second.start();
  });
});
