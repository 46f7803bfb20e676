import { handle } from '@oclif/core/handle';
import { flush } from '@oclif/core/flush';
import { run } from '@oclif/core/run';

/**
 * Runs the command that the arguments name, to its end or to what is said of its failure.
 *
 * @param from address of the file that was started; package.json is looked for from there
 */
export async function runCommandLine(args: string[], from: string): Promise<void> {
  await run(args, from).then(() => flush(), handle);
}
