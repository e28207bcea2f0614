import type { KeyObject } from 'node:crypto';
import type { Json } from '../base/snapshot.js';
import { atOnce, type Slices } from '../base/slices.js';
import { partnerPlaces } from '../classifier/group-naming.js';
import {
  encodeChunk,
  gramNumbers,
  partnerNeurons,
  readChunk,
  type Chunk,
  type ClassChunk,
  type NeuronChunk,
} from './chunks.js';
import { countNumbers, type LearnedSums } from './learned.js';
import { triangle, type LinearStatistics } from './linear-statistics.js';
import {
  chunkHash,
  fleetKernel,
  refuseShared,
  signManifest,
  type ChunkEntry,
  type Manifest,
  type SharedClass,
  type SharedEdit,
} from './manifest.js';

/** What one robot shares, every chunk checked against its hash. */
export interface Contribution {
  readonly manifest: Manifest;
  /** Bytes by hash. */
  readonly chunks: ReadonlyMap<string, Uint8Array>;
}

/** The robot that shares, and its version. */
export interface Sharer {
  /** 1 to 64 letters, digits, `_`, `.`, `/` and `-`. */
  readonly robot: string;
  /** Larger than every earlier version of the robot: the larger of the last version + 1 and seconds since 1970. */
  readonly version: number;
  /** Seconds since 1970. */
  readonly when: number;
  /** Private, ed25519; absent: unsigned. */
  readonly key?: KeyObject | undefined;
}

/** What was learned, and the edits of its classes. */
export interface SharedLearning {
  readonly learned: LearnedSums;
  readonly classes: readonly SharedClass[];
  readonly edits: readonly SharedEdit[];
  readonly sensors: Json;
}

/** Cuts what a robot itself has learned into chunks, and lists them in a manifest. */
export function* share({ learned, classes, edits, sensors }: SharedLearning, sharer: Sharer): Slices<Contribution> {
  const chunks = new Map<string, Uint8Array>();
  const entries: ChunkEntry[] = [];
  let sinceYield = 0;
  for (const chunk of chunksOf(learned)) {
    const bytes = encodeChunk(chunk);
    const hash = chunkHash(bytes);
    chunks.set(hash, bytes);
    entries.push({ hash, bytes: bytes.length });
    if (++sinceYield % piece === 0) yield;
  }
  const { robot, version, when, key } = sharer;
  const { rows, columns, polarity } = learned;
  const manifest: Manifest = {
    ...{ format: 1, robot, version, when, kernel: fleetKernel, network: { rows, columns, polarity } },
    ...{ sensors, classes, edits, chunks: entries },
  };
  return { manifest: key === undefined ? manifest : signManifest(manifest, key), chunks };
}

/** Chunks that are made or read in one slice. */
const piece = 64;

function* chunksOf({ neurons, classNeurons, counts, partners, partnerWeights, linear }: LearnedSums): Generator<Chunk> {
  yield* neurons;
  yield* classNeurons;
  yield { kind: 'counts', numbers: counts };
  const width = partnerNeurons * partnerPlaces;
  for (let from = 0; from < partners.length; from += width) {
    const part = {
      partners: partners.subarray(from, from + width),
      weights: partnerWeights.subarray(from, from + width),
    };
    if (part.partners.some((each) => each >= 0)) yield { kind: 'partners', first: from / partnerPlaces, ...part };
  }
  if (linear === undefined) return;
  const { inputs, gram, goals } = linear;
  for (let first = 0; first < gram.length; first += gramNumbers) {
    yield { kind: 'gram', inputs, first, numbers: Float32Array.from(gram.subarray(first, first + gramNumbers)) };
  }
  for (const [label, goal] of goals.entries()) yield { kind: 'goals', label, numbers: Float32Array.from(goal) };
}

/**
 * The chunks that are still wanted, each once, in the order of the manifest.
 *
 * @param has - whether a chunk is there already
 */
export function missingChunks({ chunks }: Manifest, has: (hash: string) => boolean): readonly ChunkEntry[] {
  return [...new Map(chunks.map((entry) => [entry.hash, entry])).values()].filter(({ hash }) => !has(hash));
}

/**
 * Checks a chunk against its entry in the manifest.
 *
 * @throws TopsparkError `fleet_chunk`
 */
export function checkChunk(entry: ChunkEntry, bytes: Uint8Array, robot: string): void {
  const bad = (found: string, expected: string): never =>
    refuseShared('fleet_chunk', robot, found, expected, 'it was changed on its way; ask for it again');
  if (bytes.length !== entry.bytes) bad(`a chunk has ${bytes.length} bytes`, String(entry.bytes));
  const hash = chunkHash(bytes);
  if (hash !== entry.hash) bad(`a chunk has the SHA-256 ${hash.slice(0, 12)}…`, `${entry.hash.slice(0, 12)}…`);
}

/**
 * Puts a contribution together, and reads each of its chunks once.
 *
 * @param chunkOf - bytes of a chunk, checked here; `undefined`: it is missing
 * @throws TopsparkError `fleet_chunk`, `fleet_kernel`
 */
export function assemble(manifest: Manifest, chunkOf: (hash: string) => Uint8Array | undefined): Contribution {
  return atOnce(assembling(manifest, chunkOf));
}

/** {@link assemble} in slices: with 1,600 neurons it takes 0.1 s. */
export function* assembling(
  manifest: Manifest,
  chunkOf: (hash: string) => Uint8Array | undefined,
): Slices<Contribution> {
  const { robot } = manifest;
  const chunks = new Map<string, Uint8Array>();
  for (const [k, entry] of manifest.chunks.entries()) {
    if (k % piece === piece - 1) yield;
    const bytes = chunkOf(entry.hash);
    if (bytes === undefined) {
      refuseShared(
        'fleet_chunk',
        robot,
        `chunk ${entry.hash.slice(0, 12)}… is missing`,
        'all of them',
        'ask for it again',
      );
    }
    checkChunk(entry, bytes, robot);
    chunks.set(entry.hash, bytes);
  }
  const contribution = { manifest, chunks };
  yield* readContribution(contribution);
  return contribution;
}

/** The content of a contribution, and the hash of each neuron. */
export interface ReadContribution {
  readonly learned: LearnedSums;
  readonly hashes: readonly string[];
}

/**
 * Reads the chunks of a contribution, whose hashes were checked.
 *
 * @throws TopsparkError `fleet_chunk`, `fleet_kernel`
 */
export function* readContribution({ manifest, chunks }: Contribution): Slices<ReadContribution> {
  const { robot, network, classes, kernel } = manifest;
  if (kernel !== fleetKernel) {
    const found = `it was learned by kernel ${JSON.stringify(kernel)}`;
    refuseShared('fleet_kernel', robot, found, fleetKernel, 'bring both robots to the same version');
  }
  const bad = (found: string, expected: string): never =>
    refuseShared('fleet_chunk', robot, found, expected, 'it is broken or not made by this program');
  const { rows, columns, polarity } = network;
  const reader = { robot, inputs: rows * columns, classes: classes.length };
  const neurons: NeuronChunk[] = [];
  const hashes: string[] = [];
  const classNeurons: ClassChunk[] = [];
  let counts = new Float64Array(countNumbers);
  const beside: Chunk[] = [];
  for (const [k, { hash }] of manifest.chunks.entries()) {
    if (k % piece === piece - 1) yield;
    const chunk = readChunk(chunks.get(hash) ?? new Uint8Array(), reader);
    if (chunk.kind === 'neuron') {
      neurons.push(chunk);
      hashes.push(hash);
    } else if (chunk.kind === 'class') classNeurons.push(chunk);
    else if (chunk.kind === 'counts') counts = Float64Array.from(chunk.numbers);
    else beside.push(chunk);
  }
  if (counts.length !== countNumbers) bad(`${counts.length} counts`, String(countNumbers));
  if (new Set(classNeurons.map(({ label }) => label)).size < classNeurons.length)
    bad('a class neuron twice', 'each once');
  const partners = new Int32Array(neurons.length * partnerPlaces).fill(-1);
  const partnerWeights = new Float32Array(partners.length);
  for (const chunk of beside) {
    if (chunk.kind !== 'partners') continue;
    const from = chunk.first * partnerPlaces;
    if (from + chunk.partners.length > partners.length) bad('partners of neurons that it has not', 'of its own');
    if (chunk.partners.some((each) => each >= neurons.length)) bad('a partner that it has not', 'one of its own');
    partners.set(chunk.partners, from);
    partnerWeights.set(chunk.weights, from);
  }
  const linear = linearOf(beside, classes.length, bad);
  const learned = {
    ...{ rows, columns, polarity, neurons, classNeurons, counts, partners, partnerWeights },
    classes: classes.map(({ name, labels }) => ({ name, labels })),
    ...(linear && { linear }),
  };
  return { learned, hashes };
}

function linearOf(
  chunks: readonly Chunk[],
  classes: number,
  bad: (found: string, expected: string) => never,
): LinearStatistics | undefined {
  const grams = chunks.flatMap((chunk) => (chunk.kind === 'gram' ? [chunk] : []));
  if (grams.length === 0) return undefined;
  const [{ inputs }] = grams;
  const gram = new Float64Array(triangle(inputs));
  let filled = 0;
  for (const part of grams) {
    if (part.inputs !== inputs || part.first !== filled)
      bad('a Gram matrix in pieces that do not fit', 'one after the other');
    if (filled + part.numbers.length > gram.length) bad('a Gram matrix that is too long', `${gram.length} numbers`);
    gram.set(part.numbers, filled);
    filled += part.numbers.length;
  }
  if (filled !== gram.length) bad(`${filled} numbers of a Gram matrix`, String(gram.length));
  const goals = Array.from({ length: classes }, () => new Float64Array(inputs));
  for (const chunk of chunks) {
    if (chunk.kind !== 'goals') continue;
    if (chunk.numbers.length !== inputs) bad(`goals of ${chunk.numbers.length} inputs`, String(inputs));
    goals[chunk.label].set(chunk.numbers);
  }
  return { inputs, gram, goals };
}
