import { parse } from '@foxglove/rosmsg';
import { MessageReader } from '@foxglove/rosmsg2-serialization';
import { TopsparkError } from '../base/errors.js';
import { readCdr } from '../base/cdr.js';
import type { BagChannel, BagMessage } from './bag-reader.js';
import { definitions, schemaOf } from './bag-definitions.js';

type Definitions = ReturnType<typeof parse>;

/** Turns recorded bytes (CDR) into messages, by the definitions that stand in the bag. */
export class MessageDecoder {
  readonly #readers = new Map<BagChannel, MessageReader>();

  /**
   * @returns the message with its fields as ROS names them; arrays of numbers are typed arrays, 64-bit integers bigint
   * @throws {@link TopsparkError} `bag_encoding` for a channel that is not CDR with a .msg definition, `bag_schema` where
   *   the definition is damaged or another's, `message_undecodable` where the bytes are not such a message
   */
  decode({ channel, logTime, data }: BagMessage): unknown {
    const reader = this.#reader(channel);
    try {
      return readCdr(reader, data);
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
    const { topic, type, messageEncoding, schemaEncoding, schema } = channel;
    if (messageEncoding !== 'cdr' || schemaEncoding !== 'ros2msg') {
      const found = `messages in ${messageEncoding || 'no encoding'} with a definition in ${schemaEncoding || 'none'}`;
      throw new TopsparkError('bag_encoding', 'data', `${topic} has ${found}, expected cdr with ros2msg`);
    }
    const reader = new MessageReader(checked(schema, type, topic));
    this.#readers.set(channel, reader);
    return reader;
  }
}

// Names may be damaged too: a message without the fields that its type has is none.
function checked(schema: string, type: string, topic: string): Definitions {
  const broken = (why: string): never => {
    throw new TopsparkError('bag_schema', 'data', `${topic}: the definition of ${type} in the bag is damaged: ${why}`);
  };
  let found: Definitions;
  try {
    found = parse(schema, { ros2: true });
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error));
  }
  const lacking = fieldsOf(type).find((field) => !fieldsIn(found).includes(field));
  return lacking === undefined ? found : broken(`it has no field ${lacking}`);
}

/** The fields that a type must have; of one that is not known, a header. */
function fieldsOf(type: string): string[] {
  const known = type.replace('/msg/', '/') in definitions;
  const [header, stamp] = [`std_msgs/Header header\n===\nMSG: std_msgs/Header\n`, schemaOf('std_msgs/msg/Header')];
  return fieldsIn(parse(known ? schemaOf(type) : header + stamp, { ros2: true }));
}

// Some writers put `/msg/` into the names of types, some do not.
const fieldsIn = (parsed: Definitions): string[] =>
  parsed.flatMap(({ name = '', definitions: fields }) =>
    fields.map(({ name: field, type, isArray }) =>
      `${type}${isArray === true ? '[]' : ''} ${name && `${name}.`}${field}`.replaceAll('/msg/', '/'),
    ),
  );
