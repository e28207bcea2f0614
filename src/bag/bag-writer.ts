import { parse } from '@foxglove/rosmsg';
import { MessageWriter } from '@foxglove/rosmsg2-serialization';
import { McapWriter } from '@mcap/core';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { TopsparkError, reasonOf } from '../base/errors.js';
import { writeCdr } from '../base/cdr.js';
import { schemaOf } from './bag-definitions.js';

interface OpenChannel {
  readonly id: number;
  readonly writer: MessageWriter;
  sequence: number;
}

/**
 * Writes a ROS 2 bag (MCAP, CDR, zstd chunks) that `ros2 bag` and Foxglove open. It has a temporary name until it is
 * complete, so that no half-written file has the final name.
 */
export class BagWriter {
  readonly #file: number;
  readonly #writer: McapWriter;
  readonly #channels = new Map<string, OpenChannel>();

  private constructor(
    readonly path: string,
    compress: (chunk: Uint8Array) => Uint8Array,
  ) {
    this.#file = this.#create();
    let position = 0n;
    this.#writer = new McapWriter({
      writable: {
        position: () => position,
        write: (bytes) => {
          for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
          position += BigInt(bytes.length);
          return Promise.resolve();
        },
      },
      // Small chunks: a damaged one loses little.
      chunkSize: 2 ** 18,
      compressChunk: (chunk) => ({ compression: 'zstd', compressedData: compress(chunk) }),
    });
  }

  /** @throws {@link TopsparkError} `bag_unwritable` */
  static async create(path: string): Promise<BagWriter> {
    const zstd = await import('@foxglove/wasm-zstd');
    await zstd.isLoaded;
    const bag = new BagWriter(path, (chunk) => zstd.compress(chunk));
    await bag.#writer.start({ profile: 'ros2', library: 'topspark' });
    return bag;
  }

  /**
   * Adds a message; await each call before the next.
   *
   * @param topic - absolute name
   * @param type - `sensor_msgs/msg/LaserScan`, one whose definition is known
   * @param logTime - [ns]
   * @param message - all its fields
   */
  async write(topic: string, type: string, logTime: bigint, message: object): Promise<void> {
    const { writer } = await this.#open(topic, type);
    await this.writeBytes(topic, type, logTime, writeCdr(writer, message));
  }

  /**
   * Adds a message that is already serialised.
   *
   * @param data - CDR with its encapsulation, as from the middleware
   */
  async writeBytes(topic: string, type: string, logTime: bigint, data: Uint8Array): Promise<void> {
    const channel = await this.#open(topic, type);
    const sequence = channel.sequence++;
    await this.#writer.addMessage({ channelId: channel.id, sequence, logTime, publishTime: logTime, data });
  }

  /** Completes the bag and gives it its final name. */
  async close(): Promise<void> {
    await this.#writer.end();
    fsyncSync(this.#file);
    closeSync(this.#file);
    renameSync(this.#partial, this.path);
  }

  /** Gives up and removes the unfinished file. */
  discard(): void {
    closeSync(this.#file);
    rmSync(this.#partial, { force: true });
  }

  get #partial(): string {
    return `${this.path}.partial`;
  }

  #create(): number {
    try {
      return openSync(this.#partial, 'w');
    } catch (error) {
      const why = reasonOf(error);
      throw new TopsparkError('bag_unwritable', 'data', `the bag cannot be written: ${why}`, { cause: error });
    }
  }

  async #open(topic: string, type: string): Promise<OpenChannel> {
    const open = this.#channels.get(topic);
    if (open !== undefined) return open;
    const schema = schemaOf(type);
    const data = new TextEncoder().encode(schema);
    const schemaId = await this.#writer.registerSchema({ name: type, encoding: 'ros2msg', data });
    const metadata = new Map<string, string>();
    const id = await this.#writer.registerChannel({ topic, messageEncoding: 'cdr', schemaId, metadata });
    const channel = { id, writer: new MessageWriter(parse(schema, { ros2: true })), sequence: 0 };
    this.#channels.set(topic, channel);
    return channel;
  }
}
