import { TopsparkError, type ErrorKind } from 'topspark/base/errors.js';
import { openDataset } from '../datasets/dataset-ref.js';
import { executeJob } from './execute-job.js';
import type { Job, JobResults } from './jobs.js';

/** What a thread is asked. */
export interface JobTask {
  readonly job: Job;
  readonly dataDir?: string;
}

/** What it answers; an error loses its class on the way between threads. */
export type JobAnswer =
  | { readonly result: JobResults[Job['kind']] }
  | { readonly failure: { readonly code: string; readonly kind: ErrorKind; readonly message: string } };

/** Computes one job in a worker thread; data sets stay loaded for the next. */
export default async function execute({ job, dataDir }: JobTask): Promise<JobAnswer> {
  try {
    return { result: executeJob(job, await openDataset(job.dataset, dataDir), () => undefined) };
  } catch (error) {
    if (!(error instanceof TopsparkError)) throw error;
    const { code, kind, message } = error;
    return { failure: { code, kind, message } };
  }
}
