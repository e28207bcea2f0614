import { parse } from '@foxglove/rosmsg';
import { MessageWriter } from '@foxglove/rosmsg2-serialization';
import type { AgentInput } from 'topspark/agent/events.js';
import type { Random } from 'topspark/base/random.js';
import type { Stamp } from 'topspark/base/time.js';
import { schemaOf } from 'topspark/bag/bag-definitions.js';
import { writeCdr } from 'topspark/base/cdr.js';
import { InputReader, readInput, type InputTopic } from 'topspark/node/messages.js';
import { damaged } from './damage.js';

/** Path of a topic's messages through the middleware: they become bytes, which are read as the node reads them. */
export class Wire<T extends InputTopic['type']> {
  readonly #writer: MessageWriter;
  readonly #reader: InputReader<T>;

  constructor(readonly topic: InputTopic<T>) {
    const definitions = parse(schemaOf(topic.type), { ros2: true });
    this.#writer = new MessageWriter(definitions);
    this.#reader = new InputReader(topic.type, definitions);
  }

  /** Writes and reads a message; missing fields are 0. */
  whole(stamp: Stamp, fields: object): AgentInput {
    return readInput(this.topic, this.#reader, this.bytes(stamp, fields));
  }

  /** The same, but now and then the bytes are damaged. */
  perhaps(stamp: Stamp, fields: object, random: Random): AgentInput {
    return readInput(this.topic, this.#reader, damaged(this.bytes(stamp, fields), random));
  }

  /** Writes a message; missing fields are 0. */
  bytes(stamp: Stamp, fields: object): Uint8Array {
    // For a cloud the frame selects the axes. For a battery it must stay the same: another name would be another
    // battery.
    const frame = this.topic.name === 'points' && stamp.nanosec % 2 === 1 ? 'fuzz_optical_frame' : 'fuzz';
    return writeCdr(this.#writer, { header: { stamp, frame_id: frame }, ...fields });
  }
}
