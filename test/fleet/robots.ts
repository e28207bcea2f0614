import { createHash } from 'node:crypto';
import { encodeChunk } from '../../src/fleet/chunks.js';
import { countNumbers } from '../../src/fleet/learned.js';
import { encodeManifest, fleetKernel, type Manifest } from '../../src/fleet/manifest.js';
import { offerOf, type Shared } from '../../src/fleet/shelf.js';
import type { Offer } from '../../src/fleet/reception.js';

export const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A contribution for tests, with chunks of bytes that are only transferred, never decoded. */
export function sharedBy(robot: string, version: number, sizes: readonly number[], seed = 0): Shared {
  const chunks = new Map(
    sizes.map((size, at) => {
      const bytes = Buffer.alloc(size, at + 1 + seed);
      return [sha(bytes), bytes];
    }),
  );
  const manifest: Manifest = {
    ...{ format: 1, robot, version, when: 1_700_000_000, kernel: fleetKernel },
    ...{ network: { rows: 2, columns: 2, polarity: false }, sensors: null, classes: [], edits: [] },
    chunks: [...chunks].map(([hash, { length }]) => ({ hash, bytes: length })),
  };
  return { manifest, bytes: encodeManifest(manifest), chunks };
}

/** A valid contribution of a robot with this many neurons of 28×28 inputs, no two alike. */
export function taughtBy(robot: string, version: number, neurons: number, seed = 0): Shared {
  const inputs = 784;
  const chunks = new Map<string, Uint8Array>();
  const add = (bytes: Uint8Array): void => {
    chunks.set(sha(bytes), bytes);
  };
  for (let j = 0; j < neurons; j++) {
    const weights = Float32Array.from({ length: inputs }, (_, i) => ((i * (j + seed + 3)) % 97) + 1);
    const sum = weights.reduce((total, each) => total + each, 0);
    const knows = [{ label: j % 2, evidence: 3 + j, message: 1 }];
    const counts = { theta: 0.1, spikes: j + 1, labelled: 1, expected: 1 };
    add(encodeChunk({ kind: 'neuron', weights: weights.map((each) => each / sum), ...counts, knows }));
  }
  add(encodeChunk({ kind: 'counts', numbers: new Float64Array(countNumbers) }));
  const manifest: Manifest = {
    ...{ format: 1, robot, version, when: 1_700_000_000, kernel: fleetKernel },
    ...{ network: { rows: 28, columns: 28, polarity: false }, sensors: null, edits: [] },
    classes: ['a', 'b'].map((name) => ({ name, labels: 10 })),
    chunks: [...chunks].map(([hash, { length }]) => ({ hash, bytes: length })),
  };
  return { manifest, bytes: encodeManifest(manifest), chunks };
}

/** Hashes of the bytes of blobs, sorted. */
export const hashesOf = (blobs: ReadonlyMap<string, Uint8Array> = new Map()): string[] =>
  [...blobs.values()].map(sha).sort();

export const offerBy = (shared: Shared): Offer => offerOf(shared);
