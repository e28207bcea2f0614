import { checkJob } from './check-job.js';
import { JobPool } from './job-pool.js';
import type { JobRunner } from './job-runner.js';
import { jobId, type Job, type ResultOf } from './jobs.js';
import { ResultFile } from './result-file.js';

/** Where and how jobs are computed. */
export interface RunOptions<J extends Job = Job> {
  /** Number of threads of this machine; by default as many as it can run at once. */
  readonly workers?: number;
  /** Valkey or Redis server whose workers compute the jobs instead: `redis://` or `rediss://` (TLS). */
  readonly queue?: string;
  /** How long that server may be unreachable [s]; by default 60. */
  readonly patience?: number;
  /** Folder of the data sets, if not the default. */
  readonly dataDir?: string;
  /** File to which every result is added and from which a run goes on; created if missing. */
  readonly resumeFile?: string;
  /** Called for every finished job, whether it was computed now or earlier. */
  readonly onResult?: (job: J, result: ResultOf<J>) => void;
  /** Called with notes for the user, such as that no worker takes the jobs. */
  readonly onNotice?: (text: string) => void;
}

/**
 * Computes independent runs, on all cores of this machine or by a queue on any number of machines. A job that is listed
 * several times is computed once. A job whose result is in the resume file is not computed.
 *
 * @returns the results in the order of the jobs
 * @throws {@link TopsparkError} of the first job that failed; `queue_*` where the queue cannot be used; `results_*`.
 *   Results known by then are in the file
 */
export async function runJobs<J extends Job>(jobs: readonly J[], options: RunOptions<J> = {}): Promise<ResultOf<J>[]> {
  const ids = jobs.map((job) => jobId(checkJob(job)));
  const file = options.resumeFile === undefined ? undefined : new ResultFile(options.resumeFile);
  try {
    const results = new Map<string, ResultOf<J>>();
    const open = new Map<string, J>();
    const enter = (id: string, job: J, result: ResultOf<J>): void => {
      results.set(id, result);
      options.onResult?.(job, result);
    };
    jobs.forEach((job, index) => {
      const known = file?.get(ids[index]) as ResultOf<J> | undefined;
      if (known === undefined) open.set(ids[index], job);
      else enter(ids[index], job, known);
    });
    if (open.size > 0) {
      const runner = await chooseRunner(options);
      await runner.compute(open, (id, result) => {
        file?.add(id, result);
        const job = open.get(id);
        if (job) enter(id, job, result as ResultOf<J>);
      });
    }
    return ids.flatMap((id) => results.get(id) ?? []);
  } finally {
    file?.close();
  }
}

async function chooseRunner(options: Omit<RunOptions, 'onResult'>): Promise<JobRunner> {
  const { queue, workers, dataDir, patience = 60, onNotice = (): void => undefined } = options;
  if (queue === undefined) return poolRunner(workers, dataDir);
  // Loaded here, since only a queue needs it.
  const { queueRunner } = await import('./queue-runner.js');
  return queueRunner(queue, onNotice, patience);
}

function poolRunner(workers: number | undefined, dataDir: string | undefined): JobRunner {
  return {
    async compute(jobs, done) {
      const pool = new JobPool(workers, dataDir);
      try {
        await Promise.all(
          [...jobs].map(async ([id, job]) => {
            done(id, await pool.run(job));
          }),
        );
      } finally {
        await pool.close();
      }
    },
  };
}
