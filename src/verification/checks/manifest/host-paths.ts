import Type from 'typebox';
import { printable } from '../../../lib/printable.js';
import { check, NotVerified } from '../../check.js';
import { allowedList } from './allowed-list.js';
import { hostMounts, isBelow } from './host-mounts.js';
import type { HostMount } from './host-mounts.js';

/** Folders of the host are where modules may have some, with all links followed. */
export const HOST_PATHS = check({
  id: 'manifest/host-paths',
  title: 'Folders of the host are below allowed ones',
  severity: 'high',
  mode: 'enforce',
  about: 'manifest',
  why: 'A module reads, and often writes, all that is in a folder of the host it mounts.',
  remedy: 'Mount a folder below an allowed one, or allow its parent in the policy',
  parameters: Type.Object({
    prefixes: Type.Array(Type.String({ pattern: '^/', maxLength: 1024 }), {
      default: ['/data', '/tmp', '/var/log'],
      maxItems: 100,
      description: 'Folders below which a module may mount one; a link among them is followed',
    }),
  }),
  run(subject, { prefixes }) {
    const mounts = hostMounts(subject);
    const allowed = prefixes.flatMap((prefix) => [prefix, subject.realPaths.get(prefix) ?? prefix]);
    const isOutside = ({ realPath, hostPath }: HostMount): boolean =>
      !allowed.some((prefix) => isBelow(realPath ?? hostPath, prefix));
    const problems = mounts.filter(isOutside).map((mount) => problemOf(mount, prefixes));
    const lost = mounts.find(({ realPath }) => realPath === undefined);
    if (problems.length === 0 && lost !== undefined) throw notFollowed(lost);
    return problems;
  },
});

function problemOf({ field, hostPath, realPath }: HostMount, prefixes: readonly string[]) {
  const leads =
    realPath === undefined || realPath === hostPath ? '' : ` leads to "${printable(realPath)}" and`;
  const allowed =
    prefixes.length === 0 ? 'any folder: the policy allows none' : allowedList(prefixes);
  return { field, message: `"${printable(hostPath)}"${leads} is not below ${allowed}` };
}

const notFollowed = ({ hostPath }: HostMount): NotVerified =>
  new NotVerified(
    `"${printable(hostPath)}" cannot be followed on this host; make the folder first`,
  );
