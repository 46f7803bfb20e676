import type { IncomingMessage } from 'node:http';
import type { EngineClient } from '../client.js';
import { toEngineError } from '../errors.js';
import type { BuildRequest } from '../runtime.js';
import type { WorkLimits } from '../work-limits.js';
import { buildEnded, buildFailed, buildRefused } from './build-errors.js';
import type { Made } from './build-leftovers.js';
import type { BuildOutput } from './build-output.js';
import { buildQuery } from './build-query.js';
import type { BuildContext } from './context.js';
import { GentleEnd } from './gentle-end.js';

/** One build while it goes on. */
export interface Build {
  /** Completes "Cannot …". */
  readonly doing: string;
  readonly request: BuildRequest;
  /** What is sent; begun to be looked for, since that takes a while. */
  readonly context: Promise<BuildContext>;
  /** Host name that its containers are known by. */
  readonly mark: string;
  readonly limits: WorkLimits;
  readonly output: BuildOutput;
  readonly made: Made;
}

/**
 * Sends a context and follows the build to its end. Resolves to the id of the image, which has neither
 * labels nor a tag yet. What is left in the engine is the caller's to remove.
 */
export async function runBuild(build: Build, client: EngineClient): Promise<string> {
  const { doing, limits, output } = build;
  const context = await build.context;
  try {
    await sendAndFollow(build, context, client);
  } catch (error) {
    if (limits.ended === undefined)
      throw buildRefused(toEngineError(error, doing, client.dockerHost), doing);
  }
  if (limits.ended !== undefined) throw buildEnded(doing, limits.ended, output.step);
  if (output.failure === undefined && output.imageId !== undefined) return output.imageId;
  throw buildFailed(doing, output);
}

async function sendAndFollow(
  build: Build,
  context: BuildContext,
  client: EngineClient,
): Promise<void> {
  const { doing, request, mark, limits, output } = build;
  const query = buildQuery(request, context.dockerfile, mark);
  const archive = context.open(() => limits.progressed());
  const call = { method: 'POST', path: '/build', query, archive, doing } as const;
  const ending = new GentleEnd(limits.signal, () => archive.readableEnded);
  try {
    const stream = await client.stream(call, ending.signal, request.limits.totalMs);
    ending.begun(stream as IncomingMessage);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      limits.progressed();
      output.push(chunk);
      if (output.isTooMuch) limits.end({ kind: 'limit', reason: 'it printed far too much' });
    }
    output.end();
  } finally {
    ending.close();
    archive.destroy();
  }
}
