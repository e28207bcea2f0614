import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { checkInteger, TopsparkError } from 'topspark/base/errors.js';
import { compiledLab } from './build-identity.js';
import type { JobAnswer, JobTask } from './job-thread.js';
import type { Job, ResultOf } from './jobs.js';

/** Worker threads of this machine that compute jobs. */
export class JobPool {
  /** Jobs that are computed at the same time. */
  readonly size: number;
  readonly #pool: Piscina<JobTask, JobAnswer>;

  /**
   * @param workers - threads, 1..1024; by default as many as this machine can run at once
   * @param dataDir - where the files of the data sets lie, if not in the usual place
   * @throws {@link TopsparkError} `out_of_range`
   */
  constructor(
    workers: number | undefined,
    readonly dataDir?: string,
  ) {
    this.size = workers ?? availableParallelism();
    checkInteger('--workers', this.size, 1, 1024);
    this.#pool = new Piscina({
      filename: fileURLToPath(new URL('jobs/job-thread.js', compiledLab)),
      minThreads: 1,
      maxThreads: this.size,
      idleTimeout: 10_000,
    });
  }

  /**
   * Computes a job.
   *
   * @throws {@link TopsparkError} as the job does
   */
  async run<J extends Job>(job: J): Promise<ResultOf<J>> {
    const answer = await this.#pool.run({ job, ...(this.dataDir !== undefined && { dataDir: this.dataDir }) });
    if ('result' in answer) return answer.result as ResultOf<J>;
    const { code, kind, message } = answer.failure;
    throw new TopsparkError(code, kind, message);
  }

  /** Ends the threads, whatever they compute. */
  async close(): Promise<void> {
    // An answer that comes while its thread ends is one that nobody waits for; unheard, it would end the process.
    this.#pool.on('error', () => undefined);
    await this.#pool.destroy();
  }
}
