import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensurePythonClient } from '../../../bin/lib/test-clients.js';
import { openTempRegistry, tempDataDir } from '../../helpers/temp-registry.js';
import { MERGE_PATCH, MODULES, wireApi } from '../http/wire-api.js';
import type { Connection } from '../wire.js';
import { kubeConfig } from './client-node.js';

const PROGRAM = resolve('test/conformance/libraries/python-client.py');
const NO_CLIENT = "Debian's python3-kubernetes is not here, and only root can install it";

let python: string | undefined;

beforeAll(async () => {
  python = await ensurePythonClient();
  if (python === undefined) console.info(NO_CLIENT);
});

/** Runs an item of the program; rejects with its standard error when it fails. */
async function run(item: string, connection: Connection): Promise<void> {
  const folder = tempDataDir();
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, kubeConfig(connection).exportConfig());
  // The client keeps what it discovered in the folder for temporary files.
  const env = { ...process.env, TMPDIR: folder };
  await promisify(execFile)(python ?? '', [PROGRAM, file, item], { env });
}

describe('the Python client', () => {
  it('L8 DynamicClient does all that it can', async ({ skip }) => {
    if (python === undefined) skip(NO_CLIENT);
    const { api, connection } = await wireApi();
    await run('dynamic', connection);
    expect(api.registry.list('Module').items.map(({ object }) => object.metadata.name)).toEqual([
      'other',
    ]);
  });

  it('L9 a watch from a version that is too old is an ApiException 410', async ({ skip }) => {
    if (python === undefined) skip(NO_CLIENT);
    const { registry } = await openTempRegistry({ changeLogLimit: 1 });
    const { connection, create, send } = await wireApi({ registry });
    await create('demo');
    for (let replicas = 2; replicas < 5; replicas += 1) {
      const body = { spec: { replicas } };
      await send('PATCH', `${MODULES}/demo`, { headers: MERGE_PATCH, body });
    }
    await run('expired', connection);
  });

  it('L10 asks for versions with a slash at the end', async ({ skip }) => {
    if (python === undefined) skip(NO_CLIENT);
    await run('discovery', (await wireApi()).connection);
  });
});
