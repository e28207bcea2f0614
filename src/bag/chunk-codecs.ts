import lz4 from '@foxglove/wasm-lz4';
import * as zstd from '@foxglove/wasm-zstd';

/** How chunks are unpacked, by the name that a bag gives to its compression. */
export type ChunkCodecs = Record<string, (packed: Uint8Array, unpackedSize: bigint) => Uint8Array>;

/** A chunk that claims to unpack to more is damaged: recorders make chunks of some MiB [byte]. */
const mostUnpacked = 2 ** 30;

/** The codecs that ROS 2's recorder offers; they are ready when the promise is. */
export async function loadChunkCodecs(): Promise<ChunkCodecs> {
  await Promise.all([lz4.isLoaded, zstd.isLoaded]);
  return { lz4: sized(lz4), zstd: sized(zstd.decompress) };
}

function sized(unpack: (packed: Uint8Array, size: number) => Uint8Array): ChunkCodecs[string] {
  return (packed, unpackedSize) => {
    if (unpackedSize > mostUnpacked) throw new RangeError(`${unpackedSize} bytes of one chunk`);
    return unpack(packed, Number(unpackedSize));
  };
}
