import { UnrecoverableError, Worker, type Job as QueuedJob } from 'bullmq';
import { TopsparkError } from '../base/errors.js';
import { checkJob } from './check-job.js';
import { JobPool } from './job-pool.js';
import type { JobAnswer } from './job-thread.js';
import { jobId, type Job } from './jobs.js';
import { connectQueue, queueName, queuePrefix } from './queue-connection.js';

/** How a worker works. */
export interface WorkerOptions {
  readonly queue: string;
  readonly workers?: number;
  readonly dataDir?: string;
  /** Seconds after which a job whose worker is not heard of is given to another. */
  readonly lease: number;
  /** How long the server may be away [s]. */
  readonly patience: number;
  /** Ends when no job has come for so long [s]; 0: never. */
  readonly idle: number;
  readonly onStart: (address: string, threads: number) => void;
  readonly onJob: (id: string, kind: string, seconds: number) => void;
  /** Ends it when it fires; the jobs in hand are finished. */
  readonly signal: AbortSignal;
}

/**
 * Takes jobs of a queue until it is told to end. The main thread only talks to the server, so that it is heard of however
 * long a job takes.
 *
 * @returns jobs that were finished
 * @throws {@link TopsparkError} `bad_queue`, `queue_unreachable`, `queue_lost`; or that of a job which this machine lacks
 *   the data for: the job goes back to the queue
 */
export async function workQueue(options: WorkerOptions): Promise<number> {
  const pool = new JobPool(options.workers, options.dataDir);
  const connection = await connectQueue(options.queue, options.patience);
  let finished = 0;
  let unable: ((error: TopsparkError) => void) | undefined;
  const stopped = new Promise<never>((_, reject) => (unable = reject));
  const process = (queued: QueuedJob<unknown, JobAnswer>): Promise<JobAnswer> => {
    return answerOf(pool, accept(queued), (error) => unable?.(error));
  };
  const lease = options.lease * 1000;
  const worker = new Worker<unknown, JobAnswer>(queueName(), process, {
    connection: connection.redis,
    prefix: queuePrefix,
    concurrency: pool.size,
    lockDuration: lease,
    stalledInterval: lease,
    // A job that outlives its workers is no worse than one that does not: only its attempts are counted.
    maxStalledCount: 1000,
    removeOnComplete: { count: Number.MAX_SAFE_INTEGER },
  });
  worker.on('error', () => undefined); // the connection tells its errors itself
  worker.on('completed', ({ id = '', name, processedOn = 0, finishedOn = 0 }) => {
    finished++;
    options.onJob(id, name, (finishedOn - processedOn) / 1000);
  });
  try {
    options.onStart(connection.address, pool.size);
    await Promise.race([idleOrAborted(worker, options), connection.lost, stopped]);
    await Promise.race([worker.close(), connection.lost]);
    return finished;
  } finally {
    void worker.close(true).catch(() => undefined);
    connection.close();
    await pool.close();
  }
}

// What is not a job never will be.
function accept({ id, data }: QueuedJob<unknown, JobAnswer>): Job {
  try {
    const job = checkJob(data);
    if (jobId(job) === id) return job;
    throw new TopsparkError('bad_job', 'data', `job ${String(id)} has other content than its name says`);
  } catch (error) {
    throw new UnrecoverableError(error instanceof Error ? error.message : String(error));
  }
}

async function answerOf(pool: JobPool, job: Job, unable: (error: TopsparkError) => void): Promise<JobAnswer> {
  try {
    return { result: await pool.run(job) };
  } catch (error) {
    if (!(error instanceof TopsparkError)) throw error;
    const { code, kind, message } = error;
    // Options that cannot be fail everywhere; data may be missing only here.
    if (kind === 'usage') return { failure: { code, kind, message } };
    unable(error);
    throw error;
  }
}

function idleOrAborted(worker: Worker, { idle, signal }: WorkerOptions): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    let active = 0;
    let timer: NodeJS.Timeout | undefined;
    const wait = (): void => {
      clearTimeout(timer);
      if (idle > 0 && active === 0) timer = setTimeout(end, idle * 1000);
    };
    const left = (): void => {
      active--;
      wait();
    };
    worker.on('active', () => {
      active++;
      clearTimeout(timer);
    });
    worker.on('completed', left);
    worker.on('failed', left);
    wait();
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
