// Memory for one presentation, not kept afterwards.
import { CLASSES_READ, NEAREST, SPREADING, STRANDS } from './constants';
import { reserve } from './buffers';

/** Rows of the first events are added in streams of this many. */
export const STREAMS: i32 = 5;
/** Most input events of a sample. */
export const MOST_EVENTS: i32 = 65535;

/** The sample as passed in, x by pixel, u8; zero after the last input. */
export let input: usize = 0;
/** The same, inverted where polarity asks for it. */
export let inverted: usize = 0;
/** Position of input i in the sample, u16; after the last input: the zero after the sample. */
export let scan: usize = 0;

/** Quads (four neighbouring inputs) with an active one: byte offset in a column u32, the four x packed u32, f_i f32x4. */
export let quadOffset: usize = 0;
export let quadInputs: usize = 0;
export let quadTrace: usize = 0;
/** Row of byInput of each first event, u32; at the end rows of zeros up to whole streams. */
export let firstRow: usize = 0;
export let zeroRow: usize = 0;
/** Later events of the quads that have some, f32x4, and the quads' byte offsets, u32. */
export let restCount: usize = 0;
export let restOffset: usize = 0;

/** I_j and score_j, the latter up to a whole group of 16. */
export let current: usize = 0;
export let score: usize = 0;
/** Kept neurons, ids ascending, i32; their scores and drives; scores not yet ranked. */
export let kept: usize = 0;
export let keptScore: usize = 0;
export let keptDrive: usize = 0;
export let leftScore: usize = 0;
/** Kept neurons with the largest scores, best first, i32. */
export let nearest: usize = 0;
/** Evidence that the last label gave each of the nearest, f32. */
export let nearestCredit: usize = 0;

/** Members of the steps: neuron i32, v - threshold, its gain per step, threshold, spikes i32. */
export let member: usize = 0;
export let margin: usize = 0;
export let push: usize = 0;
export let memberThreshold: usize = 0;
export let memberSpikes: usize = 0;
/** Neurons that fired, in the order of their first spike, i32, and n_j, i32; while stepping `fired` holds members. */
export let fired: usize = 0;
export let firedSpikes: usize = 0;

/** Votes by class, net; own shares of the spreading neurons and their sum. */
export let votes: usize = 0;
/** Votes of the given answer, of the second stage. */
export let givenVotes: usize = 0;
/** Votes of the neighbours, by class. */
export let heard: usize = 0;
/** Ranks of the first events, u32. */
export let firstRank: usize = 0;
/** Class neurons that stay after the first events, i32, best first; their sums, and their drives from all events. */
export let keptClass: usize = 0;
export let keptClassSum: usize = 0;
export let keptClassFirst: usize = 0;
export let keptClassDrive: usize = 0;
export let share: usize = 0;
export let mean: usize = 0;

/** Reserves the memory for the sizes of `state.ts`. */
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
