import { wilson } from '../accuracy/wilson.js';
import type { Slices } from '../base/slices.js';
import type { OperationCounts } from '../snn/operation-counts.js';
import { sameWork } from '../timestep/policy/operating-point.js';
import type { OperatingProfile, ProfilePoint } from '../timestep/controller/profile.js';
import type { KeptSample } from './label-buffer.js';
import type { OnlineClassifier } from './online-classifier.js';

/** Instruments of a recalibration. */
export interface Gauge {
  readonly classifier: Pick<OnlineClassifier, 'probe'>;
  /** Energy of the network for these operations [J]. */
  readonly energy: (counts: Readonly<OperationCounts>) => number;
  /** Monotonic time [s]. */
  readonly time: () => number;
}

/** Time after which a slice ends [s]. */
const slice = 0.002;

/**
 * Measures every operating point of a profile again, on labelled samples that the network has met, without learning.
 *
 * Accuracy, recall and the cost of deciding are measured; the cost of learning keeps its ratio to that of deciding. The
 * network has learned from these samples, so all accuracies are a little too high. The controller needs only the
 * differences between points, and corrects the level by observation. Samples are kept at one resolution, so points that
 * differ only in their resolution keep their differences.
 *
 * @param samples - at least one; copied at the call
 * @returns a profile with the same points in the same order
 */
export function recalibrate(
  profile: OperatingProfile,
  samples: readonly KeptSample[],
  gauge: Gauge,
): Slices<OperatingProfile> {
  const taken = [...samples];
  return (function* () {
    const measured = new Map<ProfilePoint, ProfilePoint>();
    for (const known of profile.points) {
      const sharp = sharpest(profile, known);
      if (!measured.has(sharp)) measured.set(sharp, yield* measure(sharp, taken, gauge));
    }
    const points = profile.points.map((known) => {
      const sharp = sharpest(profile, known);
      return moved(known, sharp, measured.get(sharp) ?? sharp);
    });
    return { ...profile, points };
  })();
}

/** The same point at the largest resolution. */
function sharpest({ points }: OperatingProfile, known: ProfilePoint): ProfilePoint {
  const side = ({ point }: ProfilePoint): number => point.resolution ?? 0;
  const same = points.filter(({ point }) => sameWork(point, known.point));
  return same.reduce((most, each) => (side(each) > side(most) ? each : most), known);
}

/** Estimates a point from a measured one that differs only in its resolution. */
function moved(known: ProfilePoint, before: ProfilePoint, now: ProfilePoint): ProfilePoint {
  if (known === before) return now;
  const share = (found: number, by: number): number => Math.min(1, Math.max(0, found + by));
  const more = known.accuracy - before.accuracy;
  const { samples, energy, frontEndEnergy = 0, latency, frontEndLatency = 0 } = now;
  return {
    ...known,
    samples,
    accuracy: share(now.accuracy, more),
    accuracyLow: share(now.accuracyLow, more),
    accuracyHigh: share(now.accuracyHigh, more),
    recall: share(now.recall, known.recall - before.recall),
    energy: apart(energy, (known.frontEndEnergy ?? 0) - frontEndEnergy),
    latency: apart(latency, (known.frontEndLatency ?? 0) - frontEndLatency),
  };
}

const apart = ({ train, infer }: ProfilePoint['energy'], by: number): ProfilePoint['energy'] => ({
  train: train + by,
  infer: infer + by,
});

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
    energy: behind(known.frontEndEnergy, known.energy, joules / count),
    // A clock that stands still, as simulated time may, measures nothing.
    latency: presenting > 0 ? behind(known.frontEndLatency, known.latency, presenting / count) : known.latency,
  };
}

// Samples are kept as intensities, after the front end, so its cost stays unchanged.
function behind(frontEnd = 0, known: ProfilePoint['energy'], infer: number): ProfilePoint['energy'] {
  return apart(scaled(apart(known, -frontEnd), infer), frontEnd);
}

/** The measured cost of deciding, and the cost of learning in its old ratio. */
function scaled(known: ProfilePoint['energy'], infer: number): ProfilePoint['energy'] {
  return { infer, train: known.infer > 0 ? (known.train / known.infer) * infer : infer };
}
