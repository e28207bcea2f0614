import { isZstd, type Codecs } from './codecs.js';

/** A topic of a bag. */
export interface BagChannel {
  readonly topic: string;
  /** Name of the message type: `sensor_msgs/msg/Image`. */
  readonly type: string;
  /** Encoding of messages (`cdr`) and of the schema (`ros2msg`). */
  readonly messageEncoding: string;
  readonly schemaEncoding: string;
  /** Definition of the type, with those that it is made of; empty where the bag has none. */
  readonly schema: string;
}

/** A message as it was recorded. */
export interface BagMessage {
  readonly channel: BagChannel;
  /** When it was recorded [ns]: the time by which a bag is read. */
  readonly logTime: bigint;
  /** The serialised message; a view that the receiver may keep. */
  readonly data: Uint8Array;
}

/** One file of a bag. What is damaged in it is left out and told; everything else is read. */
export interface BagFile {
  readonly path: string;
  /** Bytes of it, and how many of them are behind the last message that was given. */
  readonly size: number;
  readonly done: number;
  /** Earliest log time [ns]; undefined where it has no message. */
  readonly start: bigint | undefined;
  /** What could not be read, a sentence each, as far as it was read. */
  readonly problems: readonly string[];
  /** Topics, as far as it was read, also those without a message. */
  readonly channels: readonly BagChannel[];
  /** Messages of topics that are wanted, by log time; those of one time in the order of the file. */
  messages(wanted: (topic: string) => boolean): Generator<BagMessage, void>;
  close(): void;
}

/**
 * A message of a file. ROS 2's recorder may pack each by itself (`compression_mode: message`): it is unpacked where it
 * is read; one that is damaged stays as it is, and whoever decodes it refuses it.
 */
export function readMessage(channel: BagChannel, logTime: bigint, data: Uint8Array, codecs: Codecs): BagMessage {
  if (!isZstd(data)) return { channel, logTime, data };
  try {
    return { channel, logTime, data: codecs.frames(data) };
  } catch {
    return { channel, logTime, data };
  }
}

/** A type as ROS 2 names it; some writers leave out the middle of `sensor_msgs/msg/Image`. */
export const longName = (type: string): string => type.replace(/^(\w+)\/(\w+)$/, '$1/msg/$2');
