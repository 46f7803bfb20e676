import { styleText } from 'node:util';

/** What can deceive a reader or a terminal, but for the tabs and line feeds of a text. */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text of several lines, safe for a terminal: hidden characters become `?`. */
export function safeText(text: string): string {
  return text.replace(HIDDEN, '?');
}

/** A pipe gets the exact bytes, a terminal never an escape sequence of somebody else. */
const forStream = (stream: NodeJS.WriteStream, text: string): string =>
  stream.isTTY ? safeText(text) : text;

/** One result, on standard output. */
export function print(text: string): void {
  process.stdout.write(`${forStream(process.stdout, text)}\n`);
}

/** A result that was made safe part by part and then coloured. */
export function printStyled(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Whether standard output takes colours: a terminal, unless NO_COLOR or FORCE_COLOR decides. */
export const hasColour = (): boolean => styleText('red', 'x') !== 'x';

/** Something to know beside the result, on standard error. */
export function note(text: string): void {
  process.stderr.write(`${forStream(process.stderr, text)}\n`);
}

/** Something to act on, as kubectl puts it. */
export function warn(text: string): void {
  note(`Warning: ${text}`);
}

/** Ends quietly when the reader of a pipe has seen enough (`registrar get | head -1`). */
export function quitOnBrokenPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
