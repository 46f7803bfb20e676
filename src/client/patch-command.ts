import { ServerCommand } from './base-command.js';
import { dryRunFlag, dryRunSuffix, nameArg } from './flags.js';
import { fullName, moduleNames } from './names.js';
import { patchObject } from './objects.js';
import { MODULES } from './resource.js';
import { print } from './terminal.js';

/** Given in each command: the framework does not look at what a class inherits. */
export const patchArgs = { name: nameArg('Names of modules') };
export const patchFlags = { 'dry-run': dryRunFlag };

/** A command that makes the same small change to each module named. */
export abstract class PatchCommand extends ServerCommand {
  /** What the line about a module says was done. */
  protected abstract readonly verb: string;
  /** The merge patch for each module. */
  protected abstract patch(): object;

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(this.ctor as typeof PatchCommand);
    const names = moduleNames(argv as string[]);
    const dryRun = flags['dry-run'] === 'server';
    const client = await this.connect(flags);
    const patch = this.patch();
    await this.each(names, async (name) => {
      await patchObject(client, MODULES, name, patch, { dryRun });
      print(`${fullName(name)} ${this.verb}${dryRunSuffix(dryRun)}`);
    });
  }
}
