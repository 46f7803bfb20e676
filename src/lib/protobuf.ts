/** A message in the wire format of Protocol Buffers: the bytes of each length-delimited field. */
export type ProtobufMessage = ReadonlyMap<number, Uint8Array>;

/** Most fields of one message that are looked at; what is read here has a dozen. */
const MAX_FIELDS = 1000;
const MAX_FIELD_NUMBER = 2 ** 29 - 1;

/**
 * Reads the fields of one message, not those of messages inside. Of a field that comes again the
 * last one counts; numbers are passed over. undefined when the bytes are no message: a length that
 * leads out of them, a group, or more than 1000 fields.
 */
export function readProtobuf(bytes: Uint8Array): ProtobufMessage | undefined {
  const fields = new Map<number, Uint8Array>();
  const cursor = new Cursor(bytes);
  for (let count = 0; !cursor.isAtEnd; count += 1) {
    const tag = cursor.varint();
    const number = Math.floor(tag / 8);
    const value = cursor.value(tag % 8);
    const isField = number >= 1 && number <= MAX_FIELD_NUMBER && count < MAX_FIELDS;
    if (!isField || cursor.isBroken) return undefined;
    if (value !== undefined) fields.set(number, value);
  }
  return fields;
}

/** Goes through bytes from the first to the last, and never beyond. */
class Cursor {
  #at = 0;
  isBroken = false;

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.#at >= this.bytes.length;
  }

  /** The next number; numbers too large for this language are not exact, which no caller needs. */
  varint(): number {
    let value = 0;
    for (let index = 0; index < 10; index += 1) {
      const byte = this.bytes[this.#at];
      if (byte === undefined) break;
      this.#at += 1;
      value += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return value;
    }
    this.isBroken = true;
    return 0;
  }

  /** The value of a wire type: bytes for the length-delimited one, nothing for numbers. */
  value(wireType: number): Uint8Array | undefined {
    switch (wireType) {
      case 0:
        this.varint();
        return undefined;
      case 1:
        this.#take(8);
        return undefined;
      case 2:
        return this.#take(this.varint());
      case 5:
        this.#take(4);
        return undefined;
      default:
        this.isBroken = true;
        return undefined;
    }
  }

  #take(length: number): Uint8Array | undefined {
    const end = this.#at + length;
    if (this.isBroken || end > this.bytes.length) {
      this.isBroken = true;
      return undefined;
    }
    const taken = this.bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
