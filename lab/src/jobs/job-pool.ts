import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { checkInteger, TopsparkError } from 'topspark/base/errors.js';
import { compiledLab } from './build-identity.js';
import type { JobAnswer, JobTask } from './job-thread.js';
import type { Job, ResultOf } from './jobs.js';

// Piscina first loads the job's file by `require`. Where Node can require an ES module, ending the thread meanwhile
// aborts the whole process ("v8::Module::IsGraphAsync must be used on an instantiated module", Node 20.20.2, seen once
// when a wrong data set ended `topspark profile` at its start). With this flag the thread uses `import`, which can be
// interrupted safely. Versions of Node that do not know the flag do not get it.
const importOnly = process.allowedNodeEnvironmentFlags.has('--experimental-require-module')
  ? ['--no-experimental-require-module']
  : [];

/** Computes jobs in worker threads of this machine. */
export class JobPool {
  /** Number of jobs that are computed at the same time. */
  readonly size: number;
  readonly #pool: Piscina<JobTask, JobAnswer>;

  /**
   * @param workers - number of threads, 1..1024; by default as many as this machine can run at once
   * @param dataDir - folder of the data sets, if not the default
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
      execArgv: [...process.execArgv, ...importOnly],
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

  /** Ends the threads, even while they compute. */
  async close(): Promise<void> {
    // Nobody waits for an answer that comes while its thread ends. Without a listener, the error event ends the
    // process.
    this.#pool.on('error', () => undefined);
    await this.#pool.destroy();
  }
}
