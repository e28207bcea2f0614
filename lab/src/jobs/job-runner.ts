import type { Job } from './jobs.js';

/** Computes jobs, in threads or by a queue. */
export interface JobRunner {
  /**
   * Computes jobs in any order.
   *
   * @param done - called with each result as soon as it is known
   */
  compute(jobs: ReadonlyMap<string, Job>, done: (id: string, result: unknown) => void): Promise<void>;
}
