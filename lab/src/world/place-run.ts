import { TopsparkError } from 'topspark/base/errors.js';
import type { Snapshot } from 'topspark/base/snapshot.js';
import { cmos45, joules, labelEnergy } from 'topspark/energy/energy-account.js';
import { RangeEncoder } from 'topspark/sensing/range/range-encoder.js';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { placeTypes } from './building.js';
import { Recall } from './recall.js';
import { labelStream } from './world-bag.js';
import { World } from './world.js';

/** A drive through a building on which the network learns to recognise kinds of places. */
export interface PlaceRunOptions {
  /** Decides building, tour, people, noise, and which samples are labelled. */
  readonly seed: number;
  /** Decides the building, in place of `seed`. */
  readonly building?: number;
  readonly neurons: number;
  readonly point: OperatingPoint;
  /** Simulated time [s]. */
  readonly duration: number;
  /** Scans a second. */
  readonly rate: number;
  /** Share of the scans that are labelled with their place, 0..1. */
  readonly labels: number;
  /** What is learned; absent: every scan. */
  readonly learn?: 'novel';
  /** State that another robot learned before; absent: the network starts knowing nothing. */
  readonly start?: Snapshot;
}

/** Results of a drive. Recalls and accuracy are shares 0..1 of its second half. */
export interface PlaceRunResult {
  readonly samples: number;
  /** Mean recall over the kinds of places. */
  readonly recall: number;
  readonly recallByPlace: Readonly<Record<string, number>>;
  /** Share of right answers. It is high for a robot that stays in one room. */
  readonly accuracy: number;
  /** Mean recall in each fifth of the drive. */
  readonly recallByFifth: readonly number[];
  /** Share of the time spent in each kind of place. */
  readonly shares: Readonly<Record<string, number>>;
  readonly meanTimesteps: number;
  /** Energy of the network while it learns, by counted operations [J]. */
  readonly energyPerSample: number;
  /** Share of the scans that were familiar and therefore not learned. */
  readonly familiar: number;
  readonly neuronsUsed: number;
  readonly labelled: number;
  /** Scans that the encoder refused. */
  readonly refused: number;
  readonly weightsHash: string;
}

/** Results of a drive, and what was learned on it. */
export interface PlaceRunOutcome {
  readonly result: PlaceRunResult;
  readonly snapshot: Snapshot;
}

const fifths = 5;

/**
 * Drives, decides every scan, and learns from every scan and from the labels that are given.
 *
 * @param progress - called after each scan
 */
export function placeRun(options: PlaceRunOptions, progress: () => void): PlaceRunOutcome {
  const { seed, building = seed, neurons, point, duration, rate, labels, start, learn = true } = options;
  const world = new World({ seed, building });
  const encoder = new RangeEncoder();
  const { rows, columns, polarity } = encoder;
  const classifier = new OnlineClassifier({ neurons, rows, columns, polarity, classes: 64 });
  if (start !== undefined) classifier.restore(start);
  const random = labelStream(seed);
  const samples = Math.round(duration * rate);
  const half = new Recall();
  const parts = Array.from({ length: fifths }, () => new Recall());
  const visits = new Map<string, number>();
  const counts = { labelled: 0, refused: 0, timesteps: 0, familiar: 0, energy: 0 };
  const intensities = new Uint8Array(columns);
  for (let k = 0; k < samples; k++) {
    world.step(1 / rate);
    const { place } = world;
    visits.set(place, (visits.get(place) ?? 0) + 1);
    const labelled = random.uniform() < labels;
    progress();
    try {
      encoder.encode(world.scan(), intensities);
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      counts.refused++;
      continue;
    }
    const stamp = BigInt(k);
    const answer = classifier.decide(intensities, stamp, point, learn);
    counts.familiar += Number(answer.familiar);
    counts.energy += joules(answer.operations, cmos45);
    counts.timesteps += point.timesteps;
    const right = answer.label === place;
    parts[Math.floor((k * fifths) / samples)].add(place, right);
    if (2 * k >= samples) half.add(place, right);
    if (!labelled) continue;
    const outcome = classifier.label(stamp, place);
    if (!outcome.found) continue;
    counts.labelled++;
    counts.energy += labelEnergy(outcome, cmos45);
  }
  const snapshot = classifier.snapshot();
  const result: PlaceRunResult = {
    samples,
    recall: half.mean,
    recallByPlace: half.byClass,
    accuracy: half.accuracy,
    recallByFifth: parts.map(({ mean }) => mean),
    shares: Object.fromEntries(placeTypes.map((place) => [place, (visits.get(place) ?? 0) / samples])),
    meanTimesteps: counts.timesteps / (samples - counts.refused),
    energyPerSample: counts.energy / (samples - counts.refused),
    familiar: counts.familiar / (samples - counts.refused),
    neuronsUsed: classifier.neuronsUsed,
    labelled: counts.labelled,
    refused: counts.refused,
    weightsHash: snapshot.weightsHash,
  };
  return { result, snapshot };
}
