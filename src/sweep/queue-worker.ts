import { UnrecoverableError, Worker, type Job as QueuedJob } from 'bullmq';
import { once } from 'node:events';
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
  const idleness = new Idleness(options.idle);
  const process = async (queued: QueuedJob<unknown, JobAnswer>): Promise<JobAnswer> => {
    idleness.enter();
    try {
      return await answerOf(pool, accept(queued), (error) => unable?.(error));
    } finally {
      idleness.leave();
    }
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
    await Promise.race([idleness.over, aborted(options.signal), connection.lost, stopped]);
    await Promise.race([worker.close(), connection.lost]);
    return finished;
  } finally {
    idleness.stop();
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

/**
 * Is over when nothing has been in hand for so long. Jobs are counted where they are computed: of one whose lease ran out
 * meanwhile the queue tells no end.
 */
class Idleness {
  readonly over: Promise<void>;
  #end: (() => void) | undefined;
  #inHand = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param seconds - 0: never over */
  constructor(readonly seconds: number) {
    this.over = new Promise((resolve) => (this.#end = resolve));
    this.#wait();
  }

  enter(): void {
    this.#inHand++;
    this.stop();
  }

  leave(): void {
    this.#inHand--;
    this.#wait();
  }

  /** Until the next job has ended. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    this.stop();
    if (this.seconds > 0 && this.#inHand === 0) this.#timer = setTimeout(() => this.#end?.(), this.seconds * 1000);
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
