import { RegistrarError } from '../model/errors.js';
import type { Client } from './http.js';
import { listModules } from './modules.js';
import { moduleNames } from './names.js';

/** How a command may name modules: by name, by label, or all of them. */
export interface Choice {
  readonly args: readonly string[];
  readonly selector: string | undefined;
  readonly all: boolean;
}

/**
 * The names of the modules chosen. BAD_REQUEST when nothing is chosen, and when names come with a
 * selector or --all.
 */
export async function chosenNames(client: Client, choice: Choice): Promise<readonly string[]> {
  const { args, selector, all } = choice;
  const byQuery = all || selector !== undefined;
  // With a selector, the only word that may stand there is the kind.
  const words = byQuery ? args.filter((word) => !/^(mod|modules?)$/.test(word)) : args;
  if (!byQuery) return moduleNames(words);
  if (words.length > 0)
    throw new RegistrarError(
      'BAD_REQUEST',
      'Name modules, or choose them with -l or --all, not both',
    );
  const { items } = await listModules(client, { labelSelector: selector });
  return items.map((module) => module.metadata.name);
}
