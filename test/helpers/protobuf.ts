/** A field of a message to be written: its number, and a text or the fields of a message in it. */
export type ProtobufField = readonly [number, string | Uint8Array | readonly ProtobufField[]];

/** Bytes of a number in base 128, the lowest digits first. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

/** Bytes of a message whose fields are all length-delimited. */
export function protobuf(...fields: readonly ProtobufField[]): Uint8Array {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      const bytes = bytesOf(value);
      return [varint(number * 8 + 2), varint(bytes.length), bytes];
    }),
  );
}

function bytesOf(value: ProtobufField[1]): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value);
  return value instanceof Uint8Array ? value : protobuf(...value);
}

/** The body in which Kubernetes' clients send an object. */
export function kubernetesProtobuf(
  [apiVersion, kind]: readonly [string, string],
  ...object: readonly ProtobufField[]
): Buffer {
  const type: ProtobufField = [
    1,
    [
      [1, apiVersion],
      [2, kind],
    ],
  ];
  const envelope = protobuf(type, [2, object], [3, ''], [4, '']);
  return Buffer.concat([Buffer.from('k8s\0'), envelope]);
}
