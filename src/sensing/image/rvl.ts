import { viewOf } from '../../base/bytes.js';

/** A picture of 16 bits a pixel. */
export interface DeepPicture {
  readonly width: number;
  readonly height: number;
  /** Row by row. */
  readonly values: Uint16Array;
}

/**
 * Reads a depth image in image_transport's RVL. Columns and rows are 32-bit numbers; 32-bit words with eight nibbles
 * each follow, the highest nibble first. A number is made of nibbles with three bits each, the lowest first; the fourth
 * bit says whether more follow. Runs of zeros and runs of other values alternate, each with its length. Other values
 * are stored as differences from the value before, with the sign in the lowest bit.
 *
 * Source: Wilson, 'Fast Lossless Depth Image Compression', ISS 2017.
 *
 * @param allow - throws where the picture is too large; called before memory is allocated
 * @throws Error where numbers are missing or too large
 */
export function readRvl(data: Uint8Array, allow: (width: number, height: number) => void): DeepPicture {
  if (data.length < 8) throw new Error('its size is cut off');
  const view = viewOf(data);
  const [width, height] = [view.getUint32(0, true), view.getUint32(4, true)];
  allow(width, height);
  const values = new Uint16Array(width * height);
  const numbers = new Numbers(view, 8);
  let value = 0;
  for (let at = 0; at < values.length;) {
    at += numbers.run(values.length - at);
    for (const end = at + numbers.run(values.length - at); at < end; at++) {
      const change = numbers.next();
      value += change % 2 === 0 ? change / 2 : -(change + 1) / 2;
      values[at] = value;
    }
  }
  return { width, height, values };
}

/** Reads numbers of variable length. */
class Numbers {
  #word = 0;
  #left = 0;

  constructor(
    readonly view: DataView,
    private at: number,
  ) {}

  next(): number {
    let value = 0;
    for (let place = 1; place < 2 ** 33; place *= 8) {
      const nibble = this.#nibble();
      value += (nibble & 7) * place;
      if (nibble < 8) return value;
    }
    throw new Error('a number has more than 32 bits');
  }

  /** Reads the length of a run, at most `left`. */
  run(left: number): number {
    const length = this.next();
    if (length > left) throw new Error(`a run has ${length} pixels, expected at most ${left}`);
    return length;
  }

  #nibble(): number {
    if (this.#left === 0) {
      if (this.at + 4 > this.view.byteLength) throw new Error('its pixels are cut off');
      this.#word = this.view.getUint32(this.at, true);
      this.at += 4;
      this.#left = 8;
    }
    this.#left--;
    return (this.#word >>> (4 * this.#left)) & 15;
  }
}
