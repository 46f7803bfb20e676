import type { EngineClient } from './client.js';
import { refusalStatus } from './errors.js';

/** What the engine does by itself with a container that has exited with an error. */
export const KEPT_UP = { Name: 'on-failure', MaximumRetryCount: 5 };

/**
 * Without it an engine that comes up starts what exited with an error, also what was stopped: then two
 * run side by side that must not.
 */
export const LEFT_ALONE = { Name: 'no' };

/** A container that refuses is one that is going: what is to be done with it tells. */
export async function setRestartPolicy(
  id: string,
  policy: typeof KEPT_UP | typeof LEFT_ALONE,
  client: EngineClient,
  deadlineMs = client.deadlines.changeMs,
): Promise<void> {
  const path = `/containers/${id}/update`;
  const doing = `change the restart policy of container ${id.slice(0, 12)}`;
  try {
    const call = { method: 'POST', path, doing, body: { RestartPolicy: policy } } as const;
    await client.call(call, deadlineMs);
  } catch (error) {
    if (refusalStatus(error) === undefined) throw error;
  }
}
