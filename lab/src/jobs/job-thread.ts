import { TopsparkError, type ErrorKind } from 'topspark/base/errors.js';
import { openDataset } from '../datasets/dataset-ref.js';
import { executeJob } from './execute-job.js';
import type { Job, JobResults } from './jobs.js';

/** Task of a worker thread. */
export interface JobTask {
  readonly job: Job;
  readonly dataDir?: string;
}

/** Answer of a worker thread. An error is sent as plain data, since it loses its class between threads. */
export type JobAnswer =
  | { readonly result: JobResults[Job['kind']] }
  | { readonly failure: { readonly code: string; readonly kind: ErrorKind; readonly message: string } };

/** Computes one job in a worker thread. Data sets stay loaded for the next job. */
export default async function execute({ job, dataDir }: JobTask): Promise<JobAnswer> {
  try {
    return { result: executeJob(job, await openDataset(job.dataset, dataDir), () => undefined) };
  } catch (error) {
    if (!(error instanceof TopsparkError)) throw error;
    const { code, kind, message } = error;
    return { failure: { code, kind, message } };
  }
}
