import { createHash } from 'node:crypto';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { buildIdentity } from './build-identity.js';
import type { DatasetRef } from '../datasets/dataset-ref.js';
import type { LifeOptions } from '../training/life-options.js';
import type { LifeResult } from '../training/life-result.js';
import type { ExitPoint } from '../training/measure-points.js';
import type { ReceptiveFields } from '../training/receptive-fields.js';
import type { TrainOptions } from '../training/train-options.js';
import type { TrainResult } from '../training/train-result.js';

interface DataJob {
  readonly dataset: DatasetRef;
  /** Test on the last sixth of the training images, which are not learned then: for every choice. */
  readonly heldOut: boolean;
}

/** Learn a data set and test it, and then perhaps measure the network at further operating points. */
export interface TrainJob extends DataJob {
  readonly kind: 'train';
  readonly options: TrainOptions;
  readonly points?: readonly OperatingPoint[];
  /** Receptive fields wanted, at most. */
  readonly fields?: number;
}

/** What a {@link TrainJob} found. */
export interface TrainJobResult {
  readonly train: TrainResult;
  /** Of the last point, or of the test where there is none. Rows: true class; columns: answer, last: none. */
  readonly confusion: readonly (readonly number[])[];
  readonly points: readonly ExitPoint[];
  readonly fields?: ReceptiveFields;
}

/** A life of changing stages. */
export interface LifeJob extends DataJob {
  readonly kind: 'life';
  readonly options: LifeOptions;
}

/** One independent run: data only, checked against schema/job.schema.json before it is executed. */
export type Job = TrainJob | LifeJob;

/** What each kind of job gives. */
export interface JobResults {
  readonly train: TrainJobResult;
  readonly life: LifeResult;
}

/** Result of a job: JSON, the same on every machine but for times. */
export type ResultOf<J extends Job> = JobResults[J['kind']];

/** Name of a job: SHA-256 (hex) of its content and of the program that computes it. */
export function jobId(job: Job): string {
  return createHash('sha256').update(buildIdentity()).update(canonicalJson(job)).digest('hex');
}

/** JSON with the names of every object in order, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
