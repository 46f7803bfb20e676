/** Bytes that cannot be compressed, the same each time. */
export function noise(bytes: number): Buffer {
  let state = 1;
  const words = Uint32Array.from({ length: bytes / 4 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  });
  return Buffer.from(words.buffer);
}
