import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aCluster } from './cluster.js';
import type { Cluster } from './cluster.js';
import { lackOf } from './kubectl.js';

const cluster = aCluster(() => cluster.create('idle.yaml'));

/** What the store consists of while nobody has it open, and before. */
const STORE = ['registrar.db', 'registrar.db-wal', 'registrar.db-shm', 'history.json'];

function copyStore({ site, folder }: Cluster, direction: 'keep' | 'restore'): void {
  const kept = join(folder, 'kept');
  const [from, to] = direction === 'keep' ? [site.dataDir, kept] : [kept, site.dataDir];
  for (const file of STORE) {
    rmSync(join(to, file), { force: true });
    if (existsSync(join(from, file))) cpSync(join(from, file), join(to, file));
  }
}

function requireWait(skip: (reason: string) => void): void {
  const lack = lackOf(cluster.versions, 'waitForJson');
  if (lack !== undefined) skip(lack);
}

test('kubectl wait lives through a restart of the daemon', async ({ skip }) => {
  requireWait(skip);
  const running = cluster.beside(
    "kubectl wait --for=jsonpath='{.spec.replicas}'=3 mod/demo --timeout=60s -v=6",
  );
  await running.tells(/watch=true/);
  await cluster.restart();
  await cluster.mustRun('kubectl scale mod demo --replicas=3');
  expect(await running.ends()).toMatchObject({ code: 0 });
});

test('L11 kubectl wait lives through a restore of an older store', async ({ skip }) => {
  requireWait(skip);
  await cluster.stop();
  copyStore(cluster, 'keep');
  await cluster.restart();
  for (let replicas = 4; replicas < 8; replicas += 1) {
    await cluster.mustRun(`kubectl scale mod demo --replicas=${replicas}`);
  }
  const running = cluster.beside(
    "kubectl wait --for=jsonpath='{.spec.replicas}'=9 mod/demo --timeout=60s -v=6",
  );
  await running.tells(/watch=true/);
  await cluster.stop();
  copyStore(cluster, 'restore');
  await cluster.restart();
  await cluster.mustRun('kubectl scale mod demo --replicas=9');
  expect(await running.ends()).toMatchObject({ code: 0 });
});
