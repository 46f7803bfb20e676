import type { ExecSession, Runtime } from '../docker/runtime.js';
import type { Clock } from '../lib/clock.js';
import type { GpuAnswer } from '../plan/gpu-presence.js';

/** The driver's own program, which comes into a container with its GPUs. */
const COMMAND = ['nvidia-smi', '-L'];
const MAX_BYTES = 64 * 1024;
/** A driver that hangs is no reason to wait. */
const LIMIT_MS = 15_000;

/** Asks in a container which GPUs it has; undefined when it does not say in time. */
export async function askForGpus(
  id: string,
  runtime: Pick<Runtime, 'exec'>,
  clock: Pick<Clock, 'after'>,
): Promise<GpuAnswer | undefined> {
  const session = await runtime.exec(id, { command: COMMAND, stdin: false, tty: false });
  let giveUp = (): void => undefined;
  const late = new Promise<undefined>((resolve) => (giveUp = () => resolve(undefined)));
  const cancel = clock.after(LIMIT_MS, giveUp);
  try {
    return await Promise.race([answerOf(session).catch(() => undefined), late]);
  } finally {
    cancel();
    session.close();
  }
}

async function answerOf(session: ExecSession): Promise<GpuAnswer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const { bytes } of session.output) {
    size += bytes.length;
    if (size > MAX_BYTES) return undefined;
    chunks.push(bytes);
  }
  return { text: Buffer.concat(chunks).toString(), exitCode: await session.exitCode() };
}
