import type { MessageWriter } from '@foxglove/rosmsg2-serialization';

/** Writes a message as its bytes (CDR), text as UTF-8; fields that are not given are 0 or empty. */
export function writeCdr(writer: MessageWriter, message: unknown): Uint8Array {
  return writer.writeMessage(withRoom(message));
}

/**
 * The writer gives a text as many bytes as it has UTF-16 units, and cuts what needs more. Zeros behind the text make the
 * room; they are cut in its place.
 */
function withRoom(value: unknown): unknown {
  if (typeof value === 'string') return value + '\0'.repeat(Buffer.byteLength(value) - value.length);
  if (Array.isArray(value)) return value.map(withRoom);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withRoom(field)]));
}
