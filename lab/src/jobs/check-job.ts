import type { Job } from './jobs.js';
import { checkSchema } from './json-schema.js';

/**
 * Makes sure that a value is a job, wherever it came from.
 *
 * @throws TopsparkError `bad_job` naming the first field that is wrong
 */
export function checkJob(value: unknown): Job {
  checkSchema('job', value, 'the job');
  return value as Job;
}
