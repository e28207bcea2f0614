import type { Dataset } from '../datasets/dataset.js';
import { holdOut } from '../datasets/hold-out.js';
import type { Job, JobResults, ResultOf, TrainJob, TrainJobResult } from './jobs.js';
import { lifeRun } from '../training/life-run.js';
import { measurePoints } from '../training/measure-points.js';
import { receptiveFields } from '../training/receptive-fields.js';
import { trainRun } from '../training/train-run.js';

type Progress = (done: number) => void;

type Executors = {
  readonly [K in Job['kind']]: (job: Extract<Job, { kind: K }>, dataset: Dataset, progress: Progress) => JobResults[K];
};

const executors: Executors = {
  train,
  life: (job, dataset, progress) => lifeRun(dataset, job.options, progress),
};

/**
 * Computes a job.
 *
 * @param dataset - the whole data set that the job names
 * @param progress - called with the number of samples done
 * @throws {@link TopsparkError} naming the option that is impossible
 */
export function executeJob<J extends Job>(job: J, dataset: Dataset, progress: Progress): ResultOf<J> {
  const execute: (job: never, dataset: Dataset, progress: Progress) => JobResults[Job['kind']] = executors[job.kind];
  return execute(job as never, job.heldOut ? holdOut(dataset) : dataset, progress) as ResultOf<J>;
}

function train(job: TrainJob, dataset: Dataset, progress: Progress): TrainJobResult {
  const { options, points = [], fields } = job;
  const outcome = trainRun(dataset, options, progress);
  const measured = measurePoints(outcome, options, points, progress);
  return {
    train: outcome.result,
    confusion: measured.at(-1)?.confusion ?? outcome.tally.confusion,
    points: measured.map((point) => point.measured),
    ...(fields !== undefined && { fields: receptiveFields(outcome, fields) }),
  };
}
