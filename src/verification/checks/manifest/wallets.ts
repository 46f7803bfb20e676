import { printable } from '../../../lib/printable.js';
import { isSecretVolume } from '../../../model/volumes.js';
import { check, NotApplicable } from '../../check.js';
import type { ManifestSubject } from '../../subjects.js';
import { hostFolders, hostMounts, pathsOf } from './host-mounts.js';
import { specField } from './spec-field.js';

/** Folders that keys of wallets lie in by custom: `wallets`, `my-wallet`, `.bittensor`. */
const WALLET = /(?:^|[^a-z])wallets?(?:[^a-z]|$)|^\.bittensor$/i;

/** `coldkeypub.txt` is meant for everybody. */
const COLDKEY = /coldkeys?(?!_?-?pub)/i;

const hasPart = (paths: readonly string[], part: RegExp): boolean =>
  paths.some((path) => path.split('/').some((one) => part.test(one)));

/** Files of Secrets that a module mounts, as far as the manifest names them. */
function secretMounts({ manifest }: ManifestSubject) {
  return manifest.spec.volumes.flatMap((volume, index) => {
    if (!isSecretVolume(volume)) return [];
    const { mountPath, secret } = volume;
    const items = (secret.items ?? []).flatMap(({ key, path }) => [key, path]);
    const field = specField('volumes', index, 'secret');
    return [{ field, what: mountPath, paths: [mountPath, ...items] }];
  });
}

/** A module cannot change or delete the keys it uses. */
export const WALLET_READ_ONLY = check({
  id: 'manifest/wallet-read-only',
  title: 'Wallets are mounted read-only',
  severity: 'high',
  mode: 'enforce',
  about: 'manifest',
  why: 'A module that can write to a wallet can replace its keys, and a bug in it can delete them.',
  remedy: 'Set readOnly: true for the volume',
  run(subject) {
    return hostMounts(subject)
      .filter((mount) => !mount.readOnly && hasPart(pathsOf(mount), WALLET))
      .map(({ field, hostPath }) => ({
        field,
        message: `"${printable(hostPath)}" holds a wallet and can be written by the module`,
      }));
  },
});

/** The key that owns the stake is nowhere near a module. */
export const COLDKEY_MOUNT = check({
  id: 'manifest/coldkey-mount',
  title: 'No coldkey is mounted',
  severity: 'critical',
  mode: 'enforce',
  about: 'manifest',
  why: 'Modules sign with a hotkey. Whoever has the coldkey can move everything that is staked with it.',
  remedy: 'Mount the hotkey only, and keep the coldkey on another machine',
  run(subject) {
    const folders = hostFolders(subject).map((mount) => ({
      ...{ field: mount.field, what: mount.hostPath, paths: pathsOf(mount) },
    }));
    const mounts = [...folders, ...secretMounts(subject)];
    if (mounts.length === 0) {
      throw new NotApplicable('The module mounts neither a folder of the host nor a Secret');
    }
    return mounts
      .filter(({ paths }) => hasPart(paths, COLDKEY))
      .map(({ field, what }) => ({
        field,
        message: `"${printable(what)}" is mounted as a coldkey`,
      }));
  },
});
