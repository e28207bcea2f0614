import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import type { TimedOptions } from 'topspark/classifier/network-binding.js';
import type { OperationCounts } from 'topspark/snn/operation-counts.js';
import { Meter } from '../../training/meter.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import type { Contender } from './alternate.js';
import type { Samples } from './samples.js';

/** A network to measure. */
export interface Setup {
  readonly neurons: number;
  readonly point: OperatingPoint;
  /** Spikes in time; absent: lean. */
  readonly timed?: TimedOptions;
  /** Samples learned before measuring. */
  readonly warmUp: number;
}

/** The standard operating point of lean for N neurons. */
export function leanBenchPoint(neurons: number, other: Partial<OperatingPoint> = {}): OperatingPoint {
  const keep = Math.min(Math.max(Math.floor(neurons / 4), 10), 48);
  return { timesteps: 35, events: 200, keep, exitFirst: 0, exit: 0, ...other };
}

/**
 * One network as a robot uses it, with each label given at once. The whole call is measured: sample in, answer, votes,
 * label, label buffer. Training and inference are two contenders that share the network.
 */
export class Subject {
  readonly classifier: OnlineClassifier;
  readonly train: Contender;
  readonly infer: Contender;
  readonly #samples: Samples;
  readonly #point: OperatingPoint;
  #next = 0;

  constructor(name: string, samples: Samples, { neurons, point, timed, warmUp }: Setup) {
    const { rows, columns, classNames } = samples;
    // Spikes in time are the baseline of the literature, which does not invert pictures.
    const polarity = samples.polarity && timed === undefined;
    const options = { neurons, rows, columns, polarity, classes: classNames.length };
    this.classifier = new OnlineClassifier({ ...options, ...(timed && { timed }) });
    this.#samples = samples;
    this.#point = point;
    const [train, infer] = [true, false].map((learn) => (count: number) => {
      this.#present(count, learn);
    });
    this.train = { name: `${name}, training`, run: train };
    this.infer = { name: `${name}, inference`, run: infer };
    train(warmUp);
  }

  /** Mean operations of a sample, over `count` further samples. */
  operations(learn: boolean, count: number): OperationCounts {
    const meter = new Meter(count);
    this.#present(count, learn, meter);
    return meter.operationsPerSample();
  }

  #present(count: number, learn: boolean, meter?: Meter): void {
    const samples = this.#samples;
    for (let k = 0; k < count; k++) {
      const index = this.#next++ % samples.count;
      const stamp = BigInt(this.classifier.samples);
      const answer = this.classifier.decide(samples.at(index), stamp, this.#point, learn);
      if (learn) this.classifier.label(stamp, samples.label(index));
      meter?.add(answer, false);
    }
  }
}
