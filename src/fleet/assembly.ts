import { calibrationBins } from '../accuracy/margins.js';
import { TopsparkError } from '../base/errors.js';
import type { Slices } from '../base/slices.js';
import { dataOf, type Json, type Snapshot, type Tensor } from '../base/snapshot.js';
import { firstThreshold } from '../classifier/certainty.js';
import { mostPartnerWeight, partnerPlaces } from '../classifier/group-naming.js';
import { weightsHash } from '../snn/weights-hash.js';
import { leanBaseline } from '../timestep/policy/lean-policy.js';
import { carriedOver } from './carry-over.js';
import type { Contribution, ReadContribution } from './contribution.js';
import { calibrationNumbers, countNumbers, type StoredNetwork } from './learned.js';
import { solve, triangle, type LinearStatistics } from './linear-statistics.js';
import type { FleetRefusal, Manifest } from './manifest.js';
import type { MergedRobot, MergeRecord } from './own-contribution.js';
import { weighed } from './robot-weights.js';
import { fleetName, type editsOfAll } from './shared-names.js';

// Makes a checkpoint of a merged network; merge.ts merges its neurons. Everything else is summed over all
// contributions, in one order:
//
//   v_c = sum n v_c / sum n ,  n, L, U, labels: sums   class neurons
//   calibration, samples, random labels, credits: sums, faded to what one robot can have
//   share and threshold: weighted means
//
// The linear readout follows from the sums of its statistics (linear-statistics.ts). The robot's memory of samples and
// labels is carried over (carry-over.ts). A record says what the robot itself had learned (own-contribution.ts).

/**
 * Limits of calibration and credits, which fade with each label: 1 / (1 − fading), the most that one robot can have.
 */
const mostCalibration = 1000;
const mostCredit = 100;
/** Largest whole number that float32 counts up to. */
const mostSeen = 2 ** 24;

/** A contribution among others, with the classes of the merged network. */
export class Part {
  readonly manifest: Manifest;
  readonly bytes: Contribution['chunks'];
  readonly read: ReadContribution;
  /** Class of the merged network by class of the manifest; −1: none. */
  classes = new Int32Array();
  /** Orders contributions, independent of their robots. */
  readonly key: string;

  /** @param weight - of its robot, above 0 */
  constructor(
    { manifest, chunks }: Contribution,
    read: ReadContribution,
    readonly weight: number,
  ) {
    this.read = weighed(read, weight);
    this.manifest = manifest;
    this.bytes = chunks;
    this.key = manifest.chunks
      .map(({ hash }) => hash)
      .sort()
      .join('');
  }
}

/** Limit of the evidence of a neuron: 1 / (1 − forget). */
const mostEvidence = 200;
/** Limit of F and E, which fade: 1 / (1 − keep), see classifier/certainty.ts. */
const mostUnknown = 200;
const mostSpikes = 2 ** 31 - 1;

/** A neuron of the merged network. */
export interface MergedNeuron {
  readonly weights: Float32Array;
  readonly theta: number;
  readonly spikes: number;
  readonly labelled: number;
  readonly expected: number;
  readonly evidence: ReadonlyMap<number, number>;
  readonly message: ReadonlyMap<number, number>;
}

/** A merged neuron, limited to what a neuron of one robot can have. Its evidence keeps its proportions. */
export function limitedNeuron(neuron: MergedNeuron): MergedNeuron {
  const { spikes, labelled, expected, evidence } = neuron;
  const known = [...evidence.values()].reduce((sum, each) => sum + each, 0);
  const part = Math.min(1, mostEvidence / Math.max(1, known));
  return {
    ...neuron,
    spikes: Math.min(mostSpikes, spikes),
    labelled: Math.min(mostUnknown, labelled),
    expected: Math.min(mostUnknown, expected),
    evidence: new Map([...evidence].map(([label, each]) => [label, part * each])),
  };
}

/** Merged neurons, and the contributions that are part of them. */
export interface Owners {
  /** Merged neuron of each neuron of each contribution; −1: none. */
  readonly places: readonly Int32Array[];
  /** Contributions that are part of each merged neuron. */
  readonly groups: readonly ReadonlySet<number>[];
  readonly robots: readonly MergedRobot[];
}

/** Parts of a checkpoint. */
export interface AssemblyParts {
  readonly mine: Snapshot;
  readonly network: StoredNetwork;
  readonly names: readonly string[];
  /** The robot's own first. */
  readonly parts: readonly Part[];
  readonly merged: readonly MergedNeuron[];
  readonly whose: Owners;
  /** Neuron of the checkpoint of each own neuron; −1: none. */
  readonly own: Int32Array;
  readonly edits: ReturnType<typeof editsOfAll>;
}

/** Makes the checkpoint. */
export class Assembly {
  /** Contributions in an order that is the same on all robots. */
  readonly #ordered: readonly Part[];
  readonly #tensors: Record<string, Tensor> = {};

  constructor(readonly of: AssemblyParts) {
    this.#ordered = [...of.parts].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  *snapshot(refused: FleetRefusal[]): Slices<Snapshot> {
    const { mine, network, names, merged, whose, own, edits } = this.of;
    const renewedBefore = mine.tensors['network.renewedAt'].data as Float64Array;
    const renewedAfter = this.#network(renewedBefore);
    yield;
    this.#classNeurons();
    this.#counts();
    this.#partners();
    const neurons = new Int32Array(network.neurons).fill(-1);
    own.forEach((j, k) => {
      if (j >= 0) neurons[j] = whose.places[0][k];
    });
    const called = (name: string): string | undefined => {
      const known = this.of.parts[0].manifest.classes.find((each) => each.name === name);
      return fleetName(known ?? { name }, edits);
    };
    const index = new Map(names.map((name, c) => [name, c]));
    const classes = Int32Array.from(network.names, (name) => index.get(called(name) ?? '') ?? -1);
    const carried = carriedOver(mine, { neurons, classes, called, renewedBefore, renewedAfter });
    this.#labels(classes);
    const linear = yield* this.#linear(refused);
    this.#record(renewedAfter, linear);
    const f32 = (name: string): Float32Array => this.#tensors[`network.${name}`].data as Float32Array;
    const learned = {
      ...{ weights: f32('weights'), scale: f32('scale'), theta: f32('theta') },
      ...{ evidence: f32('evidence'), message: f32('message') },
    };
    const record: MergeRecord = {
      ...{ own: this.of.parts[0].manifest, robots: whose.robots, classes: names },
      edits,
    };
    return {
      tensors: { ...carried.tensors, ...this.#tensors },
      meta: { ...carried.meta, touched: merged.length, class_names: names, fleet: record as unknown as Json },
      weightsHash: yield* weightsHash(learned, network.neurons, merged.length),
    };
  }

  #put(name: string, data: Tensor['data'], width = 1): void {
    this.#tensors[name] = { shape: width === 1 ? [data.length] : [data.length / width, width], data };
  }

  // Stores the network, and returns when each neuron was renewed. A neuron of another robot counts as renewed now.
  #network(renewedBefore: Float64Array): Float64Array {
    const { mine, network, merged, whose, own } = this.of;
    const { neurons, rows, columns, inputs, inputStride, classStride, touched } = network;
    const sum = Math.fround(leanBaseline({ neurons, rows, columns }).columnSum);
    const [clock] = mine.tensors['network.clock'].data as Float64Array;
    const lastWinBefore = mine.tensors['network.lastWin'].data as Float64Array;
    const weights = new Float32Array(neurons * inputStride);
    const [scale, rawSum, theta] = [new Float32Array(neurons), new Float32Array(neurons), new Float32Array(neurons)];
    const [evidence, message] = [new Float32Array(neurons * classStride), new Float32Array(neurons * classStride)];
    const evidenceSum = new Float32Array(neurons);
    const [spikes, owner, owned] = [new Int32Array(neurons), new Int32Array(neurons), new Int32Array(classStride)];
    const [lastWin, renewedAt] = [new Float64Array(neurons), new Float64Array(neurons)];
    const [labelled, expected] = [new Float64Array(neurons), new Float64Array(neurons)];
    merged.forEach((neuron, j) => {
      let raw = 0;
      for (let i = 0; i < inputs; i++) raw += weights[j * inputStride + i] = sum * neuron.weights[i];
      rawSum[j] = raw;
      scale[j] = sum / rawSum[j];
      theta[j] = neuron.theta;
      spikes[j] = neuron.spikes;
      [labelled[j], expected[j]] = [neuron.labelled, neuron.expected];
      let most = -1;
      for (const [label, each] of [...neuron.evidence].sort(([a], [b]) => a - b)) {
        evidence[j * classStride + label] = each;
        evidenceSum[j] += evidence[j * classStride + label];
        if (each > 0 && (most < 0 || each > (neuron.evidence.get(most) ?? 0))) most = label;
      }
      for (const [label, each] of neuron.message) message[j * classStride + label] = Math.min(1, each);
      owner[j] = most + 1;
      if (most >= 0) owned[most]++;
      if (whose.groups[j].has(0)) return;
      lastWin[j] = renewedAt[j] = clock;
    });
    own.forEach((before, k) => {
      const j = whose.places[0][k];
      if (j < 0 || before < 0 || before >= touched) return;
      lastWin[j] = Math.max(lastWin[j], lastWinBefore[before]);
      renewedAt[j] = Math.max(renewedAt[j], renewedBefore[before]);
    });
    this.#put('network.weights', weights, inputStride);
    this.#put('network.evidence', evidence, classStride);
    this.#put('network.message', message, classStride);
    const rest = { scale, rawSum, theta, evidenceSum, spikesSoFar: spikes, owner, owned, lastWin, renewedAt };
    for (const [name, data] of Object.entries(rest)) this.#put(`network.${name}`, data);
    this.#put('network.clock', Float64Array.of(clock));
    this.#put('unknown.labelled', labelled);
    this.#put('unknown.expected', expected);
    return renewedAt;
  }

  #classNeurons(): void {
    const { names, network } = this.of;
    const { inputs, inputStride, classStride } = network;
    const weights = new Float32Array(names.length * inputStride);
    const [inverse, seen] = [new Float32Array(classStride), new Float32Array(classStride)];
    const [labels, self] = [new Float32Array(classStride), new Float32Array(classStride)];
    names.forEach((_, c) => {
      const found = this.#ordered.flatMap((part) =>
        part.read.learned.classNeurons.filter(({ label }) => part.classes[label] === c),
      );
      const whole = found.reduce((sum, each) => sum + each.seen, 0);
      if (!(whole > 0)) return;
      const mean = new Float64Array(inputs);
      for (const each of found) each.weights.forEach((weight, i) => (mean[i] += (each.seen / whole) * weight));
      weights.set(mean, c * inputStride);
      const square = mean.reduce((sum, each) => sum + each * each, 0);
      inverse[c] = square > 0 ? 1 / Math.sqrt(square) : 0;
      seen[c] = Math.min(mostSeen, whole);
      labels[c] = Math.min(
        mostSeen,
        found.reduce((sum, each) => sum + each.labels, 0),
      );
      self[c] = Math.min(
        mostSeen,
        found.reduce((sum, each) => sum + each.self, 0),
      );
    });
    this.#put('class_neurons.weights', weights, inputStride);
    const rest = { inverse, seen, labels, self };
    for (const [name, data] of Object.entries(rest)) this.#put(`class_neurons.${name}`, data);
  }

  #counts(): void {
    const sum = new Float64Array(countNumbers);
    for (const { read } of this.#ordered) read.learned.counts.forEach((each, k) => (sum[k] += each));
    const at = calibrationNumbers;
    const counted = sum.subarray(2 + calibrationBins, at).reduce((all, each) => all + each, 0);
    const fade = Math.min(1, mostCalibration / Math.max(1, counted));
    for (let k = 2; k < at; k++) sum[k] *= fade;
    const mean = (number: number, weight: number, none: number): number => {
      const all = this.#ordered.reduce((total, { read }) => total + read.learned.counts[weight], 0);
      if (!(all > 0)) return none;
      return this.#ordered.reduce(
        (total, { read: { learned } }) => total + (learned.counts[number] * learned.counts[weight]) / all,
        0,
      );
    };
    const [share, threshold] = [mean(at + 2, at, 0), mean(at + 3, at + 1, firstThreshold)];
    const count = (value: number): number => Math.min(Number.MAX_SAFE_INTEGER, Math.round(value));
    [sum[0], sum[1]] = [count(sum[0]), count(sum[1])];
    this.#put('judgement.calibration', sum.slice(0, calibrationNumbers));
    this.#put('unknown.numbers', Float64Array.of(count(sum[at]), share, count(sum[at + 1]), threshold));
    const credit = [sum[at + 4], sum[at + 5]];
    const most = Math.min(1, mostCredit / Math.max(1, ...credit));
    this.#put(
      'class_neurons.credit',
      Float32Array.from(credit, (each) => each * most),
    );
  }

  #partners(): void {
    const { parts, whose, network, merged } = this.of;
    const met = merged.map(() => new Map<number, number>());
    for (const part of this.#ordered) {
      const places = whose.places[parts.indexOf(part)];
      const { partners, partnerWeights } = part.read.learned;
      partners.forEach((other, k) => {
        const [from, to] = [places[Math.floor(k / partnerPlaces)], other < 0 ? -1 : places[other]];
        if (from >= 0 && to >= 0 && from !== to) met[from].set(to, (met[from].get(to) ?? 0) + partnerWeights[k]);
      });
    }
    const length = network.neurons * partnerPlaces;
    const [ids, weights] = [new Int32Array(length), new Float64Array(length)];
    met.forEach((others, j) => {
      const best = [...others].sort(([a, x], [b, y]) => y - x || a - b).slice(0, partnerPlaces);
      best.forEach(([other, weight], k) => {
        ids[j * partnerPlaces + k] = other;
        weights[j * partnerPlaces + k] = Math.min(mostPartnerWeight, weight);
      });
    });
    this.#put('partners.ids', ids);
    this.#put('partners.weights', weights);
    // A label from before the merge can no longer be taken back.
    this.#put('groups.numbers', new Float64Array());
  }

  #labels(classes: Int32Array): void {
    const { mine, names, network } = this.of;
    const heardBefore = (dataOf(mine.tensors, 'heard_at') ?? new Float64Array(network.capacity)) as Float64Array;
    const newest = heardBefore.reduce((most, each) => Math.max(most, each), 0);
    const [labels, heard] = [new Float64Array(network.capacity), new Float64Array(network.capacity)];
    heard.fill(newest, 0, names.length);
    classes.forEach((c, before) => {
      if (c >= 0) heard[c] = heardBefore[before];
    });
    for (const part of this.#ordered) {
      part.manifest.classes.forEach((each, c) => {
        if (part.classes[c] >= 0) labels[part.classes[c]] += each.labels;
      });
    }
    this.#put('labels_of', labels);
    this.#put('heard_at', heard);
  }

  // Solves the readout of all contributions, if the robot has one, and returns the statistics of the others.
  *#linear(refused: FleetRefusal[]): Slices<LinearStatistics | undefined> {
    const { mine, names } = this.of;
    const [own] = this.of.parts;
    const linear = own.read.learned.linear;
    if (!('linear' in mine.meta) || linear === undefined) return undefined;
    const { inputs } = linear;
    const fitting = this.#ordered.filter(({ read }) => read.learned.linear?.inputs === inputs);
    const sum = (parts: readonly Part[]): LinearStatistics => {
      const gram = new Float64Array(triangle(inputs));
      const goals = names.map(() => new Float64Array(inputs));
      for (const { read, classes } of parts) {
        read.learned.linear?.gram.forEach((each, k) => (gram[k] += each));
        read.learned.linear?.goals.forEach((goal, c) => {
          if (classes[c] >= 0) goal.forEach((each, i) => (goals[classes[c]][i] += each));
        });
      }
      return { inputs, gram, goals };
    };
    let taken = fitting;
    let solved = yield* solve(sum(taken));
    if (solved === undefined) {
      taken = [];
      for (const part of fitting) {
        if (part === own || (yield* solve(sum([part]))) !== undefined) taken.push(part);
        else {
          const { robot } = part.manifest;
          const message = `contribution of ${robot}: its linear readout holds no sums of squares, expected those of its samples; it is left out of the readout`;
          refused.push({ robot, cause: 'fleet_chunk', message });
        }
      }
      solved = yield* solve(sum(taken));
    }
    if (solved === undefined) {
      const message = 'linear.precision of the checkpoint is no inverse of a sum of squares, expected P of a readout';
      throw new TopsparkError('bad_state', 'checkpoint', message);
    }
    this.#put('linear.weights', solved.weights, (inputs + 3) & ~3);
    this.#put('linear.precision', solved.precision);
    return sum(taken.filter((part) => part !== own));
  }

  // Stores the record that own-contribution.ts reads.
  #record(renewed: Float64Array, foreign: LinearStatistics | undefined): void {
    const { merged, parts, whose, names, network } = this.of;
    const { classStride } = network;
    const [own] = parts;
    const { manifest } = own;
    const f32 = (name: string): Float32Array => this.#tensors[name].data as Float32Array;
    const f64 = (name: string): Float64Array => this.#tensors[name].data as Float64Array;
    this.#put(
      'fleet.own',
      Uint8Array.from(Buffer.concat(manifest.chunks.map(({ hash }) => own.bytes.get(hash) ?? new Uint8Array()))),
    );
    this.#put('fleet.place', whose.places[0]);
    this.#put('fleet.spikes', (this.#tensors['network.spikesSoFar'].data as Int32Array).slice(0, merged.length));
    this.#put('fleet.renewed', renewed.slice(0, merged.length));
    const table = f32('network.evidence');
    const evidence = merged.flatMap((_, j) => [...table.subarray(j * classStride, j * classStride + names.length)]);
    this.#put('fleet.evidence', Float32Array.from(evidence));
    const unknown = merged.flatMap(({ labelled, expected }) => [labelled, expected]);
    this.#put('fleet.unknown', Float64Array.from(unknown));
    this.#put('fleet.labels', f64('labels_of').slice(0, names.length));
    const counts = ['seen', 'labels', 'self'].map((name) => f32(`class_neurons.${name}`));
    this.#put('fleet.class_counts', Float32Array.from(names.flatMap((_, c) => counts.map((each) => each[c]))));
    const numbers = f64('unknown.numbers');
    const all = new Float64Array(countNumbers);
    all.set(f64('judgement.calibration'));
    all.set([numbers[0], numbers[2], numbers[1], numbers[3], ...f32('class_neurons.credit')], calibrationNumbers);
    this.#put('fleet.counts', all);
    if (foreign === undefined) return;
    this.#put('fleet.gram', foreign.gram);
    this.#put('fleet.goals', Float64Array.from(foreign.goals.flatMap((goal) => [...goal])));
  }
}
