// Working memory of one presentation.
import { CLASSES_READ, NEAREST, SPREADING, STRANDS } from './constants';
import { reserve } from './buffers';

/** Number of rows of first events that are added in one loop over the neurons. */
export const STREAMS: i32 = 5;
/** Maximum number of input events of a sample. */
export const MOST_EVENTS: i32 = 65535;

/** The sample as passed in: x_i by pixel, u8; zero after the last input. */
export let input: usize = 0;
/** The inverted sample, if it is inverted (read.ts). */
export let inverted: usize = 0;
/** Position of input i in the sample, u16. Entries after the last input point to the zero after the sample. */
export let scan: usize = 0;

/**
 * Quads (four neighbouring inputs) with an active input: byte offset in a column u32, the four x packed u32, f_i f32x4.
 */
export let quadOffset: usize = 0;
export let quadInputs: usize = 0;
export let quadTrace: usize = 0;
/** Address of the byInput row of each first event, u32. Rows of zeros fill the last stream. */
export let firstRow: usize = 0;
export let zeroRow: usize = 0;
/** Quads with later events: number of these events per input, f32x4, and byte offset in a column, u32. */
export let restCount: usize = 0;
export let restOffset: usize = 0;

/** I_j and score_j. Scores are written up to a whole group of 16. */
export let current: usize = 0;
export let score: usize = 0;
/** Kept neurons, indices ascending, i32; their scores and drives; scores that are not ranked yet. */
export let kept: usize = 0;
export let keptScore: usize = 0;
export let keptDrive: usize = 0;
export let leftScore: usize = 0;
/** Kept neurons with the largest scores, best first, i32. */
export let nearest: usize = 0;
/** Evidence that the last label gave each of the nearest, f32. */
export let nearestCredit: usize = 0;

/** Neurons that take part in the steps: neuron i32, v - threshold, its gain per step, threshold, spikes i32. */
export let member: usize = 0;
export let margin: usize = 0;
export let push: usize = 0;
export let memberThreshold: usize = 0;
export let memberSpikes: usize = 0;
/**
 * Neurons that fired, in the order of their first spike, i32, and n_j, i32. During the steps `fired` holds byte offsets
 * in the lists of members.
 */
export let fired: usize = 0;
export let firedSpikes: usize = 0;

/** Net votes by class. */
export let votes: usize = 0;
/** Votes of the given answer, by class (class-votes.ts). */
export let givenVotes: usize = 0;
/** B_c: votes that stem from messages of neighbours, by class. */
export let heard: usize = 0;
/** Input of each first event, as its rank in the scan, u32. */
export let firstRank: usize = 0;
/** Class neurons kept after the first events, i32, best first; their sums and drives there; drives from all events. */
export let keptClass: usize = 0;
export let keptClassSum: usize = 0;
export let keptClassFirst: usize = 0;
export let keptClassDrive: usize = 0;
/** Spreading: weighted shares P/q of each nearest neuron, and their sum, by class. */
export let share: usize = 0;
export let mean: usize = 0;

/** Reserves the memory for the given sizes. */
export function createWork(neuronStride: i32, inputStride: i32, classStride: i32): void {
  const perInput = (<usize>inputStride) << 2;
  const perNeuron = ((<usize>neuronStride) << 2) + 64;
  const perClass = (<usize>classStride) << 2;
  input = reserve(<usize>inputStride + 16);
  inverted = reserve(<usize>inputStride + 16);
  scan = reserve((<usize>inputStride) << 1);
  quadOffset = reserve(<usize>inputStride + 16);
  quadInputs = reserve(<usize>inputStride + 16);
  quadTrace = reserve(perInput + 16);
  firstRow = reserve((<usize>(MOST_EVENTS / STRANDS + 1 + STREAMS)) << 2);
  zeroRow = reserve(perNeuron);
  restCount = reserve(perInput + 16);
  restOffset = reserve(<usize>inputStride + 16);
  current = reserve(perNeuron);
  score = reserve(perNeuron);
  kept = reserve(perNeuron);
  keptScore = reserve(perNeuron);
  keptDrive = reserve(perNeuron);
  leftScore = reserve(perNeuron);
  nearest = reserve((<usize>NEAREST) << 2);
  nearestCredit = reserve((<usize>NEAREST) << 2);
  member = reserve(perNeuron);
  margin = reserve(perNeuron);
  push = reserve(perNeuron);
  memberThreshold = reserve(perNeuron);
  memberSpikes = reserve(perNeuron);
  fired = reserve(perNeuron);
  firedSpikes = reserve(perNeuron);
  votes = reserve(perClass);
  givenVotes = reserve(perClass);
  heard = reserve(perClass);
  firstRank = reserve((<usize>(MOST_EVENTS / STRANDS + 1)) << 2);
  keptClass = reserve((<usize>CLASSES_READ) << 2);
  keptClassSum = reserve((<usize>CLASSES_READ) << 2);
  keptClassFirst = reserve((<usize>CLASSES_READ) << 2);
  keptClassDrive = reserve((<usize>CLASSES_READ) << 2);
  share = reserve(<usize>SPREADING * perClass);
  mean = reserve(perClass);
}
