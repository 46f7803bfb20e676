import { roomAt } from '../../lib/room.js';
import { RegistrarError } from '../../model/errors.js';
import { lowDisk } from '../../plan/disk-floor.js';
import type { ReconcileContext } from '../context.js';

export type DiskContext = Pick<ReconcileContext, 'runtime' | 'disk'>;

/** Why nothing new may be made: a disk has too little room. Undefined when all have enough. */
export async function diskProblem({ runtime, disk }: DiskContext): Promise<string | undefined> {
  if (disk.floorBytes === 0) return undefined;
  const rooms = await Promise.all([runtime.room(), roomAt(disk.dataDir)]);
  return lowDisk(
    rooms.filter((room) => room !== undefined),
    disk.floorBytes,
  );
}

/** DISK_LOW before work that fills disks, when one has too little room for it. */
export async function requireRoom(context: DiskContext): Promise<void> {
  const problem = await diskProblem(context);
  if (problem !== undefined) throw new RegistrarError('DISK_LOW', problem);
}
