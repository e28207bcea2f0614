import { MessageReader } from '@foxglove/rosmsg2-serialization';
import { MessageChannel } from 'node:worker_threads';
import { TopsparkError } from '../base/errors.js';
import { standardBounds } from '../agent/agent-settings.js';
import { readCdr } from '../bag/read-cdr.js';
import { checkSize } from './input-size.js';
import type { MessageType, MessageTypeClassName } from 'rclnodejs';

/** Smaller messages are left to the garbage collector [byte]. */
const large = 65_536;

/** A message, and what gives its memory back at once; it must not be read afterwards. */
export interface ReadMessage<Message> {
  readonly message: Message;
  readonly release: (() => void) | undefined;
}

/**
 * Reads messages of a type from the bytes (CDR) that the middleware hands over; what is large in them stays where it is.
 * What rclnodejs makes of a message takes longer, and waits for the garbage collector, a second of video at a time, which
 * costs more than all else on the way of an image.
 */
export class InputReader<T extends MessageTypeClassName> {
  readonly #reader: MessageReader<MessageType<T>>;

  /**
   * @param definitions - fields of the type, and of those that it is made of
   * @param maxBytes - larger messages are refused unread
   */
  constructor(
    readonly type: T,
    definitions: ConstructorParameters<typeof MessageReader>[0],
    readonly maxBytes = standardBounds.maxBytes,
  ) {
    this.#reader = new MessageReader(definitions);
  }

  /** @throws {@link TopsparkError} `message_too_large`, or `message_undecodable` where the bytes are not such a message */
  read(bytes: Uint8Array): ReadMessage<MessageType<T>> {
    checkSize(bytes, this.maxBytes);
    try {
      const message = readCdr(this.#reader, bytes);
      const own = bytes.byteLength === bytes.buffer.byteLength;
      return { message, release: own && bytes.length >= large ? release.bind(undefined, bytes) : undefined };
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const found = `${bytes.length} bytes came that are no ${this.type}: ${why}`;
      throw new TopsparkError('message_undecodable', 'data', found, { cause });
    }
  }
}

// What is transferred to a port that is closed is freed at once; JavaScript has no shorter way to say so.
const { port1: nowhere } = new MessageChannel();
nowhere.close();

function release({ buffer }: Uint8Array): void {
  nowhere.postMessage(undefined, [buffer as ArrayBuffer]);
}
