import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { onTestFinished } from 'vitest';
import { tar } from '../../bin/lib/tar.js';

/**
 * An image with only the given files, and the settings of a Dockerfile instruction such as
 * `USER app`; resolves to its id. It is removed after the test.
 */
export async function importImage(
  engine: Docker,
  instruction: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const entries = Object.entries({ 'etc/marker': instruction, ...files });
  const archive = tar(
    entries.map(([path, content]) => ({ path, type: 'file', content: Buffer.from(content) })),
  );
  const changes = instruction === '' ? {} : { changes: instruction };
  const stream = await engine.importImage(Readable.from([archive]), changes);
  const id = /sha256:[0-9a-f]{64}/.exec(await text(stream))?.[0];
  if (id === undefined) throw new Error('The engine did not say the id of the image');
  onTestFinished(() => forgetImage(engine, id));
  return id;
}

/** Removes an image, if it is still there. */
export async function forgetImage(engine: Docker, id: string): Promise<void> {
  const left = await engine.listImages();
  if (left.some((image) => image.Id === id)) await engine.getImage(id).remove({ force: true });
}
