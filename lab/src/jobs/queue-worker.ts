import { DelayedError, Queue, UnrecoverableError, Worker, type Job as QueuedJob } from 'bullmq';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { TopsparkError, reasonOf } from 'topspark/base/errors.js';
import { checkJob } from './check-job.js';
import { JobPool } from './job-pool.js';
import type { JobAnswer } from './job-thread.js';
import { jobId, type Job } from './jobs.js';
import { connectQueue, queueName, queuePrefix } from './queue-connection.js';

/** Options of a worker. */
export interface WorkerOptions {
  readonly queue: string;
  readonly workers?: number;
  readonly dataDir?: string;
  /** Time after which another worker gets a job whose worker shows no sign of life [s]. */
  readonly lease: number;
  /** How long the server may be unreachable [s]. */
  readonly patience: number;
  /** The worker ends after this time without a job [s]; 0: never. */
  readonly idle: number;
  readonly onStart: (address: string, threads: number) => void;
  readonly onJob: (id: string, kind: string, seconds: number) => void;
  /** Called with a sentence on why a job was not computed here and what happens to it. */
  readonly onFailure: (id: string, kind: string, sentence: string) => void;
  /** Ends the worker. Jobs in progress are finished first. */
  readonly signal: AbortSignal;
}

type Queued = QueuedJob<unknown, JobAnswer>;

/** How long a job waits after it is given back, before a worker may take it [ms]. */
const giveBackFor = 1000;

/** Faults of this worker, whatever the job: it gives its jobs back and ends. */
const ownFaults: ReadonlySet<string> = new Set(['kernel_missing', 'kernel_outdated', 'ERR_MODULE_NOT_FOUND']);

/**
 * Takes jobs from a queue until it is asked to end. The main thread only talks to the server, so the connection stays
 * alive however long a job takes. A job that cannot be computed here goes back to the queue for another worker, for
 * example where this machine lacks its data set. It fails for good after its last attempt. Only a fault of the worker
 * itself ends the worker.
 *
 * @returns number of jobs that were finished
 * @throws {@link TopsparkError} `bad_queue`, `queue_unreachable`, `queue_lost`, `kernel_missing`, `kernel_outdated`
 */
export async function workQueue(options: WorkerOptions): Promise<number> {
  const pool = new JobPool(options.workers, options.dataDir);
  const connection = await connectQueue(options.queue, options.patience);
  const name = randomUUID();
  const shared = { connection: connection.redis, prefix: queuePrefix };
  const queue = new Queue(queueName(), shared);
  queue.on('error', () => undefined); // the connection reports its errors itself
  let finished = 0;
  let end: ((error: unknown) => void) | undefined;
  const stopped = new Promise<never>((_, reject) => (end = reject));
  const idleness = new Idleness(options.idle);
  const process = async (queued: Queued, token?: string): Promise<JobAnswer> => {
    if (await othersMayTry(queue, queued, name)) return giveBack(queued, token);
    idleness.enter();
    try {
      return await answerOf(pool, accept(queued));
    } catch (error) {
      if (ownFaults.has(codeOf(error))) {
        return await giveBack(queued, token).finally(() => end?.(error));
      }
      await queued.updateProgress({ unable: [...new Set([...unableOf(queued), name])] });
      throw error;
    } finally {
      idleness.leave();
    }
  };
  const lease = options.lease * 1000;
  const worker = new Worker<unknown, JobAnswer>(queueName(), process, {
    ...shared,
    name,
    concurrency: pool.size,
    lockDuration: lease,
    stalledInterval: lease,
    // A job is not at fault if its workers die, so lost workers do not count as attempts.
    maxStalledCount: 1000,
    removeOnComplete: { count: Number.MAX_SAFE_INTEGER },
  });
  worker.on('error', () => undefined); // the connection reports its errors itself
  worker.on('completed', ({ id = '', name: kind, processedOn = 0, finishedOn = 0, returnvalue }) => {
    if ('failure' in returnvalue) {
      options.onFailure(id, kind, `failed: ${returnvalue.failure.message}`);
      return;
    }
    finished++;
    options.onJob(id, kind, (finishedOn - processedOn) / 1000);
  });
  worker.on('failed', (queued, error) => {
    if (queued === undefined) return; // its lease ran out, and another worker has it
    const { id = '', name: kind, attemptsMade, opts } = queued;
    const over = queued.finishedOn !== undefined;
    const attempt = `attempt ${attemptsMade} of ${opts.attempts ?? 1}`;
    const sentence = over
      ? `failed, ${attempt}: ${error.message}`
      : `could not be computed here, ${attempt}; it goes back to the queue: ${error.message}`;
    options.onFailure(id, kind, sentence);
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

// An invalid job fails at once, since further attempts cannot help.
function accept({ id, data }: Queued): Job {
  try {
    const job = checkJob(data);
    if (jobId(job) === id) return job;
    throw new TopsparkError('bad_job', 'data', `job ${String(id)} has other content than its name says`);
  } catch (error) {
    throw new UnrecoverableError(reasonOf(error));
  }
}

async function answerOf(pool: JobPool, job: Job): Promise<JobAnswer> {
  try {
    return { result: await pool.run(job) };
  } catch (error) {
    // Impossible options fail on every machine, so the failure is the answer. Other errors may occur only on this one.
    if (!(error instanceof TopsparkError) || error.kind !== 'usage') throw error;
    const { code, kind, message } = error;
    return { failure: { code, kind, message } };
  }
}

const codeOf = (error: unknown): string => (error as { readonly code?: string } | undefined)?.code ?? '';

/** Names of the workers that could not compute a job. The queue stores them as the progress of the job. */
function unableOf({ progress }: Queued): readonly string[] {
  const { unable } = (typeof progress === 'object' ? progress : {}) as { readonly unable?: readonly string[] };
  return unable ?? [];
}

/** Whether this worker could not compute the job, and another worker has not tried it yet. */
async function othersMayTry(queue: Queue, queued: Queued, name: string): Promise<boolean> {
  const unable = unableOf(queued);
  if (!unable.includes(name)) return false;
  const workers = await queue.getWorkers();
  return workers.some(({ rawname }) => !unable.includes(rawname.slice(rawname.lastIndexOf(':') + 1)));
}

/** Gives a job back for other workers. This does not count as an attempt. */
async function giveBack(queued: Queued, token: string | undefined): Promise<never> {
  await queued.moveToDelayed(Date.now() + giveBackFor, token);
  throw new DelayedError();
}

/**
 * Resolves `over` after a time without a job in progress. Jobs are counted where they are computed, since the queue
 * does not report the end of a job whose lease has run out.
 */
class Idleness {
  readonly over: Promise<void>;
  #end: (() => void) | undefined;
  #inHand = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param seconds - time without a job; 0: never over */
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

  /** Stops the timer until the next job ends. */
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
