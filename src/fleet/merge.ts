import type { Slices } from '../base/slices.js';
import type { Json, Snapshot } from '../base/snapshot.js';
import { TopsparkError } from '../base/errors.js';
import { readingDifferences, describeDifferences, type SensorReading } from '../sensing/sensor-reading.js';
import { Assembly, limitedNeuron, Part, type MergedNeuron, type Owners } from './assembly.js';
import type { NeuronChunk } from './chunks.js';
import { compete, type Competition } from './compete.js';
import { readContribution, share, type Contribution } from './contribution.js';
import type { Contributions } from './contributions.js';
import { networkOf, type StoredNetwork } from './learned.js';
import { refuseShared, type FleetCause, type FleetRefusal, type Manifest } from './manifest.js';
import { ownOf, worth, type MergedRobot } from './own-contribution.js';
import { editsOfAll, fleetName } from './shared-names.js';
import { unite, type Placed } from './unite.js';

// The merged network is computed from the whole set of contributions. The robot's own is one of them and is treated
// like the others, so the same set gives the same weights on every robot. Neurons are in the order of their hashes, so
// that sums have one order. A chunk that several robots share, such as the knowledge that they were delivered with,
// counts once. For a group of united neurons (unite.ts), member by member in that order, m their worth:
//
//   W = sum m W / sum m                                members are near each other: distant neurons are not united
//   R_c = sum R_c , scaled to sum_c R_c <= 200         the most that a neuron of one robot can know, 1 / (1 - forget)
//   M_c = sum m M_c / sum m ,  theta = sum m theta / sum m ,  spikes, F, E: sums
//
// Then they compete (compete.ts). assembly.ts makes the rest of the checkpoint.

/** A merged network, and figures of the merge. */
export interface Merge {
  /** The robot's checkpoint with the merged network in place of its own. */
  readonly snapshot: Snapshot;
  /** Neurons that were united with another. */
  readonly united: number;
  /** Neurons in which the robot itself has no part. */
  readonly added: number;
  /** Own neurons that found neither room nor a neuron to be united with. */
  readonly givenUp: number;
  readonly from: readonly MergedRobot[];
  readonly refused: readonly FleetRefusal[];
}

/**
 * Merges the contributions of others with what a robot has learned.
 *
 * @param mine - its checkpoint
 * @param set - contributions of others; one with the robot's own name is ignored
 * @param robot - its name
 * @throws {@link TopsparkError} `fleet_network`, `bad_state` where the checkpoint itself cannot be merged
 */
export function* mergeFleet(mine: Snapshot, set: Contributions, robot: string): Slices<Merge> {
  const network = networkOf(mine);
  const own = ownOf(mine, robot);
  const { manifest, chunks } = yield* share(own, { robot, version: 0, when: 0 });
  const refused: FleetRefusal[] = [];
  const parts: Part[] = [];
  const weightOf = (each: Contribution): number => set.weights.get(each.manifest.robot) ?? 1;
  const others = set.without(robot).all.filter((each) => weightOf(each) > 0);
  for (const contribution of [{ manifest, chunks }, ...others]) {
    try {
      if (contribution.manifest !== manifest) checkFits(contribution.manifest, network, own.sensors);
      parts.push(new Part(contribution, yield* readContribution(contribution), weightOf(contribution)));
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      refused.push({ robot: contribution.manifest.robot, cause: error.code as FleetCause, message: error.message });
    }
  }
  const edits = editsOfAll(parts.map((part) => part.manifest));
  const names = nameClasses(parts, edits, network, refused);
  const neurons = placedNeurons(parts);
  const placed = neurons.map(({ chunk }): Placed => ({ direction: direction(chunk.weights), worth: worth(chunk) }));
  const groups = yield* unite(placed, network.neurons);
  const united = groups.map((members) =>
    uniteOne(
      members.map((k) => neurons[k]),
      members.map((k) => placed[k].worth),
    ),
  );
  yield;
  const { merged, places } = (yield* competed(parts, neurons, united, network)) ?? {
    merged: united,
    places: placesIn(groups, neurons.length),
  };
  const whose = owners(parts, neurons, places, merged.length);
  const outcome = yield* new Assembly({ mine, network, names, parts, merged, whose, own: own.places, edits }).snapshot(
    refused,
  );
  return {
    snapshot: outcome,
    united: neurons.length - groups.length,
    added: whose.groups.filter((robots) => !robots.has(0)).length,
    givenUp: whose.places[0].filter((place) => place < 0).length,
    from: whose.robots,
    refused,
  };
}

function checkFits({ robot, network, sensors }: Manifest, own: StoredNetwork, ownSensors: Json): void {
  const { rows, columns, polarity } = own;
  if (network.rows !== rows || network.columns !== columns || network.polarity !== polarity) {
    const shapeText = (shape: typeof network): string =>
      `${shape.rows} × ${shape.columns}${shape.polarity ? ', inverted where bright' : ''}`;
    const found = `its samples are ${shapeText(network)}`;
    refuseShared(
      'fleet_network',
      robot,
      found,
      shapeText({ rows, columns, polarity }),
      'give both robots the same sensors and encoding',
    );
  }
  if (sensors === null || ownSensors === null) return;
  const differences = readingDifferences(sensors, ownSensors as unknown as readonly SensorReading[]);
  if (differences.length === 0) return;
  const found = `it reads its sensors otherwise: ${describeDifferences(differences, 'that robot learned')}`;
  refuseShared('fleet_reading', robot, found, 'sensors that are read as here', 'set both alike');
}

// Names of all classes, in alphabetical order. If there are too many, the robot's own come first, then those with most
// labels.
function nameClasses(
  parts: readonly Part[],
  edits: ReturnType<typeof editsOfAll>,
  { capacity }: StoredNetwork,
  refused: FleetRefusal[],
): readonly string[] {
  const labels = new Map<string, number>();
  const named = parts.map(({ manifest }) => manifest.classes.map((each) => fleetName(each, edits)));
  parts.forEach(({ manifest }, k) => {
    manifest.classes.forEach((each, c) => {
      const name = named[k][c];
      if (name !== undefined) labels.set(name, (labels.get(name) ?? 0) + each.labels);
    });
  });
  const own = new Set(named[0]);
  const rank = (name: string): number => (own.has(name) ? Infinity : (labels.get(name) ?? 0));
  const byLetters = (a: string, b: string): number => (a < b ? -1 : 1);
  const ranked = [...labels.keys()].sort((a, b) => (rank(a) === rank(b) ? byLetters(a, b) : rank(b) - rank(a)));
  const names = ranked.slice(0, capacity).sort(byLetters);
  const index = new Map(names.map((name, c) => [name, c]));
  parts.forEach((part, k) => {
    part.classes = Int32Array.from(named[k], (name) => (name === undefined ? -1 : (index.get(name) ?? -1)));
    const lost = named[k].filter((name) => name !== undefined && !index.has(name)).length;
    if (lost === 0) return;
    const { robot } = part.manifest;
    const message = `contribution of ${robot}: no room for ${lost} of its classes, expected at most ${capacity} in all; raise network.classes`;
    refused.push({ robot, cause: 'fleet_classes', message });
  });
  return names;
}

/** A neuron of a contribution, with the classes of the merged network. */
interface Shared {
  readonly chunk: NeuronChunk;
  readonly id: string;
  readonly knows: ReadonlyMap<number, { readonly evidence: number; readonly message: number }>;
  /** Contributions that hold it, and its index in each. */
  readonly sources: [part: number, index: number][];
}

function placedNeurons(parts: readonly Part[]): readonly Shared[] {
  const all = new Map<string, Shared>();
  parts.forEach(({ classes, read, weight }, part) => {
    read.learned.neurons.forEach((chunk, index) => {
      const knows = new Map<number, { evidence: number; message: number }>();
      for (const { label, evidence, message } of chunk.knows) {
        const c = classes[label];
        if (c < 0) continue;
        const known = knows.get(c) ?? { evidence: 0, message: 0 };
        knows.set(c, { evidence: known.evidence + evidence, message: Math.max(known.message, message) });
      }
      // Of robots with different weights it counts once for each weight.
      const id = `${read.hashes[index]} ${[...knows.keys()].join(' ')} ${weight}`;
      const known = all.get(id);
      if (known !== undefined) known.sources.push([part, index]);
      else all.set(id, { chunk, id, knows, sources: [[part, index]] });
    });
  });
  return [...all.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function direction(weights: Float32Array): Float32Array {
  const length = Math.sqrt(weights.reduce((sum, each) => sum + each * each, 0));
  return weights.map((each) => each / length);
}

function uniteOne(members: readonly Shared[], worths: readonly number[]): MergedNeuron {
  const whole = worths.reduce((sum, each) => sum + each, 0);
  const sum = (of: (chunk: NeuronChunk, share: number) => number): number =>
    members.reduce((total, { chunk }, k) => total + of(chunk, worths[k] / whole), 0);
  const weights = new Float32Array(members[0].chunk.weights.length);
  members.forEach(({ chunk }, k) => {
    const share = worths[k] / whole;
    chunk.weights.forEach((weight, i) => (weights[i] += share * weight));
  });
  const evidence = new Map<number, number>();
  const message = new Map<number, number>();
  members.forEach(({ knows }, k) => {
    for (const [label, known] of knows) {
      evidence.set(label, (evidence.get(label) ?? 0) + known.evidence);
      message.set(label, (message.get(label) ?? 0) + (worths[k] / whole) * known.message);
    }
  });
  return limitedNeuron({
    weights,
    theta: sum(({ theta }, share) => share * theta),
    spikes: members.reduce((total, { chunk }) => total + chunk.spikes, 0),
    labelled: members.reduce((total, { chunk }) => total + chunk.labelled, 0),
    expected: members.reduce((total, { chunk }) => total + chunk.expected, 0),
    evidence,
    message,
  });
}

// Group of each neuron.
function placesIn(groups: readonly (readonly number[])[], neurons: number): Int32Array {
  const places = new Int32Array(neurons);
  groups.forEach((members, j) => {
    for (const k of members) places[k] = j;
  });
  return places;
}

// The neurons of one contribution alone have competed already; they stay as they are.
function* competed(
  parts: readonly Part[],
  neurons: readonly Shared[],
  united: readonly MergedNeuron[],
  network: StoredNetwork,
): Slices<Competition | undefined> {
  if (parts.filter(({ read }) => read.learned.neurons.length > 0).length < 2) return undefined;
  const competitors = neurons.map(({ chunk, knows }) => ({ chunk, knows, worth: worth(chunk) }));
  return yield* compete(united, competitors, network);
}

function owners(parts: readonly Part[], neurons: readonly Shared[], at: Int32Array, count: number): Owners {
  const places = parts.map(({ read }) => new Int32Array(read.learned.neurons.length).fill(-1));
  const groups = Array.from({ length: count }, () => new Set<number>());
  neurons.forEach(({ sources }, k) => {
    for (const [part, index] of sources) {
      places[part][index] = at[k];
      groups[at[k]].add(part);
    }
  });
  const robots = parts.slice(1).map(({ manifest }, k) => ({
    robot: manifest.robot,
    version: manifest.version,
    neurons: groups.filter((each) => each.has(k + 1)).length,
  }));
  return { places, groups, robots };
}
