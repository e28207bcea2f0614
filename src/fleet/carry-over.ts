import { dataOf, type Json, type Snapshot, type StoredArray, type Tensor } from '../base/snapshot.js';
import { ChangeAlarm } from '../accuracy/drift-detectors.js';
import { mostStoredSpikes } from '../classifier/label-buffer-snapshot.js';
import { mostNearest } from '../snn/spiking-network.js';

// Carries a robot's memory over a merge: the last samples, so that a label may still come for one from before it, and
// the labelled samples. They contain numbers of neurons and classes, which the merge changes. A neuron without room in
// the merged network is removed from its samples. Alarms start again, since they compared with answers of another
// network.

/** Where neurons and classes of the checkpoint are in the merged network; −1: nowhere. */
export interface Moves {
  readonly neurons: Int32Array;
  readonly classes: Int32Array;
  /** New name of a class of the robot; `undefined`: it was forgotten. */
  readonly called: (name: string) => string | undefined;
  /** Clock of the last renewal of each neuron, in the checkpoint and in the merged network. */
  readonly renewedBefore: Float64Array;
  readonly renewedAfter: Float64Array;
}

/** Tensors and meta of the checkpoint with the numbers of the merged network, except those of the network itself. */
export function carriedOver({ tensors, meta }: Snapshot, moves: Moves): Pick<Snapshot, 'tensors' | 'meta'> {
  const dropped =
    /^(network|class_neurons|class_alarms|groups|partners|unknown|fleet)\.|^judgement\.(gate|last|calibration)$|^linear\.(sums|named|unnamed|mean|watched)$/;
  const kept = Object.fromEntries(Object.entries(tensors).filter(([name]) => !dropped.test(name)));
  const reservoir = reservoirOf(tensors, meta['reservoir_names'], moves);
  return {
    tensors: { ...kept, ...memoryOf(tensors, moves), ...reservoir.tensors },
    meta: { ...meta, ...reservoir.meta, alarm: { ...new ChangeAlarm().state } },
  };
}

const classArrays = ['answers', 'given', 'classAnswers', 'voted', 'trusting', 'labels'];

function memoryOf(tensors: Snapshot['tensors'], moves: Moves): Record<string, Tensor> {
  const moved: Record<string, Tensor> = {};
  const whole = (name: string): Int32Array | undefined => dataOf(tensors, `memory.${name}`) as Int32Array | undefined;
  const real = (name: string): Float64Array | undefined =>
    dataOf(tensors, `memory.${name}`) as Float64Array | undefined;
  const put = (name: string, data: StoredArray, width = 1): void => {
    moved[`memory.${name}`] = { shape: width === 1 ? [data.length] : [data.length / width, width], data };
  };
  for (const name of classArrays) {
    const found = whole(name);
    if (found !== undefined)
      put(
        name,
        found.map((label) => (label < 0 ? -1 : moves.classes[label])),
      );
  }
  const [clocks, firedCounts] = [real('clocks'), whole('firedCounts')];
  const [fired, firedSpikes] = [whole('fired'), whole('firedSpikes')];
  const [nearest, nearestCounts] = [whole('nearest'), whole('nearestCounts')];
  if (!clocks || !firedCounts || !fired || !firedSpikes || !nearest || !nearestCounts) return moved;
  // A neuron that was renewed since then is a new one.
  const placeOf = (neuron: number, slot: number): number =>
    moves.renewedBefore[neuron] >= clocks[slot] ? -1 : moves.neurons[neuron];
  const [list, spikes, counts]: [number[], number[], Int32Array] = [[], [], new Int32Array(firedCounts.length)];
  for (let slot = 0, at = 0; slot < firedCounts.length; slot++) {
    const known = new Map<number, number>();
    for (let k = 0; k < firedCounts[slot]; k++, at++) {
      const place = placeOf(fired[at], slot);
      if (place >= 0) known.set(place, Math.min(mostStoredSpikes, (known.get(place) ?? 0) + firedSpikes[at]));
    }
    counts[slot] = known.size;
    list.push(...known.keys());
    spikes.push(...known.values());
  }
  put('firedCounts', counts);
  put('fired', Int32Array.from(list));
  put('firedSpikes', Int32Array.from(spikes));
  const [near, nearCounts] = [new Int32Array(nearest.length), nearestCounts.slice()];
  nearestCounts.forEach((count, slot) => {
    for (let q = 0; q < count; q++) {
      const place = placeOf(nearest[slot * mostNearest + q], slot);
      // The rank decides what a label gave: after a removed neuron the ranks are unknown.
      if (place < 0) {
        nearCounts[slot] = q;
        return;
      }
      near[slot * mostNearest + q] = place;
    }
  });
  put('nearest', near, mostNearest);
  put('nearestCounts', nearCounts);
  const [renewed, renewedClocks] = [whole('renewed'), real('renewedClocks')];
  if (renewed && renewedClocks) {
    const still = (neuron: number, slot: number): number => {
      const place = neuron < 0 ? -1 : moves.neurons[neuron];
      return place >= 0 && moves.renewedAfter[place] === renewedClocks[slot] ? place : -1;
    };
    put('renewed', renewed.map(still));
  }
  return moved;
}

function reservoirOf(
  tensors: Snapshot['tensors'],
  stored: Json | undefined,
  { called }: Moves,
): { readonly tensors: Record<string, Tensor>; readonly meta: Record<string, Json> } {
  const data = dataOf(tensors, 'reservoir.intensities') as Uint8Array | undefined;
  if (!Array.isArray(stored) || data === undefined) return { tensors: {}, meta: {} };
  const names = stored as readonly string[];
  const width = names.length === 0 ? 0 : data.length / names.length;
  const right = dataOf(tensors, 'reservoir.right') as Uint8Array | undefined;
  const kept = names.flatMap((name, k) => {
    const now = called(name);
    return now === undefined ? [] : [{ k, now, sample: data.subarray(k * width, (k + 1) * width) }];
  });
  const samples = new Uint8Array(kept.length * width);
  kept.forEach(({ sample }, k) => {
    samples.set(sample, k * width);
  });
  return {
    tensors: {
      'reservoir.intensities': { shape: [kept.length, width], data: samples },
      ...(right && { 'reservoir.right': { shape: [kept.length], data: Uint8Array.from(kept, ({ k }) => right[k]) } }),
    },
    meta: { reservoir_names: kept.map(({ now }) => now) },
  };
}
