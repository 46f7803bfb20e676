import { setTimeout as sleep } from 'node:timers/promises';
import type { DaemonProcess, Site } from '../helpers/daemon.js';
import type { EngineProxy } from '../helpers/engine-proxy.js';
import type { OwnEngine } from '../helpers/own-engine.js';
import type { Modules } from '../helpers/live-modules.js';
import type { Asked, Wish } from './model.js';
import { specOf } from './model.js';
import type { Random } from './random.js';

export type WorldParts = Pick<World, 'site' | 'engine' | 'proxy' | 'modules' | 'random'>;

/** A daemon with its modules, and all that may be done to it. */
export class World {
  readonly asked = new Map<string, Asked>();
  readonly counts = new Map<string, number>();
  daemon: DaemonProcess | undefined;
  #numbers = 0;
  #names = 0;

  readonly site: Site;
  readonly engine: OwnEngine;
  readonly proxy: EngineProxy;
  readonly modules: Modules;
  readonly random: Random;

  constructor({ site, engine, proxy, modules, random }: WorldParts) {
    this.site = site;
    this.engine = engine;
    this.proxy = proxy;
    this.modules = modules;
    this.random = random;
  }

  async start(): Promise<void> {
    this.daemon = await this.site.start(['--docker-host', this.proxy.dockerHost]);
  }

  get running(): DaemonProcess {
    if (this.daemon === undefined) throw new Error('No daemon runs');
    return this.daemon;
  }

  count(what: string): void {
    this.counts.set(what, 1 + (this.counts.get(what) ?? 0));
  }

  wish(ends: Wish['ends']): Wish {
    this.#numbers += 1;
    return { number: this.#numbers, ends, replicas: this.random.between(1, 3) };
  }

  async create(): Promise<void> {
    this.#names += 1;
    const name = `soak-${this.#names}`;
    await this.#write(name, this.wish('well'), (wish) =>
      this.modules.create(name, specOf(wish)).then(() => undefined),
    );
  }

  /** Writes to a module; a write whose answer is lost is remembered as one that may be stored. */
  async change(name: string, ends: Wish['ends']): Promise<void> {
    await this.#write(name, this.wish(ends), (wish) =>
      this.modules.change(name, specOf(wish)).then(() => undefined),
    );
  }

  /** Deletes a module and waits until it is gone. */
  async delete(name: string): Promise<void> {
    this.touch(name);
    const { code, stderr } = await this.site.cli(['delete', name, '--timeout', '60s']);
    if (code !== 0) throw new Error(`Cannot delete ${name}: ${stderr}`);
    this.asked.delete(name);
  }

  /** Something is done to a module: its containers may not be the same afterwards. */
  touch(name: string): void {
    const asked = this.asked.get(name);
    if (asked !== undefined) asked.lives = undefined;
  }

  anyModule(): string {
    return this.random.pick([...this.asked.keys()]);
  }

  async #write(name: string, wish: Wish, send: (wish: Wish) => Promise<void>): Promise<void> {
    const asked = this.asked.get(name) ?? { name, possible: [], lives: undefined };
    this.asked.set(name, asked);
    this.touch(name);
    try {
      await send(wish);
      asked.possible = [wish];
      this.count('acknowledged writes');
    } catch (error) {
      if (asked.possible.length === 0) this.asked.delete(name);
      if (!isLost(error)) throw error;
      asked.possible = [...asked.possible, wish];
      this.count('writes whose answer was lost');
    }
  }
}

/** Whether nobody knows what became of a request. */
function isLost(error: unknown): boolean {
  const text = error instanceof Error ? `${error.name} ${error.message}` : String(error);
  return /SERVER_UNREACHABLE|reach|ECONN|EPIPE|ENOENT|socket hang up|closed|503/i.test(text);
}

export const seconds = (count: number): Promise<void> => sleep(count * 1000);
