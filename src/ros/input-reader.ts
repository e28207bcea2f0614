import { MessageReader } from '@foxglove/rosmsg2-serialization';
import { MessageChannel } from 'node:worker_threads';
import { TopsparkError } from '../base/errors.js';
import { definitionsOf } from './message-definitions.js';
import type { MessageType, MessageTypeClassName } from './rclnodejs.js';

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

  constructor(readonly type: T) {
    this.#reader = new MessageReader(definitionsOf(type));
  }

  /** @throws {@link TopsparkError} `message_undecodable` where the bytes are not such a message */
  read(bytes: Uint8Array): ReadMessage<MessageType<T>> {
    // The reader minds the bounds of a memory, not those of a part of it.
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes);
    try {
      const message = this.#reader.readMessage(own);
      return { message, release: own.length >= large ? release.bind(undefined, own) : undefined };
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
