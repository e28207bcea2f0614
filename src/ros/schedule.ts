import cron, { type ScheduledTask } from 'node-cron';
import { TopsparkError } from '../base/errors.js';
import { inTurns, type Slices } from '../base/slices.js';

/** Work that is done by the clock on the wall. */
export interface Job {
  /** Parameter that holds its times: `schedule.checkpoint`. */
  readonly name: string;
  /** Cron expression of five or six fields; empty: never. */
  readonly times: string;
  readonly run: () => void;
  /** Whether a run that was missed while the node was off is made good at the start. */
  readonly makeGood: boolean;
}

/** What is told of the runs. */
export interface ScheduleLog {
  readonly info: (sentence: string) => void;
  readonly error: (sentence: string) => void;
}

const minute = 60_000;
/** How far back a missed run is looked for. */
const horizon = 400 * 24 * 60 * minute;
/** Minutes looked at in one slice. */
const slice = 200;

/**
 * Jobs by cron expressions in one time zone, between {@link Schedule.start} and {@link Schedule.stop}. Wall-clock time on
 * purpose, also where the robot's time is simulated.
 */
export class Schedule {
  readonly #jobs: readonly Job[];
  readonly #timeZone: string;
  readonly #log: ScheduleLog;
  #tasks: ScheduledTask[] = [];

  /**
   * @param lastRuns - when each job ran last, ISO 8601 by name; kept up to date
   * @param ran - called after each run and where a job is new, so that the times can be stored
   * @throws {@link TopsparkError} `schedule` naming parameter, expression and what is wrong with it
   */
  constructor(
    jobs: readonly Job[],
    timeZone: string,
    readonly lastRuns: Map<string, string>,
    readonly ran: () => void,
    log: ScheduleLog,
  ) {
    checkTimeZone(timeZone);
    for (const { name, times } of jobs) if (times !== '') checkTimes(name, times);
    this.#jobs = jobs.filter(({ times }) => times !== '');
    this.#timeZone = timeZone;
    this.#log = log;
  }

  /** Starts the jobs, and makes good or tells of what was missed since they ran last; settles when that is looked up. */
  async start(): Promise<void> {
    const now = Date.now();
    // A job that never ran has missed nothing; from now on it can, however soon the node stops.
    const fresh = this.#jobs.filter(({ name }) => Number.isNaN(Date.parse(this.lastRuns.get(name) ?? '')));
    for (const { name } of fresh) this.lastRuns.set(name, new Date(now).toISOString());
    if (fresh.length > 0) this.#store(fresh[0].name);
    const tasks = this.#jobs.map((job) => ({ job, task: this.#task(job) }));
    this.#tasks = tasks.map(({ task }) => task);
    for (const { job, task } of tasks) {
      void task.start();
      const last = Date.parse(this.lastRuns.get(job.name) ?? '');
      const missed = await inTurns(firstRun(task, job.times, last, now));
      // Stopped meanwhile?
      if (missed === undefined || !this.#tasks.includes(task)) continue;
      const then = job.makeGood ? 'it runs now' : 'it waits for its next time';
      this.#log.info(`${job.name}: the run of ${missed.toISOString()} was missed while the node was off; ${then}`);
      if (job.makeGood) this.#run(job);
      else this.#ranAt(job, now);
    }
  }

  /** Ends all of it; may be started again. */
  stop(): void {
    for (const task of this.#tasks.splice(0)) void task.destroy();
  }

  #task(job: Job): ScheduledTask {
    const say = (message: string | Error): void => {
      this.#log.error(`${job.name}: ${message instanceof Error ? message.message : message}`);
    };
    const logger = { info: () => undefined, debug: () => undefined, warn: say, error: say };
    const options = { timezone: this.#timeZone, noOverlap: true, unref: true, logger };
    return cron.createTask(
      job.times,
      () => {
        this.#run(job);
      },
      options,
    );
  }

  #run(job: Job): void {
    try {
      job.run();
    } catch (error) {
      this.#log.error(`${job.name} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#ranAt(job, Date.now());
  }

  #ranAt({ name }: Job, time: number): void {
    this.lastRuns.set(name, new Date(time).toISOString());
    this.#store(name);
  }

  #store(name: string): void {
    try {
      this.ran();
    } catch (error) {
      this.#log.error(`${name}: its time was not stored: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** The first time after `last`, and not after `now`, at which a task was due. */
function* firstRun(task: ScheduledTask, times: string, last: number, now: number): Slices<Date | undefined> {
  const { minute: minutes, second: seconds } = cron.parse(times);
  // Time zones differ by whole quarters of an hour.
  const possible = new Set(minutes.flatMap((each) => [0, 15, 30, 45].map((shift) => (each + shift) % 60)));
  const from = Math.max(last, now - horizon);
  for (let at = (Math.floor(from / minute) + 1) * minute, looked = 0; at <= now; at += minute) {
    const date = new Date(at + seconds[0] * 1000);
    if (!possible.has(date.getUTCMinutes()) || date.getTime() > now) continue;
    if (task.match(date)) return date;
    if (++looked % slice === 0) yield;
  }
  return undefined;
}

function checkTimes(name: string, times: string): void {
  const { valid, errors } = cron.validateDetailed(times);
  if (valid) return;
  const wrong = errors.map(({ message }) => message).join('; ');
  const expected = "expected a cron expression such as '0 3 * * *' (at 3:00 every day) or nothing";
  throw new TopsparkError('schedule', 'usage', `${name} is '${times}': ${wrong}; ${expected}`);
}

function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    const expected = "expected a name of the IANA database such as 'UTC' or 'Europe/Berlin'";
    throw new TopsparkError('schedule', 'usage', `schedule.time_zone is '${timeZone}', ${expected}`);
  }
}
