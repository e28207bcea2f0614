import { viewOf } from '../base/bytes.js';

type Unpack = (packed: Uint8Array, unpackedSize: number) => Uint8Array;

/** Decompressors. */
export interface Codecs {
  /** For chunks: by the name of their compression in the bag. */
  readonly chunk: Readonly<Record<string, Unpack | undefined>>;
  /** For zstd frames, which contain their own size. */
  readonly frames: (packed: Uint8Array) => Uint8Array;
}

/** Largest decompressed size [byte]. A larger one means damage, or a file for another program. */
export const mostUnpacked = 2 ** 30;

/**
 * Loads the codecs of ROS 2's recorder. Only readers of bags load them: each compiles WebAssembly in parallel, and a
 * process that exits meanwhile may be killed by a signal (nodejs/node#56236).
 */
export async function loadCodecs(): Promise<Codecs> {
  const [{ default: lz4 }, zstd] = await Promise.all([import('@foxglove/wasm-lz4'), import('@foxglove/wasm-zstd')]);
  await Promise.all([lz4.isLoaded, zstd.isLoaded]);
  const unpackZstd = bounded(zstd.decompress);
  return {
    chunk: { lz4: bounded(lz4), zstd: unpackZstd },
    frames: (packed) => unpackZstd(packed, unpackedSize(packed)),
  };
}

function bounded(unpack: Unpack): Unpack {
  return (packed, size) => {
    if (size > mostUnpacked) throw new RangeError(`it claims to unpack to ${size} bytes, expected at most 1 GiB`);
    return unpack(packed, size);
  };
}

const [magic, skippable] = [0xfd2fb528, 0x184d2a5];
const mostOfBlock = 2 ** 17;

/** Whether bytes are compressed with zstd. No message begins like a zstd frame: CDR begins with a zero. */
export const isZstd = (bytes: Uint8Array): boolean => bytes.length >= 4 && viewOf(bytes).getUint32(0, true) === magic;

/**
 * Decompressed size of zstd frames (RFC 8878): the stated size, or an upper bound without one. It never exceeds what
 * the blocks can hold, so that a damaged number costs no memory.
 *
 * @throws RangeError where the frames are cut off or damaged
 */
export function unpackedSize(packed: Uint8Array): number {
  const view = viewOf(packed);
  try {
    return sizeOfFrames(view);
  } catch (error) {
    // DataView names an offset where the bytes end early.
    if (!(error instanceof RangeError) || !error.message.startsWith('Offset')) throw error;
    throw new RangeError(`it is cut off behind ${packed.length} bytes`, { cause: error });
  }
}

function sizeOfFrames(view: DataView): number {
  let total = 0;
  let at = 0;
  while (at < view.byteLength) {
    if (view.getUint32(at, true) >>> 4 === skippable) {
      at += 8 + view.getUint32(at + 4, true);
      continue;
    }
    if (view.getUint32(at, true) !== magic) throw new RangeError(`no frame of zstd begins at its byte ${at}`);
    const frame = frameAt(view, at + 4);
    total += frame.size;
    at = frame.end;
  }
  if (at > view.byteLength) throw new RangeError(`it is cut off behind ${view.byteLength} bytes`);
  return total;
}

// `at` is behind the magic.
function frameAt(view: DataView, at: number): { readonly size: number; readonly end: number } {
  const descriptor = view.getUint8(at);
  const single = (descriptor >> 5) & 1;
  const checksum = (descriptor >> 2) & 1;
  const sizeAt = at + 1 + (1 - single) + [0, 1, 2, 4][descriptor & 3];
  const sizeBytes = [single, 2, 4, 8][descriptor >> 6];
  const said = saidSize(view, sizeAt, sizeBytes);
  let end = sizeAt + sizeBytes;
  let most = 0;
  for (let last = false; !last;) {
    const block = view.getUint16(end, true) | (view.getUint8(end + 2) << 16);
    const [kind, size] = [(block >> 1) & 3, block >> 3];
    last = (block & 1) === 1;
    if (kind === 3 || size > mostOfBlock) throw new RangeError(`its block at byte ${end} is damaged`);
    most += kind === 2 ? mostOfBlock : size;
    end += 3 + (kind === 1 ? 1 : size);
  }
  if (said !== undefined && said > most) throw new RangeError(`it claims ${said} bytes, its blocks hold ${most}`);
  return { size: said ?? most, end: end + 4 * checksum };
}

// The size stated by a frame; `undefined` where there is none.
function saidSize(view: DataView, at: number, bytes: number): number | undefined {
  switch (bytes) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    case 8:
      return Number(view.getBigUint64(at, true));
    default:
      return undefined;
  }
}
