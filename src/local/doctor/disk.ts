import { createDockerRuntime } from '../../docker/docker-runtime.js';
import { findDockerHost } from '../../docker/docker-host.js';
import { silentLog } from '../../lib/log.js';
import { roomAt } from '../../lib/room.js';
import { lowDisk } from '../../plan/disk-floor.js';
import { ok, problem, unknown } from './check.js';
import type { DoctorCheck } from './check.js';

/** Whether something new can be made on the disks of the engine and of the data directory. */
export const DISK: DoctorCheck = {
  id: 'disk',
  async look({ dataDir, dockerHost, diskFloorBytes }) {
    const runtime = createDockerRuntime({
      ...{ dockerHost: findDockerHost(dockerHost), instanceId: '', log: silentLog },
      ...{ protectedPaths: [], secretsDir: '' },
    });
    const rooms = await Promise.all([runtime.room().catch(() => undefined), roomAt(dataDir)]);
    const known = rooms.filter((room) => room !== undefined);
    if (known.length === 0) return unknown('neither disk can be looked at from here');
    const low = lowDisk(known, diskFloorBytes);
    if (low !== undefined) return problem(low);
    return ok(
      known
        .map(({ folder, freeBytes }) => `${inGib(freeBytes)} GiB free at "${folder}"`)
        .join(', '),
    );
  },
};

const inGib = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);
