/** The bytes of an IDX file of unsigned bytes. */
export function idxBytes(shape: readonly number[], elements: Iterable<number>): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x0800 + shape.length, 0);
  shape.forEach((extent, index) => header.writeUInt32BE(extent, 4 + 4 * index));
  return Buffer.concat([header, Uint8Array.from(elements)]);
}
