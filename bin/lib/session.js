import { build } from './build.js';
import { acquireEngine } from './engine.js';
import { ensureSampleImage, removeSampleImage } from './sample-image.js';

/**
 * Runs `body` with everything ready: built, an engine, the sample image. Afterwards, also after an
 * error or a signal, what was not there before is gone. A signal aborts `signal`; `body` must end
 * soon after. Resolves to the exit code that `body` resolves to, 130 after a signal.
 *
 * @param {(session: { host: string, signal: AbortSignal }) => Promise<number>} body
 * @returns {Promise<number>}
 */
export async function withSession(body) {
  const interrupted = new AbortController();
  const { signal } = interrupted;
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(name, () => interrupted.abort());
  }
  await build();
  const { host, release } = await acquireEngine();
  try {
    const imageIsOurs = await ensureSampleImage(host);
    try {
      const code = signal.aborted ? 130 : await body({ host, signal });
      return signal.aborted ? 130 : code;
    } finally {
      if (imageIsOurs) await removeSampleImage(host);
    }
  } finally {
    await release();
  }
}
