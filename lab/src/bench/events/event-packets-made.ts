import type { Random } from 'topspark/base/random.js';

// Generates packets of EVT 3.0. Their words are random but fixed; only the times are set for each packet.
//
// A packet has a few groups of events with the same microsecond. A group begins with its time. Rows follow, each with a
// base column and vectors of 12 columns; on average half of the columns have an event.

/** Number of generated packets, which are sent again and again. */
const kinds = 16;
const groups = 4;
/** Vectors in a row. */
const vectors = 4;
/** Time between the groups of a packet [µs]. */
const apart = 200;

/** One packet. */
export interface MadePacket {
  /** Packet in EVT 3.0, as a view; valid until the next packet. */
  readonly bytes: Uint8Array;
  readonly events: number;
  readonly seq: bigint;
}

interface Kind {
  readonly words: Uint16Array;
  readonly events: number;
  /** Index of the first word of each group. */
  readonly starts: readonly number[];
}

/** An endless stream of packets. */
export class EventPackets {
  readonly #kinds: readonly Kind[];
  #next = 0;

  /**
   * @param width - width of the camera's picture [pixel]
   * @param height - height of the camera's picture [pixel]
   * @param events - events in a packet, approximately
   */
  constructor(width: number, height: number, events: number, random: Random) {
    this.#kinds = Array.from({ length: kinds }, () => make(width, height, events, random));
  }

  /** @param now - time of the camera's clock [µs] */
  next(now: number): MadePacket {
    const { words, events, starts } = this.#kinds[this.#next % kinds];
    for (const [group, at] of starts.entries()) {
      const time = Math.floor(now) + group * apart;
      words[at] = 0x8000 | (Math.floor(time / 4096) % 4096);
      words[at + 1] = 0x6000 | (time % 4096);
    }
    return { bytes: new Uint8Array(words.buffer), events, seq: BigInt(this.#next++) };
  }
}

function make(width: number, height: number, wanted: number, random: Random): Kind {
  const words: number[] = [];
  const starts: number[] = [];
  let events = 0;
  for (let group = 0; group < groups; group++) {
    starts.push(words.length);
    words.push(0, 0);
    while (events < (wanted * (group + 1)) / groups) {
      const base = random.below(width - 12 * vectors);
      words.push(random.below(height), 0x3000 | (random.below(2) << 11) | base);
      for (let k = 0; k < vectors; k++) {
        const bits = random.below(4096);
        words.push(0x4000 | bits);
        for (let rest = bits; rest > 0; rest &= rest - 1) events++;
      }
    }
  }
  return { words: Uint16Array.from(words), events, starts };
}
