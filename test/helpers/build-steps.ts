import { Readable } from 'node:stream';
import { tar } from '../../bin/lib/tar.js';
import { docker } from './engine.js';

/** What the engine says of a Dockerfile. */
export interface Tried {
  /** How many instructions it read; undefined when it refused the Dockerfile as a whole. */
  readonly steps: number | undefined;
  readonly error: string;
}

/** Builds from a Dockerfile alone, as Registrar does: by the classic builder. It is meant to fail. */
export async function tryBuild(text: string): Promise<Tried> {
  const archive = tar([{ path: 'Dockerfile', type: 'file', content: Buffer.from(text) }]);
  try {
    const options = { version: '1', rm: true, forcerm: true } as const;
    const stream = await docker().buildImage(Readable.from([archive]), options);
    let output = '';
    for await (const chunk of stream) output += String(chunk);
    const error = /"error":"((?:[^"\\]|\\.)*)"/.exec(output)?.[1] ?? '';
    const steps = /Step 1\/(\d+) /.exec(output)?.[1];
    return { steps: steps === undefined ? undefined : Number(steps), error };
  } catch (error) {
    return { steps: undefined, error: String(error) };
  }
}
