import type { EngineClient } from './client.js';
import { refusalStatus } from './errors.js';
import { parseJson, replyOf, textOf } from './reply.js';

/** Tells of a path in base64 of JSON. The engine looks inside of the container's file system only. */
const STAT_HEADER = 'x-docker-container-path-stat';

/**
 * When a file in a container was last written, in the engine's words; undefined when it is not
 * there, or in memory, where older engines do not look. A symbolic link stands for where it leads,
 * which the engine has resolved without leaving the container.
 */
export async function fileTime(
  containerId: string,
  path: string,
  client: EngineClient,
): Promise<string | undefined> {
  const { linkTarget, ...link } = replyOf(await statOf(containerId, path, client));
  const target = textOf(linkTarget);
  const { mtime } = target === '' ? link : replyOf(await statOf(containerId, target, client));
  return textOf(mtime) || undefined;
}

/** What the engine says of a path, undefined when there is nothing. */
async function statOf(id: string, path: string, client: EngineClient): Promise<unknown> {
  const doing = `look at "${path}" in container ${id.slice(0, 12)}`;
  const call = {
    method: 'HEAD',
    path: `/containers/${id}/archive`,
    query: { path },
    doing,
  } as const;
  const ended = new AbortController();
  try {
    const answer = await client.stream(call, ended.signal);
    const header = (answer as { headers?: Record<string, unknown> }).headers?.[STAT_HEADER];
    answer.destroy();
    return parseJson(Buffer.from(textOf(header), 'base64').toString('utf8'));
  } catch (error) {
    if (refusalStatus(error) === 404) return undefined;
    throw error;
  }
}
