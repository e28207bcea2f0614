import { isZstd, type Codecs } from './codecs.js';

/** A topic of a bag. */
export interface BagChannel {
  readonly topic: string;
  /** Name of the message type: `sensor_msgs/msg/Image`. */
  readonly type: string;
  /** Encoding of messages (`cdr`) and of the schema (`ros2msg`). */
  readonly messageEncoding: string;
  readonly schemaEncoding: string;
  /** Definition of the type with its nested types; empty where the bag has none. */
  readonly schema: string;
}

/** A message as it was recorded. */
export interface BagMessage {
  readonly channel: BagChannel;
  /** When it was recorded [ns]; bags are read in this order. */
  readonly logTime: bigint;
  /** The serialised message; a view that the receiver may keep. */
  readonly data: Uint8Array;
}

/** One file of a bag. Damaged parts are left out and reported; everything else is read. */
export interface BagFile {
  readonly path: string;
  /** Its size, and how far it has been read [byte]. */
  readonly size: number;
  readonly done: number;
  /** Earliest log time [ns]; undefined where it has no message. */
  readonly start: bigint | undefined;
  /** What could not be read so far, one sentence each. */
  readonly problems: readonly string[];
  /** Topics found so far, including those without a message. */
  readonly channels: readonly BagChannel[];
  /** Messages of wanted topics by log time; messages with equal times in the order of the file. */
  messages(wanted: (topic: string) => boolean): Generator<BagMessage, void>;
  close(): void;
}

/**
 * Makes a message of a file. ROS 2's recorder may compress each message (`compression_mode: message`); it is
 * decompressed here. A damaged one stays as it is, and decoding refuses it.
 */
export function readMessage(channel: BagChannel, logTime: bigint, data: Uint8Array, codecs: Codecs): BagMessage {
  if (!isZstd(data)) return { channel, logTime, data };
  try {
    return { channel, logTime, data: codecs.frames(data) };
  } catch {
    return { channel, logTime, data };
  }
}

/** Completes the name of a type: some writers leave out the middle of `sensor_msgs/msg/Image`. */
export const longName = (type: string): string => type.replace(/^(\w+)\/(\w+)$/, '$1/msg/$2');
