import { threadCpuTime } from 'topspark/base/thread-cpu-time.js';
import type { Split } from '../datasets/dataset.js';
import type { Answer } from 'topspark/classifier/answer.js';
import type { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import type { Firing } from 'topspark/snn/presentation.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { Meter } from './meter.js';
import type { SampleStream } from './sample-stream.js';

/** Samples that are encoded in one batch, and samples per entry of {@link Meter.windows}. */
export const window = 1000;

/** A stretch of samples to show to one network. */
export interface Stretch {
  readonly stream: SampleStream;
  readonly classifier: OnlineClassifier;
  readonly point: OperatingPoint;
  readonly split: Split;
  /** Indices of the images, in order. */
  readonly order: Iterator<number>;
  readonly count: number;
  /** Whether the label of the next sample is given, by the index of its class; absent: decide without learning. */
  readonly labels?: ((truth: number) => boolean) | undefined;
  /** What is learned where `labels` is present; absent: every sample. */
  readonly learn?: 'novel' | undefined;
  /** Returns an image as it looks after a change of the world. */
  readonly change?: ((image: Uint8Array) => Uint8Array) | undefined;
  /** Called with every answer, before its label, and with the index of the true class. */
  readonly answered?: ((answer: Answer, right: boolean, truth: number) => void) | undefined;
  /** Called with the neurons that fired in a sample, and with the index of its class. */
  readonly seen?: ((firing: Firing, truth: number) => void) | undefined;
  /** Called with the number of samples done since the last call. */
  readonly progress: (done: number) => void;
}

/** Options that the stretches of a run share. */
export type Common = Pick<Stretch, 'stream' | 'classifier' | 'point' | 'progress'>;

/** Shows the samples. CPU time is that of the network alone: images are encoded in batches outside the timed part. */
export function presentSamples(stretch: Stretch): Meter {
  const { stream, classifier, split, order, count, labels, change, answered, seen, point, progress } = stretch;
  const learn = labels !== undefined && (stretch.learn ?? true);
  const meter = new Meter(window);
  const { classNames } = stream.dataset;
  const size = stream.rows * stream.columns;
  const batch = new Uint8Array(Math.min(count, window) * size);
  stream.begin();
  for (let done = 0; done < count;) {
    const length = Math.min(window, count - done);
    const truths = Array.from({ length }, (_, k) => {
      const index = Number(order.next().value);
      stream.encode(split, index, batch.subarray(k * size, (k + 1) * size), change);
      meter.addFrontEnd(stream.work);
      return split.labels[index];
    });
    const given = labels ? truths.map((truth) => labels(truth)) : [];
    const firings: Firing[] = [];
    const start = threadCpuTime();
    for (let k = 0; k < length; k++) {
      const stamp = BigInt(classifier.samples);
      const truth = classNames[truths[k]];
      const answer = classifier.decide(batch.subarray(k * size, (k + 1) * size), stamp, point, learn);
      const right = answer.label === truth;
      meter.add(answer, right);
      answered?.(answer, right, truths[k]);
      if (given[k]) {
        const outcome = classifier.label(stamp, truth);
        if (outcome.found) meter.addLabel(outcome);
      }
      if (seen) firings.push(classifier.view.firing());
    }
    meter.addTime(threadCpuTime() - start);
    firings.forEach((firing, k) => seen?.(firing, truths[k]));
    done += length;
    progress(length);
  }
  return meter;
}
