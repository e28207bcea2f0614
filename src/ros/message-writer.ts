import { MessageWriter } from '@foxglove/rosmsg2-serialization';
import { writeCdr } from '../bag/write-cdr.js';
import { definitionsOf } from './message-definitions.js';
import type { MessageType, MessageTypeClassName } from './rclnodejs.js';

/** Writes messages of a type as the bytes (CDR) that the middleware sends; every field is to be filled. */
export function messageWriter<T extends MessageTypeClassName>(type: T): (message: MessageType<T>) => Buffer {
  const writer = new MessageWriter(definitionsOf(type));
  return (message) => {
    const { buffer, byteOffset, byteLength } = writeCdr(writer, message);
    return Buffer.from(buffer, byteOffset, byteLength);
  };
}
