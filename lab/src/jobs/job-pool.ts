import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { checkInteger, TopsparkError } from 'topspark/base/errors.js';
import { compiledLab } from './build-identity.js';
import type { JobAnswer, JobTask } from './job-thread.js';
import type { Job, ResultOf } from './jobs.js';

// Piscina asks for the job's file by `require` first. Where Node can require an ES module, a thread that is ended while it
// does so aborts the whole process ("v8::Module::IsGraphAsync must be used on an instantiated module", Node 20.20.2, seen
// once when a wrong data set ended `topspark profile` at its start). Without it the thread goes on to `import`, which an
// end may interrupt. Older and newer versions of Node that do not know the flag do not get it.
const importOnly = process.allowedNodeEnvironmentFlags.has('--experimental-require-module')
  ? ['--no-experimental-require-module']
  : [];

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

  /** Ends the threads, whatever they compute. */
  async close(): Promise<void> {
    // An answer that comes while its thread ends is one that nobody waits for; unheard, it would end the process.
    this.#pool.on('error', () => undefined);
    await this.#pool.destroy();
  }
}
