// State of the network between samples. In an untrained network all of it is zero, so a reset is one fill.
//
//   W_ij = scale_j raw_ij ,  scale_j = S / rawSum_j        i input (rank in the scan), j neuron, c class
//
// raw is stored twice. As [i][j], all neurons add the row of an input in the coarse pass. As [j][i], each kept neuron
// reads its own column in the full pass.
import { commit, reserve } from './buffers';
import { createWork } from './work';

/** N, and N rounded up to a multiple of 4. */
export let neurons: i32 = 0;
export let neuronStride: i32 = 0;
/** D, and D rounded up to a multiple of 4. */
export let inputs: i32 = 0;
export let inputStride: i32 = 0;
/** Capacity of the tables of classes, rounded up to a multiple of 4. */
export let classStride: i32 = 0;
/** Samples with a mean above 127.5 are inverted. */
export let polarity: bool = false;

/** Number of classes known so far. */
export let classes: i32 = 0;
/** Neurons that exist: 0..touched-1. */
export let touched: i32 = 0;

/** Number of samples learned so far, f64. lastWin and renewedAt hold values of it. */
export let clock: usize = 0;
/** raw as [i][j] and as [j][i]. */
export let byInput: usize = 0;
export let byNeuron: usize = 0;
export let scale: usize = 0;
export let rawSum: usize = 0;
export let theta: usize = 0;
/** s_j: spikes so far, i32. */
export let spikesSoFar: usize = 0;
/** Clock of the last spike and of the last renewal, f64. */
export let lastWin: usize = 0;
export let renewedAt: usize = 0;
/** R_jc and M_jc as [j][c]; h_j = sum_c R_jc. */
export let evidence: usize = 0;
export let message: usize = 0;
export let evidenceSum: usize = 0;
/** Owner of a neuron: 1 + class with the largest R_jc, 0: none yet. Number of neurons that a class owns. i32. */
export let owner: usize = 0;
export let owned: usize = 0;
/**
 * Class neurons (class-neurons.ts): v_c as [c][i], 1 / |v_c|, n_c, L_c, U_c. Two credits: how often only the class
 * neurons were right, and how often only the net, fading.
 */
export let classWeights: usize = 0;
export let classInverse: usize = 0;
export let classSeen: usize = 0;
export let classLabels: usize = 0;
export let classSelf: usize = 0;
export let classCredit: usize = 0;
/** b_c, and t_c (common-drive.ts). */
export let classCommon: usize = 0;
export let classLooks: usize = 0;

let begin: usize = 0;
let end: usize = 0;

/** Reserves the memory; false if there is not enough. */
export function create(neuronCount: i32, inputCount: i32, classCapacity: i32, invertBright: bool): bool {
  neurons = neuronCount;
  inputs = inputCount;
  neuronStride = (neuronCount + 3) & ~3;
  inputStride = (inputCount + 3) & ~3;
  classStride = (classCapacity + 3) & ~3;
  polarity = invertBright;
  const perNeuron = (<usize>neuronStride) << 2;
  begin = reserve(0);
  clock = reserve(8);
  byInput = reserve(<usize>inputStride * perNeuron);
  byNeuron = reserve(<usize>neuronStride * ((<usize>inputStride) << 2));
  scale = reserve(perNeuron);
  rawSum = reserve(perNeuron);
  theta = reserve(perNeuron);
  spikesSoFar = reserve(perNeuron);
  lastWin = reserve(perNeuron << 1);
  renewedAt = reserve(perNeuron << 1);
  evidence = reserve(<usize>classStride * perNeuron);
  message = reserve(<usize>classStride * perNeuron);
  evidenceSum = reserve(perNeuron);
  owner = reserve(perNeuron);
  owned = reserve((<usize>classStride) << 2);
  classWeights = reserve(<usize>classStride * ((<usize>inputStride) << 2));
  classInverse = reserve((<usize>classStride) << 2);
  classSeen = reserve((<usize>classStride) << 2);
  classLabels = reserve((<usize>classStride) << 2);
  classSelf = reserve((<usize>classStride) << 2);
  classCredit = reserve(8);
  classCommon = reserve((<usize>classStride) << 2);
  classLooks = reserve((<usize>classStride) << 2);
  end = reserve(0);
  createWork(neuronStride, inputStride, classStride);
  return commit();
}

/** Forgets everything. */
export function clear(): void {
  memory.fill(begin, 0, end - begin);
  touched = 0;
  classes = 0;
}

/** Adds a neuron, and returns its index. */
export function touchNext(): i32 {
  return touched++;
}

/** Counts a learned sample. */
export function tick(): void {
  store<f64>(clock, load<f64>(clock) + 1);
}
