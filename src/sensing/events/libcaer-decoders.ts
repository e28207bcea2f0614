import { addressOf, PacketWords, type DecodingFaults, type EventBatch, type EventDecoder } from './event-batch.js';
import { ones } from './evt3-decoder.js';

// Events of iniVation's cameras as libcaer sends them, and the deprecated `mono`; all little endian.
//
// `libcaer_cmp`: words of 16 bits; the upper four bits are the kind of the word. Each packet begins at time 0.
//
//   0  time, upper 12 bits [4096 µs]    4  base row (11 bits), polarity (bit 11)
//   1  time, lower 12 bits [µs]         5  8 rows from the base on, a bit each; the base moves on by 8
//   2  column x (11 bits)               6  12 rows; no driver sends it
//   3  event: row y (11 bits), polarity (bit 11)
//
// `libcaer`: 64 bits an event: polarity (bit 1), y (bits 2..16), x (bits 17..31), then 32 bits of time [µs]. Where the
// time steps back within a packet, 2^31 µs are added.
//
// `mono`: 64 bits an event: 32 bits of time [ns], x (16 bits), y (15 bits), polarity.
//
// Source: event_camera_codecs, libcaer_cmp_decoder.h, libcaer_decoder.h and mono_decoder.h (commit 656bd53).

const unknown = -1;

/** Decodes `libcaer_cmp`. */
export class LibcaerCmpDecoder implements EventDecoder {
  readonly faults: DecodingFaults = { strange: 0, unplaced: 0 };
  readonly #words = new PacketWords();
  /** Column, and base row with polarity in bit 11; below 0: not known yet. */
  #column = unknown;
  #base = unknown;

  get state(): readonly number[] {
    return [this.#column, this.#base];
  }

  set state([column = unknown, base = unknown]: readonly number[]) {
    [this.#column, this.#base] = [column, base];
  }

  skip(): void {
    this.state = [];
  }

  decode(bytes: Uint8Array, batch: EventBatch): void {
    const words = this.#words.short(bytes);
    const { address, time, capacity } = batch;
    let [column, base] = [this.#column, this.#base];
    let [high, low] = [0, 0];
    let [strange, unplaced] = [bytes.length & 1, 0];
    let count = 0;
    for (const word of words) {
      switch (word >> 12) {
        case 0:
          high = (word & 0xfff) * 4096;
          break;
        case 1:
          low = word & 0xfff;
          break;
        case 2:
          column = word & 0x7ff;
          break;
        case 3:
          if (column < 0) unplaced++;
          else {
            address[count] = column | ((word & 0x7ff) << 15) | ((word & 0x800) << 19);
            time[count++] = high + low;
          }
          break;
        case 4:
          base = word & 0xfff;
          break;
        case 5:
          if (column < 0 || base < 0) unplaced += ones(word & 0xff);
          else {
            const first = column | ((base & 0x7ff) << 15) | ((base & 0x800) << 19);
            for (let bits = word & 0xff; bits !== 0; bits &= bits - 1) {
              address[count] = first + ((31 - Math.clz32(bits & -bits)) << 15);
              time[count++] = high + low;
            }
          }
          // The base stops at the last row of 11 bits, so that it does not change the polarity bit.
          if (base >= 0) base = (base & 0x800) | Math.min(0x7ff, (base & 0x7ff) + 8);
          break;
        default:
          strange++;
      }
      if (count >= capacity) {
        batch.flush(count);
        count = 0;
      }
    }
    [this.#column, this.#base] = [column, base];
    this.faults.strange += strange;
    this.faults.unplaced += unplaced;
    batch.flush(count);
  }
}

/** Decodes encodings with 64 bits for each event and without state. */
class WideDecoder implements EventDecoder {
  readonly faults: DecodingFaults = { strange: 0, unplaced: 0 };
  readonly state: readonly number[] = [];
  readonly #words = new PacketWords();

  /** @param read - fills in address and time of each event */
  constructor(readonly read: (words: Uint32Array, from: number, batch: EventBatch, count: number) => void) {}

  skip(): void {
    // Events do not depend on earlier ones.
  }

  decode(bytes: Uint8Array, batch: EventBatch): void {
    const words = this.#words.long(bytes);
    this.faults.strange += Number(bytes.length % 8 !== 0);
    for (let from = 0; from < words.length; from += 2 * batch.capacity) {
      const count = Math.min(batch.capacity, (words.length - from) >> 1);
      this.read(words, from, batch, count);
      batch.flush(count);
    }
  }
}

/** Decodes `libcaer`. */
export function libcaerDecoder(): EventDecoder {
  // Within the packet: the time before, and the sum of rollovers [µs].
  let [before, rollovers] = [0, 0];
  return new WideDecoder((words, from, { address, time }, count) => {
    if (from === 0) [before, rollovers] = [0, 0];
    for (let k = 0; k < count; k++) {
      const [data, now] = [words[from + 2 * k], words[from + 2 * k + 1] | 0];
      if (now < before) rollovers += 2 ** 31;
      before = now;
      address[k] = (data >>> 17) | (((data >>> 2) & 0x7fff) << 15) | ((data & 2) << 29);
      time[k] = now + rollovers;
    }
  });
}

/** Decodes `mono`. */
export function monoDecoder(): EventDecoder {
  return new WideDecoder((words, from, { address, time }, count) => {
    for (let k = 0; k < count; k++) {
      const place = words[from + 2 * k + 1];
      address[k] = addressOf(place & 0xffff, (place >>> 16) & 0x7fff, place >>> 31);
      time[k] = words[from + 2 * k] / 1000;
    }
  });
}
