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
  /** Tests on images held out from training (see `holdOut`), not on the test images. Every choice is based on these. */
  readonly heldOut: boolean;
}

/** Learns a data set and tests it, then measures the network at further operating points, if any. */
export interface TrainJob extends DataJob {
  readonly kind: 'train';
  readonly options: TrainOptions;
  readonly points?: readonly OperatingPoint[];
  /** Maximum number of receptive fields in the result. */
  readonly fields?: number;
}

/** Result of a {@link TrainJob}. */
export interface TrainJobResult {
  readonly train: TrainResult;
  /** At the last point, or of the test if there are no points. Rows: true class; columns: answer, last column: none. */
  readonly confusion: readonly (readonly number[])[];
  readonly points: readonly ExitPoint[];
  readonly fields?: ReceptiveFields;
}

/** Runs one network through a scenario of several stages. */
export interface LifeJob extends DataJob {
  readonly kind: 'life';
  readonly options: LifeOptions;
}

/** One independent run. It is data only, and is checked against schema/job.schema.json before it is executed. */
export type Job = TrainJob | LifeJob;

/** Result of each kind of job. */
export interface JobResults {
  readonly train: TrainJobResult;
  readonly life: LifeResult;
}

/** Result of a job: JSON that is the same on every machine, except for times. */
export type ResultOf<J extends Job> = JobResults[J['kind']];

/** Id of a job: SHA-256 (hex) of its content and of the program that computes it. */
export function jobId(job: Job): string {
  return createHash('sha256').update(buildIdentity()).update(canonicalJson(job)).digest('hex');
}

/** JSON with sorted keys in every object, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
