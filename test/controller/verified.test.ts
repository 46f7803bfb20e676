import { mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { signatureLink } from '../../src/controller/trust/record-links.js';
import { RegistrarError } from '../../src/model/errors.js';
import type {
  FetchSignatures,
  SignatureQuestion,
} from '../../src/source/image-signatures/image-signatures.js';
import {
  admit,
  BASE,
  buildsOf,
  come,
  conditionOf,
  sourceOf,
  withBuilt,
} from '../helpers/built-modules.js';
import { newKeys, payloadOf, simpleSignature } from '../helpers/cosign.js';
import { imageWith } from '../helpers/memory-images.js';
import { temporaryFolder } from '../helpers/git-repository.js';
import { isReady, readyReason, startLoop } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';
import { goodRepository } from '../helpers/module-repository.js';
import { anSshKey } from '../helpers/signing.js';

const verified = (loop: Loop) => conditionOf(loop.module('web'), 'Verified');

/** A policy with which images of docker.io are refused. */
const ONLY_GHCR = {
  checks: [{ id: 'manifest/image-registry', parameters: { registries: ['ghcr.io'] } }],
};

async function refused(): Promise<Loop> {
  const loop = await startLoop();
  await admit(loop, ONLY_GHCR);
  await loop.apply('web', {});
  await loop.until(() => readyReason(loop.module('web')) === 'VerificationFailed');
  return loop;
}

describe('the condition Verified', () => {
  it('stays false for what was refused while the engine is away', async () => {
    const loop = await refused();
    loop.runtime.goAway();
    await loop.until(() => loop.module('web').status.phase === 'Unknown');
    expect(verified(loop)).toMatchObject({ status: 'False', reason: 'VerificationFailed' });
  });

  it('stays false for what was refused and is suspended', async () => {
    const loop = await refused();
    await loop.apply('web', { suspend: true });
    await loop.until(() => loop.module('web').status.phase === 'Suspended');
    expect(verified(loop)).toMatchObject({ status: 'False', reason: 'VerificationFailed' });
  });

  it('is unknown for a spec that nobody looked at, since the engine is away', async () => {
    const loop = await startLoop();
    await loop.apply('web', {});
    await loop.until(() => isReady(loop.module('web')));
    loop.runtime.goAway();
    await loop.until(() => loop.module('web').status.phase === 'Unknown');
    expect(verified(loop)?.status).toBe('True');
    await loop.apply('web', { env: [{ name: 'A', value: '1' }] });
    await loop.until(() => loop.module('web').status.observedGeneration === 2);
    expect(verified(loop)).toMatchObject({ status: 'Unknown', reason: 'NotVerified' });
    const { links } = await loop.controller.operations.trust(loop.module('web'));
    expect(links.find(({ link }) => link === 'verification')?.holds).toBe('no');
    loop.runtime.comeBack();
    await loop.until(() => isReady(loop.module('web')));
    expect(verified(loop)?.status).toBe('True');
  });
});

describe('nothing new is made', () => {
  it('by a pass in the middle of which a policy forbids it', async () => {
    const loop = await startLoop();
    const release = loop.runtime.hold('imageDetails');
    await loop.apply('web', {});
    await loop.until(() => loop.runtime.count('imageDetails') > 0);
    await admit(loop, ONLY_GHCR);
    release();
    await loop.until(() => readyReason(loop.module('web')) === 'VerificationFailed');
    await loop.advance(60_000);
    expect(loop.runtime.count('create')).toBe(0);
  });

  it('with a folder of the host that leads elsewhere since it was verified', async () => {
    const loop = await startLoop();
    const folder = realpathSync(temporaryFolder('host-paths'));
    for (const name of ['good', 'bad']) mkdirSync(join(folder, name, 'state'), { recursive: true });
    const hostPath = join(folder, 'link');
    symlinkSync(join(folder, 'good', 'state'), hostPath);
    const parameters = { prefixes: [join(folder, 'good')] };
    await admit(loop, { checks: [{ id: 'manifest/host-paths', parameters }] });
    const volume = { name: 'state', hostPath, mountPath: '/state', readOnly: false };
    await loop.apply('web', { volumes: [volume] });
    await come(loop, () => isReady(loop.module('web')));
    rmSync(hostPath);
    symlinkSync(join(folder, 'bad', 'state'), hostPath);
    const [id = ''] = loop.runtime.engine.containers.keys();
    loop.runtime.engine.remove(id);
    await come(loop, () => readyReason(loop.module('web')) === 'VerificationFailed');
    expect([...loop.runtime.engine.containers.keys()]).toEqual([]);
    rmSync(hostPath);
    symlinkSync(join(folder, 'good', 'state'), hostPath);
    await come(loop, () => isReady(loop.module('web')));
  });
});

describe('what was refused', () => {
  it('costs nothing until something changes, also when its source was never fetched', async () => {
    const loop = await startLoop();
    const { repository } = goodRepository(BASE);
    await loop.apply('web', { image: '', source: sourceOf(repository.url) });
    await loop.until(() => readyReason(loop.module('web')) === 'VerificationFailed');
    await loop.advance(10_000);
    const reports = (): string[] => loop.registry.list('Report').items.map(({ json }) => json);
    const before = reports();
    await loop.advance(300_000);
    expect(reports()).toEqual(before);
  });

  it('is not built on', async () => {
    const { loop, repository, apply } = await withBuilt();
    let [begun, ended] = [false, false];
    loop.runtime.engine.builder = ({ signal }) =>
      new Promise((_, reject) => {
        begun = true;
        signal.addEventListener('abort', () => {
          ended = true;
          reject(new RegistrarError('BUILD_FAILED', 'Cannot build: it was cancelled'));
        });
      });
    repository.commit({ 'greeting.txt': 'Hello again\n' });
    await apply({ version: '1.0.1' });
    await come(loop, () => begun);
    await loop.registry.delete('Policy', 'local');
    await come(loop, () => readyReason(loop.module('web')) === 'VerificationFailed');
    expect(ended).toBe(true);
  });

  it('for its image is looked at again when the image is another one', async () => {
    const loop = await startLoop();
    await admit(loop, {
      checks: [{ id: 'image/size', mode: 'enforce', parameters: { maxBytes: 1000 } }],
    });
    loop.runtime.engine.addImage('sample:1', { bytes: 5000 });
    loop.runtime.engine.addImage('sample:2', { bytes: 500 });
    await loop.apply('web', {});
    await loop.until(() => readyReason(loop.module('web')) === 'VerificationFailed');
    await loop.apply('web', { image: 'sample:2' });
    await loop.until(() => isReady(loop.module('web')));
    loop.runtime.engine.addImage('sample:1', { bytes: 600 });
    await loop.apply('web', {});
    await loop.until(
      () => loop.module('web').status.observedGeneration === 3 && isReady(loop.module('web')),
    );
  });
});

describe('work that fails', () => {
  it('is tried again ever more seldom, whatever else wakes the module', async () => {
    const { loop, repository, apply } = await withBuilt();
    repository.commit({ Dockerfile: `FROM ${BASE}\nRUN exit 3\nUSER 7\nCMD ["x"]\n` });
    await apply({ version: '1.0.1' });
    await come(loop, () => readyReason(loop.module('web')) === 'BuildFailed');
    for (let minute = 0; minute < 60; minute += 1) {
      loop.controller.enqueue('all');
      await loop.advance(60_000);
    }
    expect(buildsOf(loop)).toBeGreaterThan(5);
    expect(buildsOf(loop)).toBeLessThan(50);
  });

  it('and that only the user can help with is not tried again', async () => {
    const { loop, repository, apply } = await withBuilt();
    repository.commit({ Dockerfile: `FROM ${BASE}\nRUN sleep 9999\nUSER 7\nCMD ["x"]\n` });
    await apply({ version: '1.0.1' });
    await come(loop, () => readyReason(loop.module('web')) === 'BuildLimit');
    const builds = buildsOf(loop);
    await loop.advance(3_600_000);
    expect(buildsOf(loop)).toBe(builds);
    // Another spec may be why it works now.
    await apply({ version: '1.0.1', env: [{ name: 'A', value: '1' }] });
    await come(loop, () => buildsOf(loop) > builds);
  });
});

it('a report that was just written is never the one that is forgotten', async () => {
  const loop = await startLoop();
  await loop.apply('web', { revisionHistoryLimit: 1 });
  await loop.until(() => isReady(loop.module('web')));
  const [first] = loop.registry.list('Report').items;
  if (first === undefined) throw new Error('There is no report');
  for (let index = 0; index < 5; index += 1) {
    const { object } = first;
    await loop.registry.create('Report', {
      ...{ apiVersion: object.apiVersion, kind: 'Report', metadata: { name: `future-${index}` } },
      spec: { ...object.spec, verifiedAt: '2099-01-01T00:00:00Z' },
    });
  }
  await loop.apply('web', { revisionHistoryLimit: 1, env: [{ name: 'A', value: '1' }] });
  await loop.until(
    () => loop.module('web').status.observedGeneration === 2 && isReady(loop.module('web')),
  );
  const { report = '' } = loop.module('web').status.verification ?? {};
  expect(loop.registry.get('Report', report)).toBeDefined();
});

it('a signature is not called bad because the policy cannot be told', async () => {
  const key = anSshKey();
  const loop = await startLoop();
  const { repository } = goodRepository(BASE);
  repository.commit({ 'greeting.txt': 'Signed\n' }, { sign: key.sign });
  await admit(loop, { signers: [{ name: 'ada', sshKey: key.publicKey.trim() }] });
  await loop.apply('web', { image: '', source: sourceOf(repository.url) });
  await come(loop, () => isReady(loop.module('web')));
  const { report = '' } = loop.module('web').status.verification ?? {};
  const problem = new RegistrarError('POLICY_UNUSABLE', 'File "policy.yaml" cannot be read');
  const link = signatureLink({ report: loop.registry.get('Report', report)?.object }, problem);
  expect(link).toMatchObject({ value: `ada ${key.fingerprint}`, holds: 'unknown' });
  expect(link.detail).toBe(problem.message);
});

describe('the report of what runs', () => {
  it('is kept, however often something else was refused since', async () => {
    const loop = await startLoop();
    await loop.apply('web', { revisionHistoryLimit: 1 });
    await loop.until(() => isReady(loop.module('web')));
    const [running] = loop.registry.list('Revision').items;
    const name = running?.object.spec.report ?? '';
    expect(loop.module('web').status.verification?.report).toBe(name);
    await admit(loop, ONLY_GHCR);
    for (let attempt = 0; attempt < 6; attempt += 1) {
      await loop.apply('web', { revisionHistoryLimit: 1, args: [String(attempt)] });
      const { generation } = loop.module('web').metadata;
      await loop.until(() => loop.module('web').status.observedGeneration === generation);
      await loop.until(() => readyReason(loop.module('web')) === 'VerificationFailed');
    }
    expect(loop.registry.get('Report', name)).toBeDefined();
    expect(loop.registry.list('Report').items.length).toBeLessThanOrEqual(4);
  });
});

describe('an image whose signature a policy asks for', () => {
  const keys = newKeys();
  const SIGNED = {
    checks: [{ id: 'image/cosign', mode: 'enforce' as const, parameters: { keys: [keys.pem] } }],
  };
  const withSigned = async (fetchSignatures: FetchSignatures): Promise<Loop> => {
    const loop = await startLoop({ options: { fetchSignatures } });
    loop.runtime.engine.addImage('sample:1', imageWith({ digest: `sha256:${'d'.repeat(64)}` }));
    await admit(loop, SIGNED);
    await loop.apply('web', {});
    return loop;
  };

  it('runs once its registry can be asked and has one', async () => {
    let answer: FetchSignatures = () =>
      Promise.reject(new RegistrarError('NOT_VERIFIED', 'Cannot fetch the signatures: it is away'));
    const asked: SignatureQuestion[] = [];
    const fetchSignatures: FetchSignatures = (question, signal) => {
      asked.push(question);
      return answer(question, signal);
    };
    const loop = await withSigned(fetchSignatures);
    await loop.until(() => verified(loop)?.message.includes('it is away') === true);
    expect(verified(loop)?.status).toBe('Unknown');
    expect(loop.runtime.count('create')).toBe(0);
    answer = async ({ digest }) => [simpleSignature(payloadOf(digest), keys)];
    await loop.until(() => isReady(loop.module('web')));
    expect(asked[0]).toMatchObject({ reference: loop.module('web').spec.image });
    const times = asked.length;
    await loop.advance(60 * 60_000);
    expect(asked).toHaveLength(times);
  });

  it('is refused when it has none', async () => {
    const loop = await withSigned(async () => []);
    await loop.until(() => readyReason(loop.module('web')) === 'VerificationFailed');
    expect(loop.runtime.count('create')).toBe(0);
  });

  it('is not asked for otherwise', async () => {
    const fetchSignatures = (): Promise<never> => Promise.reject(new Error('asked'));
    const loop = await startLoop({ options: { fetchSignatures } });
    await loop.apply('web', {});
    await loop.until(() => isReady(loop.module('web')));
    expect(loop.runtime.count('create')).toBe(1);
  });
});
