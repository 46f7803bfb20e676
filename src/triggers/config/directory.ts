import { resolve } from 'node:path';
import { DECLARED_KINDS, parseDeclared } from '../../kinds/declared.js';
import { RegistrarError } from '../../model/errors.js';
import { keyText } from '../../model/kinds.js';
import type { ObjectKey } from '../../model/kinds.js';
import type { Registry } from '../../registry/registry.js';
import type { ParseManifests } from './content.js';
import { ConfigContents } from './contents.js';
import type { Refreshed } from './contents.js';
import { ConfigConverger } from './converge.js';
import type { Convergence, ConvergerOptions } from './converge.js';
import { ownerFileOf } from './draft.js';
import { ConfigHints } from './hints.js';
import type { Notice } from './report.js';
import { Rounds } from './rounds.js';
import type { Cause } from './rounds.js';
import { SETTLE_MS } from './settle.js';
import type { ConfigStatus, FileProblem, HeldPrune } from './status.js';

/** kubelet looks at its files this often. */
const RESCAN_MS = 20_000;

export interface ConfigDirectoryOptions extends ConvergerOptions {
  readonly directory: string;
  readonly registry: Registry;
  /** Time between two looks that nothing asked for. */
  readonly rescanMs?: number;
  readonly parse?: ParseManifests;
}

/** The config directory as a trigger: keeps the registry saying what its files say. */
export interface ConfigDirectory extends ConfigStatus {
  /** Resolves when what the files say at start is stored or refused, at the latest on close. */
  readonly ready: Promise<void>;
  /** Ends the watch after the round that runs; stores nothing afterwards. */
  close(): Promise<void>;
}

/** Watches a directory, which may not be there yet. Never rejects for what is or is not in it. */
export async function watchConfigDirectory(
  options: ConfigDirectoryOptions,
): Promise<ConfigDirectory> {
  const directory = new WatchedDirectory(options);
  await directory.start();
  return directory;
}

class WatchedDirectory implements ConfigDirectory {
  readonly directory: string;
  readonly ready: Promise<void>;
  readonly #options: ConfigDirectoryOptions;
  readonly #contents: ConfigContents;
  readonly #converger: ConfigConverger;
  readonly #rounds: Rounds;
  readonly #hints: ConfigHints;
  /** True when the last round saw something that needs another look soon. */
  #isUnsettled = true;
  #setReady: () => void = () => undefined;
  #unwatch: readonly (() => void)[] = [];

  constructor(options: ConfigDirectoryOptions) {
    const { clock, log, parse = parseDeclared } = options;
    this.#options = options;
    this.directory = resolve(options.directory);
    this.ready = new Promise((done) => (this.#setReady = done));
    this.#contents = new ConfigContents(this.directory, clock, parse);
    this.#converger = new ConfigConverger(options);
    this.#rounds = new Rounds(clock, (cause) => this.#round(cause));
    this.#hints = new ConfigHints(this.directory, () => this.#rounds.hint(), log);
  }

  async start(): Promise<void> {
    const { registry } = this.#options;
    // A name is free again when the object that had it is gone.
    this.#unwatch = DECLARED_KINDS.map((kind) =>
      registry.watch(kind, registry.resourceVersion, ({ type }) => {
        if (type === 'DELETED') this.#rounds.hint();
      }),
    );
    await this.#hints.restart();
    this.#rounds.hint();
  }

  problems(): readonly FileProblem[] {
    return this.#converger.report.problems;
  }

  held(): HeldPrune | undefined {
    return this.#converger.report.held;
  }

  policyProblem(): string | undefined {
    return this.#converger.policyProblem;
  }

  notice(module: string): Notice | undefined {
    return this.#converger.report.notices.get(keyText({ kind: 'Module', name: module }));
  }

  confirmPrune(objects?: readonly ObjectKey[]): Promise<readonly ObjectKey[]> {
    return this.#rounds.exclusive(async () => {
      const held = this.held();
      if (held === undefined)
        throw new RegistrarError('CONFLICT', 'No deletion waits to be confirmed');
      const isHeld = new Set(held.objects.map(keyText));
      const confirmed = (objects ?? held.objects).map(keyText).filter((key) => isHeld.has(key));
      const convergence = await this.#look('hint', new Set(confirmed));
      const [refusal] =
        convergence?.refusals.filter(({ action }) => action.kind === 'delete') ?? [];
      if (refusal !== undefined) throw refusal.error;
      return convergence?.deleted ?? [];
    });
  }

  async close(): Promise<void> {
    for (const end of this.#unwatch) end();
    await this.#rounds.close();
    await this.#hints.close();
    this.#setReady();
  }

  /** Resolves to the delay until the next round. */
  async #round(cause: Cause): Promise<number> {
    const { log, rescanMs = RESCAN_MS } = this.#options;
    try {
      const convergence = await this.#look(cause, new Set());
      if (convergence !== undefined) this.#setReady();
    } catch (error) {
      log.error({ error }, 'Config directory could not be applied');
    }
    return this.#isUnsettled ? Math.min(SETTLE_MS, rescanMs) : rescanMs;
  }

  /** The watcher hears nothing of another directory, or of a change that nobody told of. */
  #isDeaf(changed: Refreshed['changed'], cause: Cause): boolean {
    return (
      changed === 'directory' || (changed === 'files' && cause === 'time' && !this.#isUnsettled)
    );
  }

  /** Looks and converges; undefined when it is not certain yet whether the directory is there. */
  async #look(cause: Cause, confirmed: ReadonlySet<string>): Promise<Convergence | undefined> {
    const owners = this.#converger.objects().flatMap((object) => ownerFileOf(object) ?? []);
    const { snapshot, changed, unsettled } = await this.#contents.refresh(new Set(owners));
    if (this.#isDeaf(changed, cause)) await this.#hints.restart();
    const convergence = snapshot && (await this.#converger.converge(snapshot, confirmed));
    this.#isUnsettled = unsettled || convergence?.hasFresh === true;
    return convergence;
  }
}
