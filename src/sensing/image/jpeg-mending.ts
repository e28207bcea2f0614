import type jpeg from 'jpeg-js';
import { createRequire } from 'node:module';
import { viewOf } from '../../base/bytes.js';

/** Header of a JPEG, up to its first scan. */
interface JpegHead {
  /** Offset of the first scan's header [byte]. */
  readonly scan: number;
  /** Whether it has its own Huffman tables. */
  readonly tables: boolean;
  /** Whether one scan contains the whole picture, not a refinement or one colour. */
  readonly whole: boolean;
  /** Number of restart markers in the only scan of a whole picture. */
  readonly restarts: number;
}

const marker = { baseline: 0xffc0, extended: 0xffc1, tables: 0xffc4, scan: 0xffda, restartInterval: 0xffdd } as const;

/**
 * Completes a JPEG as cameras send it over USB (ITU-T T.81). Without Huffman tables, as in MJPEG, the tables of the
 * standard's annex K are inserted. A missing end marker is added. Anything else is returned unchanged, including
 * pictures with missing pixels.
 *
 * @param data - begins with the start marker
 */
export function mendJpeg(data: Uint8Array): Uint8Array {
  const head = readHead(data);
  if (head === undefined) return data;
  const { scan, tables, whole, restarts } = head;
  // An unfinished progressive picture would be coarser, and one with restarts would have a grey rest.
  const ended = hasEnd(data, scan) || !whole || countRestarts(data, scan) < restarts;
  if (tables && ended) return data;
  const parts = [
    data.subarray(0, scan),
    tables ? nothing : standardTables(),
    data.subarray(scan),
    ended ? nothing : end,
  ];
  return Buffer.concat(parts);
}

const nothing = new Uint8Array();
const end = Uint8Array.of(0xff, 0xd9);

function readHead(data: Uint8Array): JpegHead | undefined {
  const view = viewOf(data);
  let [tables, components, blocks, interval] = [false, 0, 0, 0];
  // A segment: marker, length from here on, content.
  for (let at = 2; at + 4 <= data.length; at += 2 + view.getUint16(at + 2)) {
    const kind = view.getUint16(at);
    if (kind === marker.scan) {
      const restarts = interval === 0 ? 0 : Math.ceil(blocks / interval) - 1;
      return { scan: at, tables, whole: data[at + 4] === components, restarts };
    }
    if (kind === marker.tables) tables = true;
    if (kind === marker.restartInterval && at + 6 <= data.length) interval = view.getUint16(at + 4);
    if (kind === marker.baseline || kind === marker.extended) {
      components = data[at + 9];
      blocks = countBlocks(data.subarray(at + 4));
    }
    if (kind < 0xff00) return undefined;
  }
  return undefined;
}

/**
 * Number of units in a scan of all components. The frame has precision, height, width, then identity, sampling and
 * table of each component.
 */
function countBlocks(frame: Uint8Array): number {
  if (frame.length < 6) return 0;
  const [height, width] = [(frame[1] << 8) | frame[2], (frame[3] << 8) | frame[4]];
  let [across, down] = [1, 1];
  for (let k = 0; k < frame[5] && frame[5] > 1; k++) {
    across = Math.max(across, frame[7 + 3 * k] >> 4);
    down = Math.max(down, frame[7 + 3 * k] & 15);
  }
  return Math.ceil(width / (8 * across)) * Math.ceil(height / (8 * down));
}

const bytesOf = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** Within a scan, 0xff is followed by 0 or a marker. */
const hasEnd = (data: Uint8Array, scan: number): boolean => bytesOf(data).indexOf(end, scan) >= 0;

function countRestarts(data: Uint8Array, scan: number): number {
  const bytes = bytesOf(data);
  let count = 0;
  for (let at = bytes.indexOf(0xff, scan + 2); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (data[at + 1] >= 0xd0 && data[at + 1] <= 0xd7) count++;
  }
  return count;
}

let standard: Uint8Array | undefined;

/** The standard's tables, taken from a picture of our encoder, which writes them into every one. */
function standardTables(): Uint8Array {
  if (standard === undefined) {
    const { encode } = createRequire(import.meta.url)('jpeg-js') as typeof jpeg;
    const { data } = encode({ width: 1, height: 1, data: Buffer.alloc(4) }, 50);
    const from = data.indexOf(Buffer.of(0xff, 0xc4));
    standard = Uint8Array.from(data.subarray(from, from + 2 + data.readUInt16BE(from + 2)));
  }
  return standard;
}
