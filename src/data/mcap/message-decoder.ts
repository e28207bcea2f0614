import { parse } from '@foxglove/rosmsg';
import { MessageReader } from '@foxglove/rosmsg2-serialization';
import { TopsparkError } from '../../base/errors.js';
import type { BagChannel, BagMessage } from './bag-reader.js';

/** Turns recorded bytes (CDR) into messages, by the definitions that stand in the bag. */
export class MessageDecoder {
  readonly #readers = new Map<BagChannel, MessageReader>();

  /**
   * @returns the message with its fields as ROS names them; arrays of numbers are typed arrays, 64-bit integers bigint
   * @throws {@link TopsparkError} `bag_encoding` for a channel that is not CDR with a .msg definition,
   *   `message_undecodable` where the bytes are not such a message
   */
  decode({ channel, logTime, data }: BagMessage): unknown {
    const reader = this.#reader(channel);
    try {
      return reader.readMessage(data);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const what = `${channel.topic}: the ${channel.type} recorded at ${logTime} ns is damaged`;
      throw new TopsparkError('message_undecodable', 'data', `${what} (${data.length} bytes): ${why}`, {
        cause: error,
      });
    }
  }

  #reader(channel: BagChannel): MessageReader {
    const known = this.#readers.get(channel);
    if (known !== undefined) return known;
    const { topic, messageEncoding, schemaEncoding, schema } = channel;
    if (messageEncoding !== 'cdr' || schemaEncoding !== 'ros2msg') {
      const found = `messages in ${messageEncoding || 'no encoding'} with a definition in ${schemaEncoding || 'none'}`;
      throw new TopsparkError('bag_encoding', 'data', `${topic} has ${found}, expected cdr with ros2msg`);
    }
    const reader = new MessageReader(parse(schema, { ros2: true }));
    this.#readers.set(channel, reader);
    return reader;
  }
}
