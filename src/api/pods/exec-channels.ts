import type { TerminalSize } from '../../docker/runtime.js';
import { isJsonObject } from '../../lib/merge-patch.js';

/** Protocols of Kubernetes for commands over a WebSocket; only the newer has an end of input. */
export const PROTOCOLS: readonly string[] = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** The first byte of a message says which of these it is for. */
export const CHANNELS = {
  stdin: 0,
  stdout: 1,
  stderr: 2,
  result: 3,
  resize: 4,
  close: 255,
} as const;

/** A message for a channel. */
export function frame(channel: number, content: Buffer | string): Buffer {
  return Buffer.concat([Buffer.from([channel]), Buffer.from(content)]);
}

/** What a client says. */
export type Message =
  | { readonly kind: 'input'; readonly bytes: Buffer }
  | { readonly kind: 'endOfInput' }
  | { readonly kind: 'resize'; readonly size: TerminalSize };

/** What a message of a client says; undefined for one that means nothing here. */
export function messageOf(data: Buffer): Message | undefined {
  const [channel] = data;
  const content = data.subarray(1);
  if (channel === CHANNELS.stdin) return { kind: 'input', bytes: content };
  if (channel === CHANNELS.close && content[0] === CHANNELS.stdin) return { kind: 'endOfInput' };
  const size = channel === CHANNELS.resize ? sizeOf(content) : undefined;
  return size && { kind: 'resize', size };
}

function sizeOf(content: Buffer): TerminalSize | undefined {
  const size = parse(content);
  const { Width: width, Height: height } = isJsonObject(size) ? size : {};
  return isCount(width) && isCount(height) ? { width, height } : undefined;
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) > 0;

function parse(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString());
  } catch {
    return undefined;
  }
}

/** The Status that tells how a command ended; clients take the exit code from it. */
export function exitStatus(code: number): object {
  if (code === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit code ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}
