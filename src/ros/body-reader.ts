import { MessageReader } from '@foxglove/rosmsg2-serialization';
import { MessageChannel } from 'node:worker_threads';
import { TopsparkError } from '../base/errors.js';
import type { StampedMessage } from './input-events.js';
import { definitionsOf } from './message-definitions.js';

/** Types that carry a large body of bytes. */
const types = ['sensor_msgs/msg/Image', 'sensor_msgs/msg/CompressedImage', 'sensor_msgs/msg/PointCloud2'];

/** Smaller messages are left to the garbage collector [byte]. */
const large = 65_536;

/** A message, and what gives its memory back at once; it must not be read afterwards. */
export interface BodyMessage {
  readonly message: StampedMessage;
  readonly release: (() => void) | undefined;
}

/**
 * Reads messages with large bodies from the bytes (CDR) that the middleware hands over; the body stays where it is. What
 * rclnodejs makes of them waits for the garbage collector, a second of video at a time, which costs more than all else
 * on the way of an image.
 */
export class BodyReader {
  readonly #reader: MessageReader<StampedMessage>;

  /** @param type - one of those that {@link BodyReader.of} knows */
  private constructor(readonly type: string) {
    this.#reader = new MessageReader(definitionsOf(type));
  }

  /** `undefined`: messages of that type have no large body. */
  static of(type: string): BodyReader | undefined {
    return types.includes(type) ? new BodyReader(type) : undefined;
  }

  /** @throws {@link TopsparkError} `message_undecodable` where the bytes are not such a message */
  read(bytes: Uint8Array): BodyMessage {
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
