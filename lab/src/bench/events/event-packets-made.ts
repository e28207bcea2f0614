import type { Random } from 'topspark/base/random.js';

// Packets of EVT 3.0 made at random, of which only the times change from one to the next: each has the same words otherwise.
//
// A packet is a few groups of events of the same microsecond; a group begins with its time, then rows, each with a base column and
// vectors of 12 columns of which half have an event.

/** Packets that are made; they are sent again and again. */
const kinds = 16;
const groups = 4;
/** Vectors of a row. */
const vectors = 4;
/** Between the groups of a packet [µs]. */
const apart = 200;

/** One packet. */
export interface MadePacket {
  /** EVT 3.0; valid until the next one. */
  readonly bytes: Uint8Array;
  readonly events: number;
  readonly seq: bigint;
}

interface Kind {
  readonly words: Uint16Array;
  readonly events: number;
  /** Where each group begins. */
  readonly starts: readonly number[];
}

/** An endless stream of packets. */
export class EventPackets {
  readonly #kinds: readonly Kind[];
  #next = 0;

  /**
   * @param width - of the camera's picture [pixel]
   * @param height - of the camera's picture [pixel]
   * @param events - about as many in a packet
   */
  constructor(width: number, height: number, events: number, random: Random) {
    this.#kinds = Array.from({ length: kinds }, () => make(width, height, events, random));
  }

  /** @param now - clock of the camera [µs] */
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
