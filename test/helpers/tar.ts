/** A tar written by hand, so that it can be as wrong as a test wants it. */
export interface TarPart {
  readonly name?: string;
  readonly prefix?: string;
  readonly type?: string;
  readonly mode?: number;
  readonly target?: string;
  readonly content?: string | Buffer;
  /** What the header says, when that is not how long the content is. */
  readonly size?: number;
  /** Changes the header after its checksum was made. */
  readonly damage?: boolean;
}

const BLOCK = 512;
const END = Buffer.alloc(2 * BLOCK);

const octal = (value: number, digits: number): string =>
  `${value.toString(8).padStart(digits, '0')}\0`;

/** One entry: header, content and padding. */
export function tarPart(part: TarPart): Buffer {
  const content = Buffer.from(part.content ?? '');
  const header = Buffer.alloc(BLOCK);
  header.write(part.name ?? 'name', 0, 100);
  header.write(octal(part.mode ?? 0o644, 7), 100);
  header.write(octal(part.size ?? content.length, 11), 124);
  header.write(part.type ?? '0', 156);
  header.write(part.target ?? '', 157, 100);
  header.write('ustar\u000000', 257, 'latin1');
  header.write(part.prefix ?? '', 345, 155);
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  if (part.damage === true) header.write('other', 0);
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return Buffer.concat([header, content, padding]);
}

/** A pax record, with the length that belongs to it. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  const length = [1, 2, 3, 4, 5].find((digits) => `${bytes + digits}`.length === digits) ?? 0;
  return `${bytes + length}${rest}`;
}

/** An archive of some entries, with the end that belongs to it. */
export const tarOf = (parts: readonly TarPart[], end: Buffer = END): Buffer =>
  Buffer.concat([...parts.map(tarPart), end]);
