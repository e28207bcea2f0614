import { partnerPlaces } from '../classifier/group-naming.js';
import { mostReadoutInputs } from '../snn/linear-readout.js';
import { mostChunkBytes, refuseShared } from './manifest.js';

// Chunks: a robot's knowledge in pieces, each of which is shared by itself. The same knowledge gives the same bytes, so
// its SHA-256 identifies it, and a chunk that others have is not sent again. Numbers are little endian; the first byte
// is the kind of the chunk.
//
//   1 neuron        0 u8, k u16, theta u16, 0 u16, spikes u32, F, E f32, k times (class u16, M u16, R f32), D times q u8
//   2 class neuron  0 u8, class u16, peak, n, L, U f32, D times q u16
//   3 Gram matrix   0 u8, inputs u16, first number u32, numbers f32: the lower triangle of sum x x', row by row
//   4 goals         0 u8, class u16, numbers f32: sum of x over the samples of a class, as the linear readout takes them
//   5 counts        0 u8, 0 u16, numbers f64 (certainty and credit, see learned.ts)
//   6 partners      0 u8, 0 u16, first neuron u32, for each neuron 6 times (1 + partner u16, 0 u16, weight f32)
//
// Weights of a neuron: W_i = S q_i^2 / sum q^2, since their sum S is always the same; squares keep small weights in
// proportion. Weights of a class neuron: v_i = peak q_i / 65535. theta and M are bfloat16 (the upper half of a
// float32): both move a little with every sample, and 1 part in 256 is enough.

/** Knowledge of a neuron about a class: index into the classes of the manifest, evidence R and message M. */
export interface Knowledge {
  readonly label: number;
  readonly evidence: number;
  readonly message: number;
}

/** A neuron as it is shared. */
export interface NeuronChunk {
  readonly kind: 'neuron';
  /** Share of each input in the weights, in scan order; the sum is 1. */
  readonly weights: Float32Array;
  readonly theta: number;
  readonly spikes: number;
  /** Labelled spikes, and expected ones (classifier/certainty.ts). */
  readonly labelled: number;
  readonly expected: number;
  readonly knows: readonly Knowledge[];
}

/** A class neuron as it is shared. */
export interface ClassChunk {
  readonly kind: 'class';
  readonly label: number;
  /** v_c in scan order. */
  readonly weights: Float32Array;
  readonly seen: number;
  readonly labels: number;
  readonly self: number;
}

/** A stretch of the Gram matrix of a linear readout. */
export interface GramChunk {
  readonly kind: 'gram';
  readonly inputs: number;
  readonly first: number;
  readonly numbers: Float32Array;
}

/** The sum of the samples of a class, as a linear readout takes them. */
export interface GoalChunk {
  readonly kind: 'goals';
  readonly label: number;
  readonly numbers: Float32Array;
}

/** Counts that belong to no neuron or class. */
export interface CountsChunk {
  readonly kind: 'counts';
  readonly numbers: Float64Array;
}

/** Partners of a stretch of neurons: index among those of the manifest, −1: none; {@link partnerPlaces} of each. */
export interface PartnersChunk {
  readonly kind: 'partners';
  readonly first: number;
  readonly partners: Int32Array;
  readonly weights: Float32Array;
}

/** What a chunk holds. */
export type Chunk = NeuronChunk | ClassChunk | GramChunk | GoalChunk | CountsChunk | PartnersChunk;

/** Numbers of the Gram matrix in one chunk, and neurons of one chunk of partners. */
export const gramNumbers = 16_384;
export const partnerNeurons = 1024;

const kinds = { neuron: 1, class: 2, gram: 3, goals: 4, counts: 5, partners: 6 } as const;
const neuronHead = 20;
const knowledgeBytes = 8;
const classHead = 20;
const partnerBytes = 8;
const [finest, fine] = [255, 65_535];
/** Bound of numbers, far beyond those of a network. */
const most = 1e9;

/** A chunk as it is stored and sent. */
export function encodeChunk(chunk: Chunk): Uint8Array {
  const bytes = new Uint8Array(sizeOf(chunk));
  const view = new DataView(bytes.buffer);
  view.setUint8(0, kinds[chunk.kind]);
  if (chunk.kind === 'neuron') writeNeuron(chunk, view, bytes);
  else if (chunk.kind === 'class') writeClass(chunk, view);
  else if (chunk.kind === 'gram') {
    view.setUint16(2, chunk.inputs, true);
    view.setUint32(4, chunk.first, true);
    chunk.numbers.forEach((number, k) => {
      view.setFloat32(8 + 4 * k, number, true);
    });
  } else if (chunk.kind === 'goals') {
    view.setUint16(2, chunk.label, true);
    chunk.numbers.forEach((number, k) => {
      view.setFloat32(4 + 4 * k, number, true);
    });
  } else if (chunk.kind === 'counts')
    chunk.numbers.forEach((number, k) => {
      view.setFloat64(4 + 8 * k, number, true);
    });
  else {
    view.setUint32(4, chunk.first, true);
    chunk.partners.forEach((partner, k) => {
      view.setUint16(8 + partnerBytes * k, partner + 1, true);
      view.setFloat32(12 + partnerBytes * k, chunk.weights[k], true);
    });
  }
  return bytes;
}

function sizeOf(chunk: Chunk): number {
  if (chunk.kind === 'neuron') return neuronHead + knowledgeBytes * chunk.knows.length + chunk.weights.length;
  if (chunk.kind === 'class') return classHead + 2 * chunk.weights.length;
  if (chunk.kind === 'gram') return 8 + 4 * chunk.numbers.length;
  if (chunk.kind === 'goals') return 4 + 4 * chunk.numbers.length;
  if (chunk.kind === 'counts') return 4 + 8 * chunk.numbers.length;
  return 8 + partnerBytes * chunk.partners.length;
}

function writeNeuron(
  { weights, theta, spikes, labelled, expected, knows }: NeuronChunk,
  view: DataView,
  bytes: Uint8Array,
): void {
  view.setUint16(2, knows.length, true);
  view.setUint16(4, toHalf(theta), true);
  view.setUint32(8, spikes, true);
  view.setFloat32(12, labelled, true);
  view.setFloat32(16, expected, true);
  knows.forEach(({ label, evidence, message }, k) => {
    const at = neuronHead + knowledgeBytes * k;
    view.setUint16(at, label, true);
    view.setUint16(at + 2, toHalf(message), true);
    view.setFloat32(at + 4, evidence, true);
  });
  const peak = largest(weights);
  const from = neuronHead + knowledgeBytes * knows.length;
  weights.forEach((weight, i) => (bytes[from + i] = Math.round(finest * Math.sqrt(weight / peak))));
}

function writeClass({ label, weights, seen, labels, self }: ClassChunk, view: DataView): void {
  const peak = largest(weights);
  view.setUint16(2, label, true);
  [peak, seen, labels, self].forEach((number, k) => {
    view.setFloat32(4 + 4 * k, number, true);
  });
  weights.forEach((weight, i) => {
    view.setUint16(classHead + 2 * i, peak > 0 ? Math.round((fine * weight) / peak) : 0, true);
  });
}

const largest = (numbers: Float32Array): number => numbers.reduce((top, each) => (each > top ? each : top), 0);

const half = new DataView(new ArrayBuffer(4));

function toHalf(value: number): number {
  half.setFloat32(0, value);
  // Rounds to the nearest; larger values do not occur.
  half.setUint32(0, half.getUint32(0) + 0x8000);
  return half.getUint16(0);
}

function fromHalf(bits: number): number {
  half.setUint32(0, bits << 16);
  return half.getFloat32(0);
}

/** The robot of a chunk, and limits of the numbers in it. */
export interface ChunkReader {
  readonly robot: string;
  /** D. */
  readonly inputs: number;
  /** Classes of the manifest. */
  readonly classes: number;
}

/**
 * Reads an untrusted chunk: checks that no number in it leads outside an array, and that all are finite.
 *
 * @throws TopsparkError `fleet_chunk`
 */
export function readChunk(bytes: Uint8Array, reader: ChunkReader): Chunk {
  const { robot, inputs, classes } = reader;
  const need = (right: boolean, found: string, expected: string): void => {
    if (!right)
      refuseShared('fleet_chunk', robot, `a chunk has ${found}`, expected, 'it is broken or not made by this program');
  };
  need(bytes.length >= 4 && bytes.length <= mostChunkBytes, `${bytes.length} bytes`, `4 to ${mostChunkBytes}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = (number: number, what: string, bound = most): number => {
    need(number >= 0 && number <= bound, `${what} ${number}`, `0 to ${bound}`);
    return number;
  };
  const float = (at: number, what: string): number => count(view.getFloat32(at, true), what);
  const label = (at: number): number => count(view.getUint16(at, true), 'class', classes - 1);
  const size = (expected: number): void => {
    need(bytes.length === expected, `${bytes.length} bytes`, `${expected} of its kind`);
  };
  const floats = (from: number): Float32Array => {
    need((bytes.length - from) % 4 === 0, `${bytes.length} bytes`, 'whole numbers');
    return Float32Array.from({ length: (bytes.length - from) / 4 }, (_, k) => {
      const number = view.getFloat32(from + 4 * k, true);
      need(Math.abs(number) <= most, `the number ${number}`, `−${most} to ${most}`);
      return number;
    });
  };
  switch (bytes[0]) {
    case kinds.neuron: {
      const known = view.getUint16(2, true);
      const from = neuronHead + knowledgeBytes * known;
      size(from + inputs);
      const knows = Array.from({ length: known }, (_, k): Knowledge => {
        const at = neuronHead + knowledgeBytes * k;
        const message = count(fromHalf(view.getUint16(at + 2, true)), 'message', 1.01);
        return { label: label(at), evidence: float(at + 4, 'evidence'), message };
      });
      need(new Set(knows.map((each) => each.label)).size === known, 'a class twice', 'each once');
      const weights = Float32Array.from(bytes.subarray(from), (q) => q * q);
      const sum = weights.reduce((total, each) => total + each, 0);
      need(sum > 0, 'no weights', 'some above 0');
      return {
        kind: 'neuron',
        weights: weights.map((each) => each / sum),
        theta: count(fromHalf(view.getUint16(4, true)), 'theta'),
        spikes: count(view.getUint32(8, true), 'spikes'),
        labelled: float(12, 'labelled spikes'),
        expected: float(16, 'expected spikes'),
        knows,
      };
    }
    case kinds.class: {
      size(classHead + 2 * inputs);
      const peak = float(4, 'peak');
      need(peak <= 1, `peak ${peak}`, 'at most 1');
      return {
        kind: 'class',
        label: label(2),
        weights: Float32Array.from(
          { length: inputs },
          (_, i) => (peak * view.getUint16(classHead + 2 * i, true)) / fine,
        ),
        seen: float(8, 'samples'),
        labels: float(12, 'labels'),
        self: float(16, 'unnamed samples'),
      };
    }
    case kinds.gram: {
      const order = view.getUint16(2, true);
      need(order >= 1 && order <= mostReadoutInputs, `${order} inputs`, `1 to ${mostReadoutInputs}`);
      need(bytes.length > 8, `${bytes.length} bytes`, 'numbers');
      return { kind: 'gram', inputs: order, first: view.getUint32(4, true), numbers: floats(8) };
    }
    case kinds.goals:
      return { kind: 'goals', label: label(2), numbers: floats(4) };
    case kinds.counts: {
      need((bytes.length - 4) % 8 === 0, `${bytes.length} bytes`, 'whole numbers');
      const numbers = Float64Array.from({ length: (bytes.length - 4) / 8 }, (_, k) => {
        return count(view.getFloat64(4 + 8 * k, true), 'count', Number.MAX_SAFE_INTEGER);
      });
      return { kind: 'counts', numbers };
    }
    case kinds.partners: {
      const places = (bytes.length - 8) / partnerBytes;
      need(places >= 0 && places % partnerPlaces === 0, `${bytes.length} bytes`, 'whole neurons');
      const at = (k: number): number => 8 + partnerBytes * k;
      return {
        kind: 'partners',
        first: view.getUint32(4, true),
        partners: Int32Array.from({ length: places }, (_, k) => view.getUint16(at(k), true) - 1),
        weights: Float32Array.from({ length: places }, (_, k) => float(at(k) + 4, 'weight of a partner')),
      };
    }
    default:
      need(false, `kind ${bytes[0]}`, '1 to 6');
      throw new Error('unreachable');
  }
}
