import type { Job } from './jobs.js';
import { checkSchema } from './json-schema.js';

/**
 * Checks that a value from any source is a job.
 *
 * @throws TopsparkError `bad_job` naming the first wrong field
 */
export function checkJob(value: unknown): Job {
  checkSchema('job', value, 'the job');
  return value as Job;
}
