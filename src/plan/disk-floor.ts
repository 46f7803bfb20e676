import type { Room } from '../lib/room.js';

/** A disk smaller than ten times the floor is only asked for its tenth part. */
const SHARE = 0.1;

/** The first disk that has too little room for anything new, in words; undefined when none has. */
export function lowDisk(rooms: readonly Room[], floorBytes: number): string | undefined {
  const low = rooms.find((room) => room.freeBytes < floorOf(room, floorBytes));
  if (low === undefined) return undefined;
  const { folder, freeBytes } = low;
  return `The disk of "${folder}" has ${inMiB(freeBytes)} left, less than the floor of ${inMiB(floorOf(low, floorBytes))}; make room, or set --disk-floor`;
}

const floorOf = ({ totalBytes }: Room, floorBytes: number): number =>
  Math.min(floorBytes, totalBytes * SHARE);

export const inMiB = (bytes: number): string => `${Math.floor(bytes / 1024 ** 2)} MiB`;
