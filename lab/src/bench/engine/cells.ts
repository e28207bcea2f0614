import type { OperationCounts } from 'topspark/snn/operation-counts.js';
import { alternate, type ContenderEffort, type Timing } from './alternate.js';
import type { Samples } from './samples.js';
import { leanBenchPoint, Subject, type Setup } from './subject.js';

/** Cost of one kind of presentation, in training and inference. */
export interface Cell {
  readonly name: string;
  readonly neurons: number;
  /** Trained neurons. */
  readonly neuronsUsed: number;
  readonly timesteps: number;
  readonly inTime: boolean;
  readonly train: Timing;
  readonly infer: Timing;
  /** Mean operations of a sample. */
  readonly operations: { readonly train: OperationCounts; readonly infer: OperationCounts };
}

/** A network to measure, with its name. */
export interface CellPlan extends Setup {
  readonly name: string;
  readonly samples: Samples;
}

/** Lean with its default settings. */
export function leanCell(samples: Samples, neurons: number, warmUp: number): CellPlan {
  return { name: `lean, T 35`, samples, neurons, point: leanBenchPoint(neurons), warmUp };
}

/** Poisson spikes in time; where T is below 350, their rate is raised with a = 0.5. */
export function timedCell(samples: Samples, neurons: number, timesteps: number, warmUp: number): CellPlan {
  const timed = { policy: 'rate', encoding: 'poisson', seed: 1 } as const;
  return {
    name: `in time, T ${timesteps}`,
    samples,
    neurons,
    point: leanBenchPoint(neurons, { timesteps }),
    timed,
    warmUp,
  };
}

/** Measures all networks in turn in one run. */
export function measureCells(
  plans: readonly CellPlan[],
  effort: ContenderEffort,
  progress: (done: number) => void,
): Cell[] {
  const subjects = plans.map((plan) => new Subject(plan.name, plan.samples, plan));
  const contenders = subjects.flatMap(({ train, infer }) => [train, infer]);
  const timings = alternate(contenders, effort, progress);
  return plans.map(({ name, neurons, point, timed }, index) => {
    const subject = subjects[index];
    const count = timed ? 50 : 1000;
    return {
      ...{ name, neurons, neuronsUsed: subject.classifier.neuronsUsed, timesteps: point.timesteps },
      inTime: timed !== undefined,
      train: timings[2 * index],
      infer: timings[2 * index + 1],
      operations: { train: subject.operations(true, count), infer: subject.operations(false, count) },
    };
  });
}
