import { compile } from './compile.js';
import { ensureDependencies } from './dependencies.js';
import { withLock } from './lock.js';
import { ROOT } from './paths.js';

/** Makes the repository runnable: dependencies, dist and the list of commands. Fast when it is. */
export function build() {
  return withLock(ROOT, async () => {
    await ensureDependencies();
    await compile();
  });
}
