import type { MessageReader, MessageWriter } from '@foxglove/rosmsg2-serialization';

/** Encapsulations that can be read: CDR and CDR 2, in either byte order, without member headers. */
const readable = [0x00, 0x01, 0x06, 0x07];

/**
 * Reads a message from its bytes (CDR), which may be part of a larger buffer. Large arrays are not copied.
 *
 * @throws Error saying what is wrong where the bytes are not such a message
 */
export function readCdr<Message>(reader: MessageReader<Message>, bytes: Uint8Array): Message {
  const [high, low] = bytes;
  // The reader would take unknown encapsulations for CDR 2.
  if (bytes.length >= 4 && (high !== 0 || !readable.includes(low))) {
    const found = ((high << 8) | low).toString(16).padStart(4, '0');
    throw new Error(`its encapsulation is 0x${found}, expected plain CDR`);
  }
  const message = reader.readMessage(bytes);
  // The reader checks the bounds of the whole buffer, not of this part.
  const read = reader.lastReadByteLength();
  if (read > bytes.length) throw new Error(`it ends after ${read} bytes at the earliest`);
  return message;
}

/** Writes a message as bytes (CDR), text as UTF-8; missing fields are 0 or empty. */
export function writeCdr(writer: MessageWriter, message: unknown): Uint8Array {
  return writer.writeMessage(withRoom(message));
}

/**
 * Appends zeros to texts: the writer reserves as many bytes for a text as it has UTF-16 units, and cuts texts that need
 * more. With the zeros there is enough room, and the writer cuts them instead.
 */
function withRoom(value: unknown): unknown {
  if (typeof value === 'string') return value + '\0'.repeat(Buffer.byteLength(value) - value.length);
  if (Array.isArray(value)) return value.map(withRoom);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withRoom(field)]));
}
