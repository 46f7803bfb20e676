import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { foundIn } from './canaries.js';
import type { Site } from './daemon.js';
import { docker } from './engine.js';

/** Texts in which no secret may be, each with where it is from, and what is found in them. */
export class LeakSearch {
  readonly #values: Readonly<Record<string, string>>;
  readonly #leaks: string[] = [];
  #places = 0;

  /** Values by name: what is found is told by name. */
  constructor(values: Readonly<Record<string, string>>) {
    this.#values = values;
  }

  /** Places that were looked at. */
  get places(): number {
    return this.#places;
  }

  /** What was found: `name in place: the line`. */
  get leaks(): readonly string[] {
    return this.#leaks;
  }

  look(place: string, text: string): void {
    this.#places += 1;
    for (const [name, value] of Object.entries(this.#values)) {
      if (foundIn(text, [value]).length === 0) continue;
      const line = text.split('\n').find((one) => foundIn(one, [value]).length > 0) ?? '';
      this.#leaks.push(`${name} in ${place}: ${line.slice(0, 400)}`);
    }
  }

  /** What a daemon keeps, but for its first token, which is there to be read. */
  lookAtData({ dataDir }: Site): void {
    this.look('the store', storeDump(join(dataDir, 'registrar.db')));
    for (const path of filesIn(dataDir).filter((one) => one !== join(dataDir, 'token'))) {
      this.look(path.slice(dataDir.length), readFileSync(path, 'latin1'));
    }
  }

  /** What the engine tells of all that is of a registrar, but for the environment of containers. */
  async lookAtEngine(site: Site): Promise<void> {
    const engine = docker();
    const label = [`registrar.synapsis.network/instance=${site.instanceId()}`];
    const containers = await Promise.all(
      (await site.containers()).map(({ id }) => engine.getContainer(id).inspect()),
    );
    const shown = containers.map(({ Name, Config, Mounts, Args }) => ({
      ...{ Name, Mounts, Args, labels: Config.Labels },
    }));
    const images = await engine.listImages({ filters: { label } });
    const histories = await Promise.all(images.map(({ Id }) => engine.getImage(Id).history()));
    const networks = await engine.listNetworks({ filters: { label } });
    const { Volumes } = await engine.listVolumes({ filters: { label } });
    const all = { containers: shown, images, histories, networks, Volumes };
    for (const [what, found] of Object.entries(all)) this.look(what, JSON.stringify(found));
  }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** All that is in the tables of a store, whatever pages it lies in. */
function storeDump(path: string): string {
  const database = new Database(path, { readonly: true });
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
      .pluck()
      .all() as string[];
    return tables
      .flatMap((table) => database.prepare(`SELECT * FROM "${table}"`).all())
      .flatMap((row) => Object.values(row as object))
      .map((cell) => (Buffer.isBuffer(cell) ? cell.toString('latin1') : String(cell)))
      .join('\n');
  } finally {
    database.close();
  }
}
