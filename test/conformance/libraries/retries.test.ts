import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ensureKubectl } from '../../../bin/lib/test-clients.js';
import { tempDataDir } from '../../helpers/temp-registry.js';
import { failure, faultProxy } from '../fault-proxy.js';
import { wireApi } from '../http/wire-api.js';
import { runCommand } from '../shell.js';
import type { Terminal } from '../shell.js';
import type { Connection } from '../wire.js';
import { kubeConfig } from './client-node.js';

const BUSY = {
  ...{ code: 429, headers: { 'retry-after': '1' } },
  body: failure(429, 'TooManyRequests', { details: { retryAfterSeconds: 1 } }),
};

function terminalFor(connection: Connection): Terminal {
  const cwd = tempDataDir();
  const KUBECONFIG = join(cwd, 'kubeconfig');
  writeFileSync(KUBECONFIG, kubeConfig(connection).exportConfig());
  return { cwd, env: { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG } };
}

it('L12 kubectl get mod waits and tries again when the server is busy', async ({ skip }) => {
  if ((await ensureKubectl()) === undefined) skip('There is no kubectl');
  const wire = await wireApi();
  await wire.create('demo');
  const { proxy, connection } = await faultProxy(wire.connection);
  proxy.answer(/\/modules/, BUSY, BUSY);
  const ran = await runCommand('kubectl get mod -o name', terminalFor(connection));
  expect(ran).toMatchObject({ code: 0, stdout: 'module.registrar.synapsis.network/demo\n' });
  expect(proxy.requests.filter((line) => line.includes('/modules'))).toHaveLength(3);
});
