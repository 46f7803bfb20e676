import type { Clock } from '../../lib/clock.js';
import { contentOf, unreadable } from './content.js';
import type { ParseManifests } from './content.js';
import type { Entry } from './entry.js';
import { lookAt } from './look.js';
import type { Look } from './look.js';
import { readEntry } from './read.js';
import { ABSENT, isRestless, isSettled, sightAll, sightOne } from './settle.js';
import type { Sighting } from './settle.js';
import type { ConfigFile, ConfigSnapshot, FileContent } from './snapshot.js';

/** Of a content that has to be looked for again with each look. */
const UNREAD = 'unread';

interface Known {
  readonly signature: string;
  readonly content: FileContent;
}

export interface Refreshed {
  /** undefined while it is not settled whether the directory is there. */
  readonly snapshot: ConfigSnapshot | undefined;
  /** Whether anything, or even the directory itself, is another than at the look before. */
  readonly changed: 'nothing' | 'files' | 'directory';
  /** True when another look soon will tell more. */
  readonly unsettled: boolean;
}

/** The files of a directory, each read again only when it changed. One refresh at a time. */
export class ConfigContents {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #parse: ParseManifests;
  readonly #known = new Map<string, Known>();
  #directorySighting: Sighting | undefined;
  #sightings: ReadonlyMap<string, Sighting> = new Map();

  constructor(directory: string, clock: Clock, parse: ParseManifests) {
    this.#directory = directory;
    this.#clock = clock;
    this.#parse = parse;
  }

  /** Looks again. `expected` are the files that own an object. */
  async refresh(expected: ReadonlySet<string>): Promise<Refreshed> {
    const look = await lookAt(this.#directory);
    const nowMs = this.#clock.monotonic();
    const changed = this.#sight(look, expected, nowMs);
    const isSure = this.#directorySighting && isSettled(this.#directorySighting);
    if (!isSure) return { snapshot: undefined, changed, unsettled: true };
    if (look.kind !== 'present') {
      return { snapshot: { directory: look, files: new Map() }, changed, unsettled: false };
    }
    const files = await this.#filesOf(look.entries);
    const unsettled = [...files.values()].some((file) => !file.settled);
    return { snapshot: { directory: { kind: 'present' }, files }, changed, unsettled };
  }

  #sight(look: Look, expected: ReadonlySet<string>, nowMs: number): Refreshed['changed'] {
    const signature = look.kind === 'present' ? look.identity : look.message;
    const directory = sightOne(this.#directorySighting, signature, nowMs);
    const before = this.#directorySighting ?? directory;
    const isOther = directory.signature !== before.signature;
    this.#directorySighting = directory;
    if (look.kind !== 'present') return isOther ? 'directory' : 'nothing';
    const known = this.#sightings;
    const seen = new Map([...look.entries].map(([path, entry]) => [path, signatureOf(entry)]));
    this.#sightings = sightAll(known, seen, expected, nowMs);
    if (isOther) return 'directory';
    const isSame = [...this.#sightings].every(
      ([path, now]) => known.get(path)?.signature === now.signature,
    );
    return isSame ? 'nothing' : 'files';
  }

  async #filesOf(entries: ReadonlyMap<string, Entry>): Promise<Map<string, ConfigFile>> {
    const files = new Map<string, ConfigFile>();
    for (const [path, sighting] of this.#sightings) {
      const file = await this.#fileOf(path, entries.get(path), sighting);
      if (file === undefined) this.#known.delete(path);
      else files.set(path, file);
    }
    return files;
  }

  async #fileOf(
    path: string,
    entry: Entry | undefined,
    sighting: Sighting,
  ): Promise<ConfigFile | undefined> {
    const known = this.#known.get(path);
    const settled = isSettled(sighting);
    if (sighting.signature === ABSENT && settled) return undefined;
    if (known?.signature === sighting.signature) return settledFile(known.content);
    const content = entry && settled ? await this.#load(path, entry) : undefined;
    if (content !== undefined) return settledFile(content);
    const last = known?.content ?? { kind: 'unknown' as const };
    return { content: last, settled: false, restless: isRestless(sighting) };
  }

  /** undefined when the file changed since the look. */
  async #load(path: string, entry: Entry): Promise<FileContent | undefined> {
    const reading = entry.kind === 'file' ? await readEntry(entry) : entry;
    if (reading.kind === 'changed') return undefined;
    const isText = reading.kind === 'text';
    const content = isText
      ? contentOf(path, reading.text, this.#parse)
      : unreadable(path, reading, this.#known.get(path)?.content);
    this.#known.set(path, { signature: isText ? signatureOf(entry) : UNREAD, content });
    return content;
  }
}

function settledFile(content: FileContent): ConfigFile {
  return { content, settled: true, restless: false };
}

function signatureOf(entry: Entry): string {
  return entry.kind === 'file' ? entry.signature : entry.reason;
}
