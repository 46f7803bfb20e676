import type { EngineClient } from './client.js';
import { timeoutError, toEngineError } from './errors.js';

/** The beginning of the tar archive of a path in a container, `maxBytes` at most. */
export async function readArchive(
  client: EngineClient,
  containerId: string,
  path: string,
  maxBytes: number,
): Promise<Buffer> {
  const call = { method: 'GET', ...archiveOf(containerId, path), doing: `read "${path}"` } as const;
  const deadlineMs = client.deadlines.readMs;
  const deadline = AbortSignal.timeout(deadlineMs);
  const stream = await client.stream(call, deadline);
  try {
    return await take(stream as AsyncIterable<Buffer>, maxBytes);
  } catch (error) {
    if (deadline.aborted) throw timeoutError(call.doing, deadlineMs);
    throw toEngineError(error, call.doing, client.dockerHost);
  }
}

/** Extracts a tar archive into a folder of a container. */
export async function writeArchive(
  client: EngineClient,
  containerId: string,
  path: string,
  archive: Buffer,
): Promise<void> {
  const doing = `write "${path}"`;
  await client.call({ method: 'PUT', ...archiveOf(containerId, path), archive, doing });
}

const archiveOf = (id: string, path: string): { path: string; query: { path: string } } => ({
  ...{ path: `/containers/${id}/archive`, query: { path } },
});

/** Leaving the loop destroys the stream, and with it the connection. */
async function take(stream: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}
