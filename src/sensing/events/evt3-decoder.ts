import { PacketWords, type DecodingFaults, type EventBatch, type EventDecoder } from './event-batch.js';

// EVT 3.0 of Prophesee's cameras: words of 16 bits, little endian. The upper four bits are the kind of the word:
//
//   0  row y (11 bits)                                6  time, lower 12 bits [µs]
//   2  event: column x (11 bits), polarity (bit 11)   8  time, upper 12 bits
//   3  base column (11 bits), polarity (bit 11)      10  external trigger
//   4  12 columns from the base on, a bit each       14  others; 7 and 15 are their continuations
//   5  8 columns from the base on, a bit each
//
// The base then advances by 12 or 8. The upper time starts again at 0 after 16.8 s; steps back of at most ten units are
// jitter. There are no events until both halves of the time and a row have come.
//
// Source: Prophesee, EVT 3.0 format; rollover as in event_camera_codecs (evt3_decoder.h, commit 656bd53).

/** Steps back of the upper time that are not a rollover. */
const jitter = 10;
/** Time that a rollover adds [µs]. */
const rollover = 2 ** 24;
const unknown = -1;

/** Decodes `evt3`. */
export class Evt3Decoder implements EventDecoder {
  readonly faults: DecodingFaults = { strange: 0, unplaced: 0 };
  readonly #words = new PacketWords();
  /** Upper part of the time, with rollovers, and lower [µs]; below 0: not known yet. */
  #high = unknown;
  #low = unknown;
  /** Row, and base column with polarity in bit 11; below 0: not known yet. */
  #row = unknown;
  #base = unknown;

  get state(): readonly number[] {
    return [this.#high, this.#low, this.#row, this.#base];
  }

  set state([high = unknown, low = unknown, row = unknown, base = unknown]: readonly number[]) {
    [this.#high, this.#low, this.#row, this.#base] = [high, low, row, base];
  }

  skip(): void {
    this.#row = unknown;
    this.#base = unknown;
  }

  decode(bytes: Uint8Array, batch: EventBatch): void {
    const words = this.#words.short(bytes);
    const { address, time, capacity } = batch;
    let [high, low, row, base] = this.state;
    let now = high + low;
    // The row in the bits of an address, or unknown; it stays unknown until the time is known.
    let place = row < 0 || high < 0 || low < 0 ? unknown : row << 15;
    let [strange, unplaced] = [bytes.length & 1, 0];
    let count = 0;
    for (const word of words) {
      switch (word >> 12) {
        case 0:
          row = word & 0x7ff;
          if (high >= 0 && low >= 0) place = row << 15;
          break;
        case 2:
          if (place < 0) unplaced++;
          else {
            address[count] = place | (word & 0x7ff) | ((word & 0x800) << 19);
            time[count++] = now;
          }
          break;
        case 3:
          base = word & 0xfff;
          break;
        case 4:
        case 5: {
          const width = word >> 12 === 4 ? 12 : 8;
          let bits = word & ((1 << width) - 1);
          if (place < 0 || base < 0) unplaced += ones(bits);
          else {
            const first = place | (base & 0x7ff) | ((base & 0x800) << 19);
            while (bits !== 0) {
              const bit = 31 - Math.clz32(bits & -bits);
              address[count] = first + bit;
              time[count++] = now;
              bits &= bits - 1;
            }
          }
          // The base stops at the last column of 11 bits, so that it does not change the polarity bit.
          if (base >= 0) base = (base & 0x800) | Math.min(0x7ff, (base & 0x7ff) + width);
          break;
        }
        case 6:
          // Without an upper half it means nothing.
          if (high < 0) break;
          low = word & 0xfff;
          now = high + low;
          if (row >= 0) place = row << 15;
          break;
        case 8: {
          const carried = (word & 0xfff) * 4096;
          if (high < 0) high = carried;
          else {
            const within = high % rollover;
            const turns = high - within;
            high = turns + carried + (within - carried > jitter * 4096 ? rollover : 0);
          }
          if (low >= 0) now = high + low;
          break;
        }
        case 7:
        case 10:
        case 14:
        case 15:
          break;
        default:
          strange++;
      }
      if (count >= capacity) {
        batch.flush(count);
        count = 0;
      }
    }
    [this.#high, this.#low, this.#row, this.#base] = [high, low, row, base];
    this.faults.strange += strange;
    this.faults.unplaced += unplaced;
    batch.flush(count);
  }
}

/** Number of bits that are set. */
export function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
