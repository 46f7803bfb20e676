import { StringDecoder } from 'node:string_decoder';

/** One JSON object of a watch, or one line of a log, is never longer. */
const MAX_LINE_LENGTH = 8 * 1024 * 1024;

/**
 * The lines of a byte stream, without their line feed; the last one needs none. Only `\n` ends a
 * line: readline also splits at U+2028, which JSON may contain. A longer line comes in pieces.
 */
export async function* linesOf(
  stream: AsyncIterable<Buffer>,
  maxLength = MAX_LINE_LENGTH,
): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const parts = (rest + decoder.write(chunk)).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
    for (; rest.length > maxLength; rest = rest.slice(maxLength)) yield rest.slice(0, maxLength);
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}
