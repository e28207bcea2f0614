import type { Slices } from '../base/slices.js';
import { hilbertScan } from '../snn/lean/hilbert-scan.js';
import type { NetworkScalars, NetworkState } from '../snn/network-state.js';
import { Network } from '../snn/network.js';
import type { Presentation } from '../snn/presentation.js';
import { leanBaseline, leanParameters, leanPoint } from '../timestep/policy/lean-policy.js';
import { limitedNeuron, type MergedNeuron } from './assembly.js';
import type { NeuronChunk } from './chunks.js';
import type { StoredNetwork } from './learned.js';

// Lets united neurons compete, as the neurons of one robot do. Uniting uses distances only: a neuron at the border of
// two classes has evidence for the class of its members only, though in a network that saw everything it would win
// samples of both. So every shared neuron is presented to the merged network as the sample that it stands for. Its
// weights are W_i = S f_i / sum f, f_i = xhat_i / (xhat_i + k), so
//
//   xhat_i = k a W_i / (1 - a W_i) ,  a such that sum_i xhat_i = 100
//
// The network learns all of them by its own rule (kernel/learn.ts), in the order of their hashes and back, as if it had
// no spikes so far: the mean of many neurons must still move to the samples that it wins here. Thresholds reach a
// balance meanwhile. It then decides each without learning: neuron j has the part p_j of its spikes. What the shared
// neurons know goes to the neurons that fired, m the worth (own-contribution.ts):
//
//   R_c = sum p R_c ,  spikes, F, E: sum p of each ,  M_c = sum p m M_c / sum p m
//
// If none fired, the nearest neuron takes all. The neuron with the largest part is the place of the shared neuron.
// Only + - * / and sqrt in one order: the same set gives the same bits.

/** A shared neuron that takes part, in the order of hashes. */
export interface Competitor {
  readonly chunk: NeuronChunk;
  /** m, above 0. */
  readonly worth: number;
  readonly knows: ReadonlyMap<number, { readonly evidence: number; readonly message: number }>;
}

/** Outcome of a competition. */
export interface Competition {
  readonly merged: readonly MergedNeuron[];
  /** Place of each shared neuron: index of a merged neuron. */
  readonly places: Int32Array;
}

/** Fewer neurons are not a network. */
const fewest = 10;
/** Shared neurons between two slices. */
const slice = 64;
/** Halvings of the interval of a. */
const halvings = 30;

/**
 * Lets merged neurons compete for the shared ones.
 *
 * @returns `undefined` where there are too few merged neurons to compete
 */
export function* compete(
  merged: readonly MergedNeuron[],
  shared: readonly Competitor[],
  network: StoredNetwork,
): Slices<Competition | undefined> {
  if (merged.length < fewest) return undefined;
  const { neurons, rows, columns } = network;
  const baseline = leanBaseline({ neurons, rows, columns });
  const halfTrace = 100 * baseline.traceHalf;
  const scan = hilbertScan(rows, columns);
  const samples: Uint8Array[] = [];
  for (const { chunk } of shared) {
    samples.push(sampleOf(chunk.weights, halfTrace, scan));
    if (samples.length % slice === 0) yield;
  }
  // All neurons have formed, so none is imprinted here. The constants are those of the whole network.
  const arena = new Network({ neurons: merged.length, rows, columns, polarity: false, classes: 1 }, baseline);
  arena.restore(...stateOf(merged, network, baseline.columnSum));
  const parameters = leanParameters(leanPoint(neurons));
  const present = (k: number, learn: boolean): Presentation => {
    arena.input.set(samples[k]);
    return arena.present(parameters, learn);
  };
  for (let k = 0; k < 2 * shared.length; k++) {
    present(k < shared.length ? k : 2 * shared.length - 1 - k, true);
    if (k % slice === 0) yield;
  }
  const sums = merged.map(() => new Sums());
  const places = new Int32Array(shared.length);
  for (const [k, competitor] of shared.entries()) {
    const { fired, firedSpikes, firedCount, nearest } = present(k, false);
    const spikes = firedSpikes.subarray(0, firedCount).reduce((sum, each) => sum + each, 0);
    places[k] = nearest[0];
    let most = 0;
    for (let at = 0; at < firedCount; at++) {
      sums[fired[at]].add(competitor, firedSpikes[at] / spikes);
      if (firedSpikes[at] <= most) continue;
      most = firedSpikes[at];
      places[k] = fired[at];
    }
    if (firedCount === 0) sums[nearest[0]].add(competitor, 1);
    if (k % slice === 0) yield;
  }
  const { weights, scale, theta } = arena.state;
  const stride = weights.length / merged.length;
  const outcome = sums.map((sum, j): MergedNeuron => {
    const part = scale[j] / baseline.columnSum;
    const own = weights.subarray(j * stride, j * stride + network.inputs).map((raw) => part * raw);
    return sum.neuron(own, theta[j]);
  });
  return { merged: outcome, places };
}

/** What a merged neuron gets from the shared ones. */
class Sums {
  #worth = 0;
  #spikes = 0;
  #labelled = 0;
  #expected = 0;
  readonly #evidence = new Map<number, number>();
  readonly #message = new Map<number, number>();

  add({ chunk, worth, knows }: Competitor, part: number): void {
    this.#worth += part * worth;
    this.#spikes += part * chunk.spikes;
    this.#labelled += part * chunk.labelled;
    this.#expected += part * chunk.expected;
    for (const [label, { evidence, message }] of knows) {
      this.#evidence.set(label, (this.#evidence.get(label) ?? 0) + part * evidence);
      this.#message.set(label, (this.#message.get(label) ?? 0) + part * worth * message);
    }
  }

  neuron(weights: Float32Array, theta: number): MergedNeuron {
    const counts = { spikes: Math.round(this.#spikes), labelled: this.#labelled, expected: this.#expected };
    const message = new Map([...this.#message].map(([label, sum]) => [label, sum / this.#worth]));
    return limitedNeuron({ weights, theta, ...counts, evidence: this.#evidence, message });
  }
}

// State of a network of merged neurons, which knows no classes here.
function stateOf(
  merged: readonly MergedNeuron[],
  { inputs, inputStride }: StoredNetwork,
  columnSum: number,
): [NetworkState, NetworkScalars] {
  const count = merged.length;
  const f32 = (length = count): Float32Array => new Float32Array(length);
  const state = {
    ...{ weights: f32(count * inputStride), scale: f32(), rawSum: f32(), theta: f32() },
    ...{ spikesSoFar: new Int32Array(count), clock: new Float64Array(1) },
    ...{ lastWin: new Float64Array(count), renewedAt: new Float64Array(count) },
    ...{ evidence: f32(4 * count), message: f32(4 * count), evidenceSum: f32() },
    ...{ owner: new Int32Array(count), owned: new Int32Array(4) },
  };
  const sum = Math.fround(columnSum);
  merged.forEach(({ weights, theta }, j) => {
    for (let i = 0; i < inputs; i++) state.rawSum[j] += state.weights[j * inputStride + i] = sum * weights[i];
    state.scale[j] = sum / state.rawSum[j];
    state.theta[j] = theta;
  });
  return [state, { touched: count, classes: 0 }];
}

/** The sample that a neuron stands for, in the order of the inputs; the largest byte is 255. */
export function sampleOf(weights: Float32Array, halfTrace: number, scan: Uint16Array): Uint8Array {
  const ranks = [...weights.keys()].filter((i) => weights[i] > 0);
  const shares = Float64Array.from(ranks, (i) => weights[i]);
  const top = shares.reduce((most, each) => Math.max(most, each), 0);
  let [low, high] = [0, 1 / top];
  for (let k = 0; k < halvings; k++) {
    const factor = (low + high) / 2;
    let sum = 0;
    for (const share of shares) sum += (halfTrace * factor * share) / (1 - factor * share);
    if (sum < 100) low = factor;
    else high = factor;
  }
  const ratio = (share: number): number => (low * share) / (1 - low * share);
  const sample = new Uint8Array(weights.length);
  shares.forEach((share, k) => (sample[scan[ranks[k]]] = Math.round((255 * ratio(share)) / ratio(top))));
  return sample;
}
