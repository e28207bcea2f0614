// Working memory of one presentation with spikes in time, and the phases of regular spikes, which follow from the seed.
import { reserve } from '../buffers';
import { inputStride, neuronStride } from '../state';
import { MOST_SPIKES, MOST_STEPS } from './timed-constants';

/** Active inputs, in scan order: address of the byInput row u32, rank in the scan u32, x_i and p_i. */
export let activeRow: usize = 0;
export let activeRank: usize = 0;
export let activeValue: usize = 0;
export let chance: usize = 0;
/** Poisson spikes: 1 / lambda_i. */
export let spread: usize = 0;
/** Active inputs: step of the last spike, i32, -1: none; number of spikes so far, i32; trace if it is constant. */
export let lastPre: usize = 0;
export let preSpikes: usize = 0;
export let fixedTrace: usize = 0;
/**
 * Input spikes by input: 1024 k + t of active input k, u32; by step: 4 k, u32; begin of each step there [byte], u32.
 */
export let timed: usize = 0;
export let inOrder: usize = 0;
export let stepBegin: usize = 0;
/** Addresses of the rows to be added in this step, u32. */
export let spikeRow: usize = 0;

/** v_j and Vth + theta_j, both in units of g. */
export let voltage: usize = 0;
export let firing: usize = 0;
/** n_j, i32; step of the neuron's last spike, i32. */
export let spikesOf: usize = 0;
export let lastPost: usize = 0;
/** Decrease of the weight on an input's spike, by position in `fired`. */
export let depression: usize = 0;
/** Output spikes of the sample in order of time: neuron and step, i32; saved voltages of resting neurons. */
export let winnerOf: usize = 0;
export let winnerAt: usize = 0;
export let restVoltage: usize = 0;

/** exp(-k / tau_stdp) after k steps, f32; written after creation. */
export let trace: usize = 0;
/** Phase of each input at the begin of a sample, u16. */
export let startPhase: usize = 0;

/** Reserves the memory for the sizes of `../state`. */
export function createTimedWork(): void {
  const perInput = ((<usize>inputStride) << 2) + 64;
  const perNeuron = ((<usize>neuronStride) << 2) + 16;
  const perStep = (<usize>(MOST_STEPS + 1)) << 2;
  const perSpike = (<usize>MOST_SPIKES) << 2;
  activeRow = reserve(perInput);
  activeRank = reserve(perInput);
  activeValue = reserve(perInput);
  chance = reserve(perInput);
  spread = reserve(perInput);
  lastPre = reserve(perInput);
  preSpikes = reserve(perInput);
  fixedTrace = reserve(perInput);
  timed = reserve(perSpike);
  inOrder = reserve(perSpike);
  stepBegin = reserve(perStep + 16);
  spikeRow = reserve(perInput);
  voltage = reserve(perNeuron);
  firing = reserve(perNeuron);
  spikesOf = reserve(perNeuron);
  lastPost = reserve(perNeuron);
  depression = reserve(perNeuron);
  winnerOf = reserve(perStep);
  winnerAt = reserve(perStep);
  restVoltage = reserve(perStep);
  trace = reserve(perStep);
  startPhase = reserve(perInput);
}
