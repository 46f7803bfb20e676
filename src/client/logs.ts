import type { Module } from '../model/module.js';
import type { Client } from './http.js';
import { linesOf } from './lines.js';
import { streamBuildLog, streamLog } from './modules.js';
import type { LogQuery } from './modules.js';

/** Slots of a module that have or had a container, ascending. */
export function slotsOf({ status }: Module): number[] {
  return status.containers.map(({ slot }) => slot).toSorted((a, b) => a - b);
}

/** Passes on the log of one slot line by line, each with the prefix; ends when the stream does. */
export async function copyLog(
  client: Client,
  name: string,
  query: LogQuery,
  prefix: string,
  write: (line: string) => void,
): Promise<void> {
  const stream = await streamLog(client, name, query);
  for await (const line of linesOf(stream)) write(prefix + line);
}

/** Passes on what the last build printed, line by line; with `follow` until it ends. */
export async function copyBuildLog(
  client: Client,
  name: string,
  follow: boolean,
  write: (line: string) => void,
): Promise<void> {
  for await (const line of linesOf(await streamBuildLog(client, name, follow))) write(line);
}
