import { wilson } from '../accuracy/wilson.js';
import type { Slices } from '../base/slices.js';
import type { OperationCounts } from '../snn/operation-counts.js';
import type { OperatingProfile, ProfilePoint } from '../timestep/controller/profile.js';
import type { KeptSample } from './label-buffer.js';
import type { OnlineClassifier } from './online-classifier.js';

/** What recalibration measures with. */
export interface Gauge {
  readonly classifier: Pick<OnlineClassifier, 'probe'>;
  /** Energy of the network for these operations [J]. */
  readonly energy: (counts: Readonly<OperationCounts>) => number;
  /** Monotonic time [s]. */
  readonly time: () => number;
}

/** Time after which the thread is given away [s]. */
const slice = 0.002;

/**
 * Measures every operating point of a profile anew, on labelled samples that the network has met, without learning.
 *
 * Accuracy, recall and the cost of deciding are measured; the cost of learning keeps its ratio to that of deciding. The
 * samples were learned from, so that accuracies are a little high, and alike at all points: what a controller needs is how
 * the points compare, and it corrects the level by what it observes.
 *
 * @param samples - at least one; a copy is taken at the call
 * @returns a profile with the same points in the same order
 */
export function recalibrate(
  profile: OperatingProfile,
  samples: readonly KeptSample[],
  gauge: Gauge,
): Slices<OperatingProfile> {
  const taken = [...samples];
  return (function* () {
    const points: ProfilePoint[] = [];
    for (const known of profile.points) points.push(yield* measure(known, taken, gauge));
    return { ...profile, points };
  })();
}

function* measure(known: ProfilePoint, samples: readonly KeptSample[], gauge: Gauge): Slices<ProfilePoint> {
  const { classifier, energy, time } = gauge;
  const classes = new Map<string, { right: number; samples: number }>();
  let joules = 0;
  let presenting = 0;
  let given = time();
  for (const [number, { intensities, name }] of samples.entries()) {
    const begun = time();
    const { label, operations } = classifier.probe(intensities, known.point, number);
    const ended = time();
    presenting += ended - begun;
    joules += energy(operations);
    const own = classes.get(name) ?? { right: 0, samples: 0 };
    classes.set(name, { right: own.right + Number(label === name), samples: own.samples + 1 });
    if (ended - given < slice) continue;
    yield;
    given = time();
  }
  const count = samples.length;
  const each = [...classes.values()];
  const right = each.reduce((sum, own) => sum + own.right, 0);
  const { low, high } = wilson(right, count);
  return {
    ...known,
    samples: count,
    accuracy: right / count,
    accuracyLow: low,
    accuracyHigh: high,
    recall: each.reduce((sum, own) => sum + own.right / own.samples, 0) / each.length,
    energy: energyOf(known, joules / count),
    // A clock that stands, as simulated time does, tells nothing.
    latency: presenting > 0 ? scaled(known.latency, presenting / count) : known.latency,
  };
}

// What was kept of a sample is what its front end made of it: that costs what it did.
function energyOf({ energy, frontEndEnergy = 0 }: ProfilePoint, infer: number): ProfilePoint['energy'] {
  const network = { train: energy.train - frontEndEnergy, infer: energy.infer - frontEndEnergy };
  const found = scaled(network, infer);
  return { train: found.train + frontEndEnergy, infer: found.infer + frontEndEnergy };
}

/** The cost of deciding, and that of learning in the ratio that it had. */
function scaled(known: ProfilePoint['energy'], infer: number): ProfilePoint['energy'] {
  return { infer, train: known.infer > 0 ? (known.train / known.infer) * infer : infer };
}
