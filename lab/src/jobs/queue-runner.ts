import { Queue, QueueEvents, type Job as QueuedJob } from 'bullmq';
import { TopsparkError } from 'topspark/base/errors.js';
import type { JobRunner } from './job-runner.js';
import type { JobAnswer } from './job-thread.js';
import type { Job } from './jobs.js';
import { connectQueue, queueName, queuePrefix, type QueueConnection } from './queue-connection.js';

type Queued = QueuedJob<Job, JobAnswer>;

/** Interval between checks of all jobs, in addition to the events of the queue [ms]. */
const lookEvery = 5000;

/** Options of a queued job. A job that a worker cannot compute is tried again, up to this number of attempts. */
const jobOptions = {
  attempts: 5,
  backoff: { type: 'fixed', delay: 1000 },
  removeOnComplete: false,
  removeOnFail: false,
};

/**
 * Lets the workers of a queue compute jobs. A job's id follows from its content, so a job that is already in the queue,
 * finished or not, is not added twice. Results stay in the queue until all results of the run are collected.
 *
 * @param notice - called with notes for the user
 * @param patience - how long the server may be unreachable [s]
 * @throws TopsparkError `bad_queue`, `queue_unreachable`, `queue_lost`
 */
export async function queueRunner(url: string, notice: (text: string) => void, patience: number): Promise<JobRunner> {
  const connection = await connectQueue(url, patience);
  return {
    async compute(jobs, done) {
      const options = { connection: connection.redis, prefix: queuePrefix };
      const queue = new Queue<Job, JobAnswer>(queueName(), options);
      const events = new QueueEvents(queueName(), options);
      const silent = (): void => undefined; // the connection reports its errors itself
      queue.on('error', silent);
      events.on('error', silent);
      try {
        await Promise.race([ready(events, connection, patience), connection.lost]);
        await Promise.race([new Collector(queue, events, jobs, done, notice).collect(), connection.lost]);
      } finally {
        await closeAll(connection, queue, events);
      }
    },
  };
}

/** Adds jobs to a queue and waits until each is done. */
class Collector {
  readonly #open: Set<string>;
  #finish: (() => void) | undefined;
  #fail: ((error: unknown) => void) | undefined;
  #lonely = false;

  constructor(
    readonly queue: Queue<Job, JobAnswer>,
    readonly events: QueueEvents,
    readonly jobs: ReadonlyMap<string, Job>,
    readonly done: (id: string, result: unknown) => void,
    readonly notice: (text: string) => void,
  ) {
    this.#open = new Set(jobs.keys());
  }

  async collect(): Promise<void> {
    const finished = new Promise<void>((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    finished.catch(() => undefined); // prevents an unhandled rejection where something below fails first
    const look = ({ jobId }: { readonly jobId: string }): void => {
      this.#attempt(() => this.#look(jobId));
    };
    this.events.on('completed', look);
    this.events.on('failed', look);
    await this.#addAll();
    const timer = setInterval(() => {
      this.#attempt(() => this.#lookAtAll());
    }, lookEvery);
    try {
      await this.#lookAtAll();
      await finished;
    } finally {
      clearInterval(timer);
    }
    for (const id of this.jobs.keys()) await this.queue.remove(id);
  }

  #attempt(act: () => Promise<void>): void {
    act().catch((error: unknown) => this.#fail?.(error));
  }

  async #addAll(): Promise<void> {
    const all = [...this.jobs].map(([jobId, job]) => ({ name: job.kind, data: job, opts: { ...jobOptions, jobId } }));
    for (let from = 0; from < all.length; from += 500) await this.queue.addBulk(all.slice(from, from + 500));
    // A job may have failed in an earlier run. It is tried again, since other workers may be able to compute it now.
    for (const id of this.#open) {
      const job = await this.queue.getJob(id);
      if (job && (await job.isFailed())) await this.#tryAgain(job);
    }
  }

  async #tryAgain(job: QueuedJob): Promise<void> {
    try {
      await job.retry('failed', { resetAttemptsMade: true });
    } catch (error) {
      if (await job.isFailed()) throw error; // otherwise another run has retried it meanwhile
    }
  }

  async #lookAtAll(): Promise<void> {
    for (const id of [...this.#open]) await this.#look(id);
    const lonely = this.#open.size > 0 && (await this.queue.getWorkersCount()) === 0;
    if (lonely && !this.#lonely)
      this.notice('no worker takes jobs of this queue and this program: start topspark worker');
    this.#lonely = lonely;
  }

  async #look(id: string): Promise<void> {
    if (!this.#open.has(id)) return;
    // The state is asked first. A job that was read before it ended has no answer yet.
    const state = await this.queue.getJobState(id);
    if (state !== 'completed' && state !== 'failed' && state !== 'unknown') return;
    const job = (await this.queue.getJob(id)) as Queued | undefined;
    if (job === undefined) {
      await this.#addAgain(id); // another run with the same job has collected and removed it meanwhile
    } else if (state === 'completed') {
      await this.#collected(id, job.returnvalue);
    } else if (state === 'failed') {
      const message = `a job of the queue failed after ${job.attemptsMade} attempts: ${job.failedReason}`;
      throw new TopsparkError('job_failed', 'data', message);
    }
  }

  async #addAgain(id: string): Promise<void> {
    const job = this.jobs.get(id);
    if (job) await this.queue.add(job.kind, job, { ...jobOptions, jobId: id });
  }

  async #collected(id: string, answer: JobAnswer): Promise<void> {
    if (!this.#open.delete(id)) return;
    if ('failure' in answer) {
      await this.queue.remove(id);
      const { code, kind, message } = answer.failure;
      throw new TopsparkError(code, kind, message);
    }
    this.done(id, answer.result);
    if (this.#open.size === 0) this.#finish?.();
  }
}

// Waits for the second connection. It may fail to open if the server goes away at this moment.
async function ready(events: QueueEvents, { address }: QueueConnection, patience: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `queue ${address} does not answer within ${patience} s, expected a second connection`;
      reject(new TopsparkError('queue_lost', 'data', message));
    }, patience * 1000);
  });
  try {
    // A failure is not reported at once. The first connection reports a lost server, and `late` everything else.
    await Promise.race([events.waitUntilReady().catch(() => late), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function closeAll(connection: QueueConnection, queue: Queue<Job, JobAnswer>, events: QueueEvents): Promise<void> {
  // Closing needs an answer of the server. Without a server, the connections are only cut.
  if (connection.redis.status === 'ready') await Promise.allSettled([queue.close(), events.close()]);
  else void Promise.allSettled([queue.disconnect(), events.disconnect()]);
  connection.close();
}
