/** A field of a message: text, or a message in it. */
export type Field = readonly [number: number, value: string | Buffer];

const LENGTH_DELIMITED = 2;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

/** A message of protobuf in which every field is text or a message. */
export function message(...fields: readonly Field[]): Buffer {
  const parts = fields.map(([number, value]) => {
    const bytes = Buffer.from(value as string);
    return Buffer.concat([varint(number * 8 + LENGTH_DELIMITED), varint(bytes.length), bytes]);
  });
  return Buffer.concat(parts);
}

/** An object as clients wrap it: a magic number, its type, and its bytes. */
export function wrapped(apiVersion: string, kind: string, raw: Buffer): Buffer {
  const type = message([1, apiVersion], [2, kind]);
  return Buffer.concat([Buffer.from('k8s\0'), message([1, type], [2, raw], [3, ''], [4, ''])]);
}
