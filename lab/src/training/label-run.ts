import { Random } from 'topspark/base/random.js';
import { threadCpuTime } from 'topspark/base/thread-cpu-time.js';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import { costTable, joules } from 'topspark/energy/energy-account.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { Recall } from '../world/recall.js';
import { labeller, type LabelPolicy } from './label-policies.js';
import type { LabelledStream } from './labelled-streams.js';
import { Meter } from './meter.js';

/** One network, one stream, and one person who labels. */
export interface LabelRunOptions {
  readonly policy: LabelPolicy;
  /** Label policy in the second half of the stream; absent: the same. */
  readonly then?: LabelPolicy;
  /** At most so many labels per sample, 0..1. */
  readonly budget: number;
  /** Share of the labels that name another class, drawn at random, 0..1. */
  readonly wrong: number;
  /** Wrong labels come in the first half only. */
  readonly mended?: boolean;
  /** Whether a label says why it was given. */
  readonly kinds: boolean;
  readonly neurons: number;
  /** Whether a linear readout is used with the votes. */
  readonly linear?: boolean;
  readonly point: OperatingPoint;
  readonly seed: number;
}

/** Results of a run. Shares 0..1. */
export interface LabelRunResult {
  /** Pictures only: accuracy on the test samples, without learning. */
  readonly accuracy?: number;
  /**
   * Drives only. `recall`: mean over the classes in the second half, each scan answered before its label; then recall
   * by class; `held`: mean recall on another tour, without learning.
   */
  readonly recall?: number;
  readonly recallByClass?: Readonly<Record<string, number>>;
  readonly held?: number;
  /** Labels given per sample, and labels per sample that repeated the last one and were skipped. */
  readonly labelShare: number;
  readonly repeatedShare: number;
  /** Changes of the world that were detected. */
  readonly alarms: number;
  /**
   * Energy by operations [J] per sample of the stream, with its labels, and per sample of the test. Encoding of samples
   * is not included.
   */
  readonly energyPerSample: { readonly train: number; readonly infer: number };
  /** CPU time per sample of the test [µs]. */
  readonly microsecondsPerSample: number;
}

/**
 * Learns a stream with labels as people give them, then tests what was learned.
 *
 * @param progress - called with the number of samples done since the last call, learning and test together
 */
export function labelRun(
  stream: LabelledStream,
  options: LabelRunOptions,
  progress: (done: number) => void,
): LabelRunResult {
  const { policy, then, budget, wrong, mended = false, kinds, neurons, linear, point, seed } = options;
  const { shape, classes, count, driven } = stream;
  const parts = linear === true ? [{ inputs: shape.rows * shape.columns, signed: false }] : undefined;
  const room = driven ? 64 : Math.max(2, classes.length);
  const classifier = new OnlineClassifier({ ...shape, neurons, classes: room, ...(parts && { linear: parts }) });
  const first = labeller(policy, budget, new Random(-1 - seed));
  const second = then && labeller(then, budget, new Random(-2_000_001 - seed));
  const slips = new Random(-1_000_001 - seed);
  const half = new Recall();
  const [learning, testing] = [new Meter(Infinity), new Meter(Infinity)];
  let [sample, labels, repeated] = [0, 0, 0];
  for (const { intensities, truth } of stream.samples) {
    const stamp = BigInt(sample);
    const answer = classifier.decide(intensities, stamp, point, true);
    const right = answer.label === truth;
    learning.add(answer, right);
    const late = 2 * sample++ >= count;
    if (late) half.add(truth, right);
    const person = late ? (second ?? first) : first;
    const kind = person.kindOf({ right, lead: answer.lead, group: answer.reported.group });
    progress(1);
    if (kind === undefined) continue;
    const slipped = wrong > 0 && !(mended && late) && slips.uniform() < wrong;
    const name = slipped
      ? classes[(classes.indexOf(truth) + 1 + slips.below(classes.length - 1)) % classes.length]
      : truth;
    const outcome = classifier.label(stamp, name, kinds ? { kind } : {});
    if (outcome.found) learning.addLabel(outcome);
    labels += Number(outcome.found);
    repeated += Number(outcome.found && outcome.repeated);
  }
  const tested = new Recall();
  // Made before they are timed: a drive computes each scan.
  const tests = Array.from(stream.test, ({ intensities, truth }) => ({ intensities: intensities.slice(), truth }));
  const start = threadCpuTime();
  for (const { intensities, truth } of tests) {
    const answer = classifier.decide(intensities, BigInt(sample++), point, false);
    const right = answer.label === truth;
    testing.add(answer, right);
    tested.add(truth, right);
    progress(1);
  }
  testing.addTime(threadCpuTime() - start);
  const table = costTable(false);
  const energy = (meter: Meter): number => joules(meter.operationsPerSample(), table);
  return {
    ...(driven ? { recall: half.mean, recallByClass: half.byClass, held: tested.mean } : { accuracy: tested.accuracy }),
    ...{ labelShare: labels / count, repeatedShare: repeated / count, alarms: classifier.alarms },
    energyPerSample: { train: energy(learning), infer: energy(testing) },
    microsecondsPerSample: testing.microsecondsPerSample(),
  };
}
