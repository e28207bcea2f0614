import { atOnce, type Slices } from '../base/slices.js';
import { dataOf, storedArray, type Json, type Snapshot } from '../base/snapshot.js';
import { partnerPlaces } from '../classifier/group-naming.js';
import type { ClassChunk, Knowledge, NeuronChunk } from './chunks.js';
import { readContribution, share, type Contribution, type SharedLearning, type Sharer } from './contribution.js';
import { calibrationNumbers, learnedOf, type LearnedSums } from './learned.js';
import { difference, type LinearStatistics } from './linear-statistics.js';
import type { ChunkEntry, Manifest, SharedClass, SharedEdit } from './manifest.js';

// What a robot itself has learned. Before its first merge that is everything. A merge leaves a record in the
// checkpoint: the robot's own contribution at that time, the place of each of its neurons in the merged network, and
// the knowledge of every neuron of that network. After the merge
//
//   own = own at the merge + (now - at the merge)          evidence, spikes, F, E, labels, counts: never below 0
//
// and a neuron that has learned since then is shared with its current weights. So a robot never passes on as its own
// what others gave, what it learned since then counts in full, and neurons that learned nothing keep their bytes.
// Neurons without room in the merged network stay part of the contribution. A neuron that was renewed since then is a
// new one; the neurons that it had replaced are given up, as they would be without a fleet.

/** What a robot itself has learned. */
export interface OwnLearning extends SharedLearning {
  /** Neuron of the network that contains each of its neurons; −1: there was no room. */
  readonly places: Int32Array;
}

/** A robot whose knowledge is in a merged network. */
export interface MergedRobot {
  readonly robot: string;
  readonly version: number;
  /** Neurons of the merged network that contain one of its own. */
  readonly neurons: number;
}

/** Record of a merge in a checkpoint. */
export interface MergeRecord {
  readonly own: Manifest;
  readonly robots: readonly MergedRobot[];
  /** Names of the classes of the merged network, in its order. */
  readonly classes: readonly string[];
  /** Edits of the whole set. */
  readonly edits: readonly SharedEdit[];
}

/** The robots whose knowledge is merged in a checkpoint; empty if it was never merged. */
export function mergedOf({ meta }: Pick<Snapshot, 'meta'>): readonly MergedRobot[] {
  return recordOf(meta['fleet'])?.robots ?? [];
}

function recordOf(stored: Json | undefined): MergeRecord | undefined {
  return stored === undefined ? undefined : (stored as unknown as MergeRecord);
}

/** The robot's own edits of classes, as its classifier has noted them. */
function editsOf({ meta }: Snapshot, robot: string): SharedEdit[] {
  const stored = meta['class_edits'] as unknown as
    { readonly list: readonly { readonly number: number; readonly name: string; readonly to?: string }[] } | undefined;
  return (stored?.list ?? []).map(({ number, ...edit }) => ({ id: `${robot}#${number}`, ...edit }));
}

/**
 * The contribution of a robot from a snapshot: what it learned itself, and nothing from others.
 *
 * @throws TopsparkError `fleet_network`, `bad_state`, `bad_key`
 */
export function contributionOf(snapshot: Snapshot, sharer: Sharer): Slices<Contribution> {
  return share(ownOf(snapshot, sharer.robot), sharer);
}

/**
 * What the robot of a checkpoint has learned itself.
 *
 * @param robot - its name
 * @throws TopsparkError `fleet_network`, `bad_state`
 */
export function ownOf(snapshot: Snapshot, robot: string): OwnLearning {
  const now = learnedOf(snapshot);
  const edits = editsOf(snapshot, robot);
  const sensors = snapshot.meta['sensors'] ?? null;
  const readings = Array.isArray(sensors) ? (sensors as readonly Json[]).map(withoutInputs) : null;
  const record = recordOf(snapshot.meta['fleet']);
  if (record === undefined) {
    const places = Int32Array.from(now.neurons.keys());
    return { ...shared(now, new Map(), edits, readings, noOrder), places };
  }
  const since = new Since(snapshot, now, record, edits);
  const own = shared(since.learned(), since.despite(), edits, readings, since.order());
  return { ...own, places: Int32Array.from(since.places) };
}

const noOrder: ReadonlyMap<number, number> = new Map();

// A sensor reading as it is shared, without its size, which follows from the rest.
function withoutInputs(reading: Json): Json {
  const fields = Object.entries(reading as Readonly<Record<string, Json>>);
  return Object.fromEntries(fields.filter(([name]) => name !== 'inputs'));
}

// Shares only classes that this robot itself knows. Chunks name classes by their numbers, which a merge changes: in the
// order of the record, the bytes of an unchanged neuron stay the same.
function shared(
  learned: LearnedSums,
  despite: ReadonlyMap<string, readonly string[]>,
  edits: readonly SharedEdit[],
  sensors: Json,
  order: ReadonlyMap<number, number>,
): SharedLearning {
  const used = new Set(learned.neurons.flatMap(({ knows }) => knows.filter((each) => each.evidence > 0).map(labelOf)));
  for (const { label } of learned.classNeurons) used.add(label);
  const rank = (c: number): number => order.get(c) ?? learned.classes.length;
  const kept = learned.classes
    .flatMap(({ labels }, c) => (labels > 0 || used.has(c) ? [c] : []))
    .sort((a, b) => rank(a) - rank(b) || a - b);
  const place = new Map(kept.map((c, at) => [c, at]));
  const moved = <T extends { readonly label: number }>(each: T): T[] => {
    const label = place.get(each.label);
    return label === undefined ? [] : [{ ...each, label }];
  };
  const classes = kept.map((c): SharedClass => {
    const { name, labels } = learned.classes[c];
    const known = despite.get(name) ?? [];
    return { name, labels: Math.round(labels), ...(known.length > 0 && { despite: known }) };
  });
  const { linear } = learned;
  return {
    learned: {
      ...learned,
      classes,
      neurons: learned.neurons.map((neuron) => ({ ...neuron, knows: neuron.knows.flatMap(moved).sort(byLabel) })),
      classNeurons: learned.classNeurons.flatMap(moved).sort(byLabel),
      ...(linear && { linear: { ...linear, goals: kept.map((c) => linear.goals[c]) } }),
    },
    classes,
    edits,
    sensors,
  };
}

const byLabel = (a: { readonly label: number }, b: { readonly label: number }): number => a.label - b.label;
const labelOf = ({ label }: { readonly label: number }): number => label;

/** Learning of a robot before and after its last merge. */
class Since {
  readonly #own: LearnedSums;
  /** Place of each own neuron in the merged network; −1: there was no room. */
  readonly #place: Int32Array;
  /** Classes now, by their names in the record. */
  readonly #labels: ReadonlyMap<string, number>;
  readonly #names: readonly string[];
  /** State of each neuron at the merge: spikes, renewal, evidence of each class, F and E. */
  readonly #then: Readonly<
    Record<'spikes' | 'renewed' | 'evidence' | 'unknown', Int32Array | Float64Array | Float32Array>
  >;
  readonly #renewed: Float64Array;
  /** Neuron of the network that each shared neuron is part of; −1: none. */
  readonly places: number[] = [];

  constructor(
    readonly snapshot: Snapshot,
    readonly now: LearnedSums,
    readonly record: MergeRecord,
    edits: readonly SharedEdit[],
  ) {
    const { tensors } = snapshot;
    const bytes = storedArray(tensors, 'fleet.own', new Uint8Array(), total(record.own.chunks));
    this.#own = atOnce(readContribution({ manifest: record.own, chunks: cut(bytes, record.own.chunks) })).learned;
    this.#place = storedArray(tensors, 'fleet.place', new Int32Array(), this.#own.neurons.length, -1);
    const called = (name: string): string | undefined => {
      for (const edit of edits) if (edit.name === name) return edit.to;
      return name;
    };
    const named = new Map(now.classes.map(({ name }, c) => [name, c]));
    const names = new Set([...record.classes, ...this.#own.classes.map(({ name }) => name)]);
    // A class that was forgotten, or that gave way to another, has no name: its knowledge is gone.
    this.#labels = new Map(
      [...names].flatMap((name): [string, number][] => {
        const current = called(name);
        const label = current === undefined ? undefined : named.get(current);
        return label === undefined ? [] : [[name, label]];
      }),
    );
    this.#names = now.classes.map(({ name }) => name);
    this.#then = {
      spikes: storedOf(tensors, 'fleet.spikes', new Int32Array()),
      renewed: storedOf(tensors, 'fleet.renewed', new Float64Array()),
      evidence: storedOf(tensors, 'fleet.evidence', new Float32Array()),
      unknown: storedOf(tensors, 'fleet.unknown', new Float64Array()),
    };
    this.#renewed = storedOf(tensors, 'network.renewedAt', new Float64Array());
  }

  /** Edits that do not apply to a class, since it was taught again after they were known. */
  despite(): ReadonlyMap<string, readonly string[]> {
    const { own, classes, edits } = this.record;
    const merged = new Set(classes);
    return new Map(
      this.#names.map((name) => {
        const before = own.classes.find((each) => each.name === name)?.despite ?? [];
        const known = merged.has(name) ? [] : edits.filter((edit) => edit.name === name).map(({ id }) => id);
        return [name, [...new Set([...before, ...known])]];
      }),
    );
  }

  /** Place among the classes that were shared before, by current class. */
  order(): ReadonlyMap<number, number> {
    const order = new Map<number, number>();
    this.#own.classes.forEach(({ name }, at) => {
      const label = this.#labels.get(name);
      if (label !== undefined && !order.has(label)) order.set(label, at);
    });
    return order;
  }

  learned(): LearnedSums {
    const { now } = this;
    const own = this.#own;
    const members = new Map<number, number[]>();
    this.#place.forEach((j, k) => members.set(j, [...(members.get(j) ?? []), k]));
    const neurons: NeuronChunk[] = [];
    /** Index among the shared neurons, by neuron of the network. */
    const index = new Map<number, number>();
    now.neurons.forEach((neuron, j) => {
      const before = (members.get(j) ?? []).map((k) => this.#known(own.neurons[k]));
      const found = this.#neuron(neuron, j, before);
      if (found.length > 0) index.set(j, neurons.length);
      neurons.push(...found);
      this.places.push(...found.map(() => j));
    });
    const homeless = (members.get(-1) ?? []).map((k) => this.#known(own.neurons[k]));
    // A contribution has at most as many neurons as the network. Of the neurons without room in it, those of the
    // largest worth stay.
    const room = Math.max(0, (this.snapshot.meta['neurons'] as number) - neurons.length);
    const kept = homeless.sort((a, b) => worth(b) - worth(a)).slice(0, room);
    neurons.push(...kept);
    this.places.push(...kept.map(() => -1));
    const linear = this.#linear();
    return {
      ...now,
      classes: now.classes.map(({ name, labels }, c) => ({ name, labels: this.#labelsOf(c, labels) })),
      neurons,
      classNeurons: this.#classNeurons(),
      counts: this.#counts(),
      ...this.#partners(index, neurons.length),
      ...(linear && { linear }),
    };
  }

  // A neuron of the own contribution with the current classes.
  #known(neuron: NeuronChunk): NeuronChunk {
    const names = this.#own.classes;
    const knows = neuron.knows.flatMap((each): Knowledge[] => {
      const label = this.#labels.get(names[each.label].name);
      return label === undefined ? [] : [{ ...each, label }];
    });
    return { ...neuron, knows };
  }

  #neuron(neuron: NeuronChunk, j: number, members: readonly NeuronChunk[]): readonly NeuronChunk[] {
    const { spikes: spikesThen, renewed, unknown } = this.#then;
    if (j >= spikesThen.length || this.#renewed[j] !== renewed[j]) return [neuron];
    const then = this.#evidenceThen(j);
    const same =
      neuron.spikes === spikesThen[j] && this.#names.every((_, c) => evidenceOf(neuron, c) === (then.get(c) ?? 0));
    if (same) return members;
    const added = (each: (member: NeuronChunk) => number, found: number, before: number): number =>
      Math.max(0, members.reduce((sum, member) => sum + each(member), 0) + found - before);
    const knows = this.#names.flatMap((_, label): Knowledge[] => {
      const evidence = added((member) => evidenceOf(member, label), evidenceOf(neuron, label), then.get(label) ?? 0);
      const message = neuron.knows.find((each) => each.label === label)?.message ?? 0;
      return evidence > 0 || message > 0 ? [{ label, evidence, message }] : [];
    });
    const spikes = added((member) => member.spikes, neuron.spikes, spikesThen[j]);
    if (spikes === 0 && knows.every(({ evidence }) => evidence === 0)) return [];
    const labelled = added((member) => member.labelled, neuron.labelled, unknown[2 * j]);
    const expected = added((member) => member.expected, neuron.expected, unknown[2 * j + 1]);
    return [{ ...neuron, spikes, labelled, expected, knows }];
  }

  // Evidence of a neuron at the merge, by current class.
  #evidenceThen(j: number): ReadonlyMap<number, number> {
    const { classes } = this.record;
    const { evidence: table } = this.#then;
    const then = new Map<number, number>();
    classes.forEach((name, c) => {
      const label = this.#labels.get(name);
      if (label !== undefined) then.set(label, (then.get(label) ?? 0) + table[j * classes.length + c]);
    });
    return then;
  }

  #labelsOf(label: number, now: number): number {
    const then = storedOf(this.snapshot.tensors, 'fleet.labels', new Float64Array());
    const sum = (list: readonly { readonly name: string }[], of: (k: number) => number): number =>
      list.reduce((all, { name }, k) => all + (this.#labels.get(name) === label ? of(k) : 0), 0);
    const own = sum(this.#own.classes, (k) => this.#own.classes[k].labels);
    const merged = sum(
      this.record.classes.map((name) => ({ name })),
      (k) => then[k],
    );
    return Math.max(0, own + now - merged);
  }

  #classNeurons(): ClassChunk[] {
    const { classes } = this.record;
    const then = storedOf(this.snapshot.tensors, 'fleet.class_counts', new Float32Array());
    const before = new Map(
      this.#own.classNeurons.map((each) => [this.#labels.get(this.#own.classes[each.label].name), each]),
    );
    return this.now.classNeurons.flatMap((each): ClassChunk[] => {
      const k = classes.findIndex((name) => this.#labels.get(name) === each.label);
      const own = before.get(each.label);
      const [seen = 0, labels = 0, self = 0] = k < 0 ? [] : then.subarray(3 * k, 3 * k + 3);
      if (each.seen === seen) return own === undefined ? [] : [{ ...own, label: each.label }];
      const rest = {
        seen: Math.max(0, (own?.seen ?? 0) + each.seen - seen),
        labels: Math.max(0, (own?.labels ?? 0) + each.labels - labels),
        self: Math.max(0, (own?.self ?? 0) + each.self - self),
      };
      return rest.seen > 0 ? [{ ...each, ...rest }] : [];
    });
  }

  #counts(): Float64Array {
    const then = storedOf(this.snapshot.tensors, 'fleet.counts', new Float64Array());
    const means = [calibrationNumbers + 2, calibrationNumbers + 3];
    return this.now.counts.map((each, k) => {
      return means.includes(k) ? each : Math.max(0, this.#own.counts[k] + each - then[k]);
    });
  }

  #partners(index: ReadonlyMap<number, number>, count: number): Pick<LearnedSums, 'partners' | 'partnerWeights'> {
    const partners = new Int32Array(count * partnerPlaces).fill(-1);
    const partnerWeights = new Float32Array(partners.length);
    for (const [j, at] of index) {
      for (let k = 0; k < partnerPlaces; k++) {
        const other = index.get(this.now.partners[j * partnerPlaces + k]);
        if (other === undefined) continue;
        partners[at * partnerPlaces + k] = other;
        partnerWeights[at * partnerPlaces + k] = this.now.partnerWeights[j * partnerPlaces + k];
      }
    }
    return { partners, partnerWeights };
  }

  #linear(): LinearStatistics | undefined {
    const { linear } = this.now;
    const { tensors } = this.snapshot;
    if (linear === undefined || !('fleet.gram' in tensors)) return linear;
    const gram = storedOf(tensors, 'fleet.gram', new Float64Array());
    if (gram.length !== linear.gram.length) return linear;
    // The readout has started again after a drift, so all that it knows was learned here.
    if (trace(linear.gram, linear.inputs) < trace(gram, linear.inputs)) return linear;
    const stored = storedOf(tensors, 'fleet.goals', new Float64Array());
    const goals = linear.goals.map((goal) => goal.slice());
    this.record.classes.forEach((name, k) => {
      const label = this.#labels.get(name);
      if (label === undefined) return;
      for (let i = 0; i < linear.inputs; i++) goals[label][i] -= stored[k * linear.inputs + i];
    });
    return { inputs: linear.inputs, gram: difference(linear.gram, gram), goals };
  }
}

const evidenceOf = ({ knows }: NeuronChunk, label: number): number =>
  knows.find((each) => each.label === label)?.evidence ?? 0;

/** Worth of a neuron: the samples that it has stood for. */
export const worth = ({ spikes }: NeuronChunk): number => spikes + leastWorth;

/** Worth of a neuron that has not fired since it began. */
const leastWorth = 0.01;

function trace(gram: Float64Array, inputs: number): number {
  let sum = 0;
  for (let i = 0, at = 0; i < inputs; i++, at += i + 1) sum += gram[at];
  return sum;
}

const total = (entries: readonly ChunkEntry[]): number => entries.reduce((sum, { bytes }) => sum + bytes, 0);

function cut(bytes: Uint8Array, entries: readonly ChunkEntry[]): ReadonlyMap<string, Uint8Array> {
  let at = 0;
  return new Map(entries.map((entry) => [entry.hash, bytes.subarray(at, (at += entry.bytes))]));
}

function storedOf<T extends Float32Array | Float64Array | Int32Array>(
  tensors: Snapshot['tensors'],
  name: string,
  like: T,
): T {
  return storedArray(tensors, name, like, dataOf(tensors, name)?.length ?? 0);
}
