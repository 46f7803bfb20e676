import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { realPathsOf } from '../../../../src/verification/real-paths.js';
import {
  aManifest,
  aManifestSubject,
  foundIn,
  resultOf,
  told,
} from '../../../helpers/check-results.js';

const mounting = (hostPath: string, more: object = {}) => ({
  volumes: [{ name: 'a', hostPath, mountPath: '/a', ...more }],
});

const files = (secret: object, mountPath = '/keys') => ({
  volumes: [{ name: 'a', mountPath, secret }],
});

/** A check of one host path that leads elsewhere; undefined for one that cannot be followed. */
async function led(check: string, hostPath: string, real: string | undefined, parameters = {}) {
  const realPaths = new Map([[hostPath, real]]);
  const subject = aManifestSubject(aManifest(mounting(hostPath)), { realPaths });
  return told(await resultOf(check, { manifest: subject }, parameters));
}

describe('manifest/host-paths', () => {
  const check = 'manifest/host-paths';

  test.each([
    ['/data/a', 'passed'],
    ['/var/log/x', 'passed'],
    ['/data', 'failed: spec.volumes[0].hostPath: "/data" is not below /data, /tmp, /var/log'],
    ['/data2/a', 'failed'],
    ['/var/lib', 'failed'],
    ['/', 'failed'],
  ])('%s: %s', async (hostPath, expected) => {
    expect(await foundIn(check, mounting(hostPath))).toContain(expected);
  });

  test('what counts is where a path leads', async () => {
    expect(await led(check, '/data/a', '/etc')).toBe(
      'failed: spec.volumes[0].hostPath: "/data/a" leads to "/etc" and is not below /data, /tmp, /var/log',
    );
    expect(await led(check, '/link', '/data/a')).toBe('passed');
  });

  test('a path that cannot be followed is not verified, and refused where it is wrong as written', async () => {
    expect(await led(check, '/data/a', undefined)).toMatch(/^notVerified: "\/data\/a" cannot be/);
    expect(await led(check, '/etc/a', undefined)).toMatch(/^failed/);
  });

  test('a policy chooses the folders', async () => {
    const prefixes = { prefixes: ['/srv/wallets'] };
    expect(await foundIn(check, mounting('/srv/wallets/a'), prefixes)).toBe('passed');
    expect(await foundIn(check, mounting('/data/a'), prefixes)).toMatch(/^failed/);
    expect(await foundIn(check, mounting('/data/a'), { prefixes: [] })).toMatch(/allows none$/);
    expect(await foundIn(check, mounting('/srv/a'), { prefixes: ['/'] })).toBe('passed');
  });

  test('named volumes are no folders of the host', async () => {
    expect(await foundIn(check, { volumes: [{ name: 'a', mountPath: '/a' }] })).toMatch(/^notApp/);
  });

  test('real links are followed, those of allowed folders too', async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'registrar-paths-')));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await mkdir(join(folder, 'disk/wallet'), { recursive: true });
    await symlink(join(folder, 'disk'), join(folder, 'allowed'));
    await symlink('/etc', join(folder, 'disk/escape'));
    await symlink('round', join(folder, 'disk/round'));
    const found = async (path: string) => {
      const manifest = aManifest(mounting(join(folder, path)));
      const realPaths = await realPathsOf(manifest);
      const subject = aManifestSubject(manifest, { realPaths });
      const { result } = await resultOf(
        ...([check, { manifest: subject }, { prefixes: [join(folder, 'allowed')] }] as const),
      );
      return result;
    };
    expect(await found('allowed/wallet')).toBe('passed');
    expect(await found('disk/wallet')).toBe('failed');
    expect(await found('allowed/escape')).toBe('failed');
    expect(await found('allowed/escape/ssl')).toBe('failed');
    expect(await found('allowed/round')).toBe('notVerified');
    expect(await found('allowed/none/deeper')).toBe('notVerified');
  });
});

describe('manifest/engine-socket', () => {
  const check = 'manifest/engine-socket';

  test.each([
    ...['/var/run/docker.sock', '/run/docker.sock', '/run', '/var/run', '/var', '/'],
    ...['/run/containerd', '/run/containerd/containerd.sock', '/data/x/docker.sock'],
    ...['/data/podman.sock/x', '/data/docker-engine.sock'],
  ])('%s is refused', async (hostPath) => {
    expect(await foundIn(check, mounting(hostPath))).toMatch(/^failed: spec.volumes\[0\].hostPath/);
  });

  test.each(['/data/docker', '/run2', '/var/log', '/data/docker.sock.txt', '/running'])(
    '%s is not the socket',
    async (hostPath) => {
      expect(await foundIn(check, mounting(hostPath))).toBe('passed');
    },
  );

  test('a link to it is refused, and told by the name it has in the manifest', async () => {
    const found = await led(check, '/data/a', '/run/docker.sock');
    expect(found).toMatch(/^failed: .*"\/data\/a" is, holds/);
  });
});

describe('wallets', () => {
  const readOnly = { readOnly: true };
  test.each([
    [mounting('/data/wallets/miner'), 'failed: spec.volumes[0].hostPath: "/data/wallets/miner"'],
    [mounting('/data/my-wallet'), 'failed'],
    [mounting('/home/a/.bittensor'), 'failed'],
    [mounting('/data/a', { mountPath: '/root/.bittensor/wallets' }), 'failed'],
    [mounting('/data/Wallet1'), 'failed'],
    [mounting('/data/wallets/miner', readOnly), 'passed'],
    [mounting('/data/walleted'), 'passed'],
    [mounting('/data/bittensor-cache'), 'passed'],
    [{ volumes: [{ name: 'a', mountPath: '/wallet' }] }, 'notApplicable'],
  ])('manifest/wallet-read-only of %j: %s', async (spec, expected) => {
    expect(await foundIn('manifest/wallet-read-only', spec)).toContain(expected);
  });

  test.each([
    [mounting('/data/wallets/coldkey', readOnly), 'failed: spec.volumes[0].hostPath'],
    [mounting('/data/a', { mountPath: '/keys/coldkeys', ...readOnly }), 'failed'],
    [mounting('/data/my-Coldkey-backup'), 'failed'],
    [mounting('/data/wallets/coldkeypub.txt', readOnly), 'passed'],
    [mounting('/data/wallets/hotkeys', readOnly), 'passed'],
    [files({ secretName: 'keys' }), 'passed'],
    [files({ secretName: 'keys' }, '/keys/coldkey'), 'failed: spec.volumes[0].secret'],
    [files({ secretName: 'keys', items: [{ key: 'k', path: 'a/coldkey' }] }), 'failed'],
    [files({ secretName: 'keys', items: [{ key: 'coldkey', path: 'k' }] }), 'failed'],
    [{ volumes: [{ name: 'a', mountPath: '/a' }] }, 'notApplicable'],
  ])('manifest/coldkey-mount of %j: %s', async (spec, expected) => {
    expect(await foundIn('manifest/coldkey-mount', spec)).toContain(expected);
  });

  test('a link to a coldkey is found', async () => {
    expect(await led('manifest/coldkey-mount', '/data/a', '/data/b/coldkey')).toMatch(/^failed/);
    expect(await led('manifest/wallet-read-only', '/data/a', '/data/wallets/b')).toMatch(/^failed/);
  });
});
