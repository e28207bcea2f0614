import { TopsparkError } from '../base/errors.js';
import { assemble, type Contribution } from './contribution.js';
import { chunkHash, mostContributionBytes, mostManifestBytes, readManifest, type Trust } from './manifest.js';

// A contribution as one file: blobs one after the other, the manifest first, each after its length in four bytes
// (little endian). The reader computes the hashes, so a cut end or a flipped bit costs only the blobs that it affects.

/** Ending of the names of such files. */
export const contributionEnding = '.shared';

/** Largest file that is read [byte], with the four bytes of length before each blob. */
export const mostFileBytes = mostManifestBytes + 2 * mostContributionBytes;

/** Parts of the file, to be written one after the other. */
export const blobRows = (blobs: Iterable<Uint8Array>): Uint8Array[] =>
  [...blobs].flatMap((bytes) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });

/** The blobs of a file in order, by their hashes; a blob that is cut off at the end is left out. */
export function blobsIn(file: Buffer): Map<string, Uint8Array> {
  const blobs = new Map<string, Uint8Array>();
  for (let at = 0; at + 4 <= file.length;) {
    const end = at + 4 + file.readUInt32LE(at);
    if (end > file.length) break;
    const bytes = file.subarray(at + 4, end);
    blobs.set(chunkHash(bytes), bytes);
    at = end;
  }
  return blobs;
}

/**
 * Reads a contribution from its file; every chunk is read once.
 *
 * @param where - name of the file, for sentences
 * @returns the contribution, and its encoded manifest
 * @throws {@link TopsparkError} `fleet_file`, or a cause of a manifest or a chunk
 */
export function contributionIn(
  file: Buffer,
  where: string,
  trust: Trust,
): { readonly contribution: Contribution; readonly bytes: Uint8Array } {
  const blobs = blobsIn(file);
  const bytes = blobs.values().next().value;
  if (bytes === undefined) {
    throw new TopsparkError('fleet_file', 'data', `${where} holds nothing whole, expected a contribution of a robot`);
  }
  return { contribution: assemble(readManifest(bytes, trust), (hash) => blobs.get(hash)), bytes };
}
