import type { MessageReader, MessageWriter } from '@foxglove/rosmsg2-serialization';

/** Encapsulations that are read: CDR and CDR 2, in either byte order, without headers of members. */
const readable = [0x00, 0x01, 0x06, 0x07];

/**
 * Reads a message from its bytes (CDR), which may be part of a larger memory; what is large in them stays where it is.
 *
 * @throws Error saying what is wrong where the bytes are not such a message
 */
export function readCdr<Message>(reader: MessageReader<Message>, bytes: Uint8Array): Message {
  const [high, low] = bytes;
  // The reader takes what it does not know for CDR 2.
  if (bytes.length >= 4 && (high !== 0 || !readable.includes(low))) {
    const found = ((high << 8) | low).toString(16).padStart(4, '0');
    throw new Error(`its encapsulation is 0x${found}, expected plain CDR`);
  }
  const message = reader.readMessage(bytes);
  // It minds the bounds of the memory, not those of a part of it.
  const read = reader.lastReadByteLength();
  if (read > bytes.length) throw new Error(`it ends after ${read} bytes at the earliest`);
  return message;
}

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
