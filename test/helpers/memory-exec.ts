import { PassThrough } from 'node:stream';
import type { Writable } from 'node:stream';
import type {
  ExecRequest,
  ExecSession,
  GateEnd,
  GateRequest,
  Output,
  TerminalSize,
} from '../../src/docker/runtime.js';
import type { Clock } from '../../src/lib/clock.js';
import { RegistrarError } from '../../src/model/errors.js';

/** What a program of the engine in memory works with. */
export interface Program {
  readonly args: readonly string[];
  readonly input: AsyncIterable<Buffer>;
  readonly tty: boolean;
  /** Resolves when the reader took it. */
  readonly write: (source: Output['source'], text: string | Buffer) => Promise<void>;
  /** Sizes of its terminal, as they were told. */
  readonly sizes: readonly TerminalSize[];
  /** Aborted when nobody is there any more. */
  readonly signal: AbortSignal;
}

/** Resolves to the exit code. */
export type Run = (program: Program) => Promise<number>;

const cat: Run = async ({ input, write }) => {
  for await (const chunk of input) await write('stdout', chunk);
  return 0;
};

/** What `sh -c` understands: commands with `;` between them. */
const shell: Run = async ({ args: [, script = ''], write }) => {
  for (const command of script.split(';').map((one) => one.trim())) {
    const [, code] = /^exit (\d+)$/.exec(command) ?? [];
    if (code !== undefined) return Number(code);
    const [, text = '', toErrors] = /^echo (\S+)( >&2)?$/.exec(command) ?? [];
    await write(toErrors === undefined ? 'stdout' : 'stderr', `${text}\n`);
  }
  return 0;
};

/** Programs that every image of the engine in memory has. */
export const PROGRAMS: ReadonlyMap<string, Run> = new Map([
  ['cat', cat],
  ['sh', shell],
]);

/** Runs a program as the engine would; one that is not there ends with 127. */
export function runInMemory(
  { command, stdin, tty }: ExecRequest,
  programs: ReadonlyMap<string, Run>,
): ExecSession {
  const [name = '', ...args] = command;
  const input = new PassThrough();
  if (!stdin) input.end();
  const output = new PassThrough({ objectMode: true, highWaterMark: 1 });
  const abort = new AbortController();
  const sizes: TerminalSize[] = [];
  const program: Program = {
    ...{ args, input, tty, sizes, signal: abort.signal },
    write: (source, text) =>
      written(output, { source: tty ? 'stdout' : source, bytes: Buffer.from(text) }),
  };
  const ended = (programs.get(name) ?? notFound)(program);
  void ended.finally(() => output.end()).catch(() => undefined);
  return {
    ...{ input, output },
    exitCode: () => ended,
    resize: async (size) => void sizes.push(size),
    close: () => {
      abort.abort();
      input.destroy();
      output.destroy();
    },
  };
}

/** Where gates run in memory. */
interface Host {
  readonly programs: ReadonlyMap<string, Run>;
  readonly clock: Clock;
}

/** Runs the command of a gate as the engine would. */
export async function runGateInMemory(
  { command, timeoutMs }: GateRequest,
  { programs, clock }: Host,
  signal: AbortSignal,
): Promise<GateEnd> {
  signal.throwIfAborted();
  const [name = ''] = command;
  if (!programs.has(name)) throw new RegistrarError('START_FAILED', `Cannot start "${name}"`);
  const session = runInMemory({ command, stdin: false, tty: false }, programs);
  const pieces: Buffer[] = [];
  void (async () => {
    for await (const { bytes } of session.output) pieces.push(bytes);
  })().catch(() => undefined);
  try {
    const exitCode = await Promise.race([session.exitCode(), timeUp(clock, timeoutMs, signal)]);
    return { exitCode, oomKilled: false, log: Buffer.concat(pieces).toString() };
  } finally {
    session.close();
  }
}

const timeUp = (clock: Clock, milliseconds: number, signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve, reject) => {
    const cancel = clock.after(milliseconds, () => resolve(undefined));
    const end = (): void => {
      cancel();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', end, { once: true });
  });

const notFound: Run = async ({ write }) => {
  await write('stdout', 'executable file not found\r\n');
  return 127;
};

function written(output: Writable, piece: Output): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(piece, (error) => (error ? reject(error) : resolve()));
  });
}
