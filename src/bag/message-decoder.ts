import { parse } from '@foxglove/rosmsg';
import { TopsparkError, reasonOf } from '../base/errors.js';
import { CdrReader } from '../base/cdr-codec.js';
import type { BagChannel, BagMessage } from './bag-file.js';
import { isZstd } from './codecs.js';
import { knownDefinitions, type Definition } from './bag-definitions.js';

/**
 * Decodes recorded bytes (CDR) into messages, by the definitions in the bag. Bags of older recorders have none; then
 * the definitions of ROS 2's common messages and of topspark_msgs are used.
 */
export class MessageDecoder {
  /** More than one where the bag has no definition and the type has changed. The first that fits counts. */
  readonly #readers = new Map<BagChannel, readonly CdrReader<unknown>[]>();

  /**
   * @returns the message with its fields as ROS names them; arrays of numbers are typed arrays, 64-bit integers bigint
   * @throws {@link TopsparkError} `bag_encoding` for a channel that is not CDR, or whose type has neither a .msg
   *   definition in the bag nor a well-known one; `bag_schema` where the definition is damaged or of another type;
   *   `message_undecodable` where the bytes are not such a message
   */
  decode({ channel, logTime, data }: BagMessage): unknown {
    const readers = this.#readersOf(channel);
    let first: unknown;
    for (const reader of readers) {
      try {
        const message = reader.read(data);
        if (readers.length > 1) this.#readers.set(channel, [reader]);
        return message;
      } catch (error) {
        first ??= error;
      }
    }
    const packed = isZstd(data) ? 'it is packed with zstd and cannot be unpacked' : undefined;
    const why = packed ?? reasonOf(first);
    const what = `${channel.topic}: the ${channel.type} recorded at ${logTime} ns is damaged`;
    throw new TopsparkError('message_undecodable', 'data', `${what} (${data.length} bytes): ${why}`, { cause: first });
  }

  #readersOf(channel: BagChannel): readonly CdrReader<unknown>[] {
    const known = this.#readers.get(channel);
    if (known !== undefined) return known;
    const readers = definitionsOf(channel).map((each) => new CdrReader(each));
    this.#readers.set(channel, readers);
    return readers;
  }
}

function definitionsOf({ topic, type, messageEncoding, schemaEncoding, schema }: BagChannel): Definition[][] {
  const known = knownDefinitions(type);
  const none = schema.trim() === '';
  if (messageEncoding === 'cdr' && schemaEncoding === 'ros2msg' && !none) return [checked(schema, type, topic, known)];
  // Definitions in IDL are not parsed, though they contain the field names.
  const words = new Set(schema.match(/\w+/g));
  const fits = known.filter(([{ definitions }]) => none || definitions.every(({ name }) => words.has(name)));
  if (messageEncoding === 'cdr' && fits.length > 0) return fits;
  const definition = none ? 'no definition' : `a definition in ${schemaEncoding || 'no encoding'}`;
  const found = `messages of ${type || 'no type'} in ${messageEncoding || 'no encoding'} with ${definition}`;
  const expected = 'cdr with ros2msg, or one of the common messages of ROS 2';
  throw new TopsparkError('bag_encoding', 'data', `${topic} has ${found}, expected ${expected}`);
}

// Names may be damaged too: a definition that lacks a field of its type is refused.
function checked(schema: string, type: string, topic: string, known: readonly Definition[][]): Definition[] {
  const broken = (why: string): never => {
    throw new TopsparkError('bag_schema', 'data', `${topic}: the definition of ${type} in the bag is damaged: ${why}`);
  };
  let found: Definition[];
  try {
    found = parse(schema, { ros2: true });
  } catch (error) {
    return broken(reasonOf(error));
  }
  const fields = fieldsIn(found);
  // The oldest known definition has the fewest fields. An unknown type needs only a header.
  const must = fieldsIn(known.at(-1) ?? headed);
  const lacking = must.find((field) => !fields.includes(field));
  return lacking === undefined ? found : broken(`it has no field ${lacking}`);
}

const [header] = knownDefinitions('std_msgs/msg/Header');
const field = { name: 'header', type: 'std_msgs/Header', isComplex: true };
const headed: Definition[] = [{ definitions: [field] }, { ...header[0], name: field.type }];

// Some writers use `/msg/` in the names of types, some do not.
const fieldsIn = (parsed: readonly Definition[]): string[] =>
  parsed.flatMap(({ name = '', definitions: fields }) =>
    fields
      .filter(({ isConstant }) => isConstant !== true)
      .map(({ name: field, type, isArray }) =>
        `${type}${isArray === true ? '[]' : ''} ${name && `${name}.`}${field}`.replaceAll('/msg/', '/'),
      ),
  );
