import { join } from 'node:path';
import { ROOT } from './paths.js';
import { run } from './run.js';
import { withSession } from './session.js';

/**
 * Runs vitest with an engine and the sample image; resolves to its exit code.
 *
 * @param {readonly string[]} args
 */
export function vitest(args) {
  return withSession(({ host, signal }) =>
    run(join(ROOT, 'node_modules', '.bin', 'vitest'), args, {
      env: { ...process.env, DOCKER_HOST: host, REGISTRAR_GATE: '1' },
      stdout: 'inherit',
      signal,
    }),
  );
}
