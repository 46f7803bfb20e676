import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { tar } from '../../bin/lib/tar.js';

export interface ImageContent {
  /** What it says of its processor, such as `arm64`. */
  readonly architecture: string;
  /** What is in it as `/bin/sh`. */
  readonly program: Buffer;
}

/** An image with one program, and nothing like it anywhere; resolves to its id. */
export async function loadedImage(engine: Docker, content: ImageContent): Promise<string> {
  const layer = tar([
    { path: 'bin/', type: 'folder' },
    { path: 'bin/sh', type: 'file', mode: 0o755, content: content.program },
    { path: 'marker', type: 'file', content: randomBytes(16) },
  ]);
  const diff = createHash('sha256').update(layer).digest('hex');
  const config = {
    ...{ architecture: content.architecture, os: 'linux', created: '1970-01-01T00:00:00Z' },
    config: { User: '65532:65532', Cmd: ['sh'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${diff}`] },
  };
  const manifest = [{ Config: 'config.json', RepoTags: [], Layers: ['layer.tar'] }];
  const archive = tar([
    { path: 'config.json', type: 'file', content: Buffer.from(JSON.stringify(config)) },
    { path: 'layer.tar', type: 'file', content: layer },
    { path: 'manifest.json', type: 'file', content: Buffer.from(JSON.stringify(manifest)) },
  ]);
  const said = await text((await engine.loadImage(Readable.from([archive]))) as Readable);
  const id = /sha256:[0-9a-f]{64}/.exec(said)?.[0];
  if (id === undefined) throw new Error(`The engine did not load the image: ${said}`);
  return id;
}
