/** Bits of a coordinate in an address. */
const coordinateBits = 15;

/** Largest coordinate that an address holds. Larger ones are set to it, which lies outside every camera. */
export const farthest = 2 ** coordinateBits - 1;

/** Where an event happened, as one number: x in bits 0..14, y in bits 15..29, polarity (1: brighter) in bit 30. */
export const addressOf = (x: number, y: number, polarity: number): number =>
  Math.min(x, farthest) | (Math.min(y, farthest) << coordinateBits) | (polarity << (2 * coordinateBits));

export const columnOf = (address: number): number => address & farthest;
export const rowOf = (address: number): number => (address >>> coordinateBits) & farthest;
export const polarityOf = (address: number): number => (address >>> (2 * coordinateBits)) & 1;

/**
 * Events as columns of numbers, a part of a packet at a time: no event is an object. Decoders fill it, and a reader of
 * the events empties it.
 */
export class EventBatch {
  /** See {@link addressOf}. */
  readonly address: Uint32Array;
  /** Time by the clock of the camera [µs]. */
  readonly time: Float64Array;
  /** Events in it. */
  count = 0;

  /**
   * @param capacity - events that fit
   * @param take - called when the batch is full and when a packet has ended; the batch is emptied afterwards
   */
  constructor(
    readonly capacity: number,
    readonly take: (batch: EventBatch) => void,
  ) {
    // Decoders check once per word whether the batch is full. A word has at most 12 events.
    this.address = new Uint32Array(capacity + mostOfAWord);
    this.time = new Float64Array(capacity + mostOfAWord);
  }

  /**
   * Passes on its events and empties it.
   *
   * @param count - events in it
   */
  flush(count: number): void {
    this.count = count;
    if (count > 0) this.take(this);
    this.count = 0;
  }
}

/** Most events that one word of an encoding holds. */
const mostOfAWord = 12;

/** Counts of faults since the start: words that are invalid, and events that a decoder could not place. */
export interface DecodingFaults {
  /** Words that the encoding does not define, and bytes after the last whole word. */
  strange: number;
  /** Events without a known time or place: the stream has just begun, or an earlier packet was lost. */
  unplaced: number;
}

/** Turns the bytes of packets of one encoding into events; its state continues from packet to packet. */
export interface EventDecoder {
  readonly faults: DecodingFaults;
  /** Decodes a packet, and flushes the batch at its end. */
  decode(bytes: Uint8Array, batch: EventBatch): void;
  /** Notes that a packet was lost. Events that refer to earlier words cannot be decoded until such words come again. */
  skip(): void;
  /** Its state from earlier packets, as numbers; setting it continues from there. */
  state: readonly number[];
}

/** Whole words of a packet. The bytes of a message may start at any address. */
export class PacketWords {
  #bytes = new Uint8Array(2 ** 16);

  /** Words of 16 bits. */
  short(bytes: Uint8Array): Uint16Array {
    return new Uint16Array(this.#aligned(bytes, 2), 0, bytes.length >> 1);
  }

  /** Words of 32 bits, two for each event. */
  long(bytes: Uint8Array): Uint32Array {
    return new Uint32Array(this.#aligned(bytes, 8), 0, (bytes.length >> 3) << 1);
  }

  // Copying takes a hundredth of the time of decoding.
  #aligned(bytes: Uint8Array, size: number): ArrayBuffer {
    if (bytes.length > this.#bytes.length) this.#bytes = new Uint8Array(2 * Math.ceil(bytes.length / size) * size);
    this.#bytes.set(bytes);
    return this.#bytes.buffer;
  }
}
