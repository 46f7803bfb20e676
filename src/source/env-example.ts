import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { printable } from '../lib/printable.js';

/** A variable that a source wants to be told, without a value: that may be somebody's secret. */
export interface EnvExample {
  readonly name: string;
  readonly comment?: string;
}

/** More than anybody fills in by hand. */
const [MAX_BYTES, MAX_VARIABLES, MAX_COMMENT, MAX_NAME] = [64 * 1024, 100, 200, 255];

/** The variables of `.env.example` in a folder of an archive; none when there is no such file. */
export async function readEnvExample(
  archive: string,
  folder: string,
  signal: AbortSignal,
): Promise<EnvExample[]> {
  const wanted = posix.join(folder, '.env.example');
  const reader = extract();
  const reading = pipeline(createReadStream(archive), reader, { signal });
  // Its failure ends the loop, which tells it.
  reading.catch(() => undefined);
  for await (const entry of reader) {
    const { name, type, size } = entry.header;
    if (name === wanted && type === 'file' && size <= MAX_BYTES) {
      return parseEnvExample(await text(entry));
    }
    entry.resume();
  }
  return [];
}

const VARIABLE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=(.*)$/;
const COMMENT = /^\s*#+\s*(.*)$/;

/** What a variable is for stands above it, or behind its value. */
export function parseEnvExample(content: string): EnvExample[] {
  const found = new Map<string, EnvExample>();
  let above: string[] = [];
  for (const line of content.split(/\r?\n/)) {
    const [, name, rest = ''] = VARIABLE.exec(line) ?? [];
    if (name !== undefined && name.length <= MAX_NAME && found.size < MAX_VARIABLES) {
      const behind = /\s#\s*(.*)$/.exec(rest)?.[1];
      found.set(name, variable(name, [...above, behind ?? ''].join(' ')));
    }
    const comment = COMMENT.exec(line)?.[1];
    // A variable that is commented out explains nothing, and its value may be anything.
    above = comment === undefined || VARIABLE.test(comment) ? [] : [...above, comment];
  }
  return [...found.values()];
}

function variable(name: string, comment: string): EnvExample {
  const shown = printable(comment.trim(), MAX_COMMENT);
  return shown === '' ? { name } : { name, comment: shown };
}
