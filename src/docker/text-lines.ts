import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream of bytes into lines; a line longer than `maxLength` is given in pieces. */
export class TextLines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #maxLength: number;
  #rest = '';

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** The lines that end in these bytes, without their ends. */
  push(bytes: Buffer): string[] {
    const parts = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = parts.pop() ?? '';
    if (this.#rest.length > this.#maxLength) {
      parts.push(this.#rest);
      this.#rest = '';
    }
    return parts;
  }

  /** What is left at the end of the stream. */
  end(): string[] {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    return rest === '' ? [] : [rest];
  }
}
