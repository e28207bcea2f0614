import cron, { type ScheduledTask } from 'node-cron';
import { TopsparkError, reasonOf } from '../base/errors.js';
import { inTurns, type Slices } from '../base/slices.js';

/** Work scheduled by wall-clock time. */
export interface ScheduledJob {
  /** Parameter with its times: `schedule.checkpoint`. */
  readonly name: string;
  /** Cron expression of five or six fields; empty: never. */
  readonly times: string;
  readonly run: () => void;
  /** Whether a run missed while the node was off is made up at the start. */
  readonly makeGood: boolean;
}

/** Log of the runs. */
export interface ScheduleLog {
  readonly info: (sentence: string) => void;
  readonly error: (sentence: string) => void;
}

const minute = 60_000;
/** How far back missed runs are searched [ms]. */
const horizon = 400 * 24 * 60 * minute;
/** Minutes searched in one slice. */
const slice = 200;

/** Seconds that the clock may go back or stand still without having been set: it is slewed, and timers jitter. */
const slewed = 5;
/** Seconds for which a busy process may delay the schedule. */
const busy = 60;
/** A clock set back by less [ms] repeats times of the day; one set back by more was wrong before, as in cron(8). */
const repeating = 3 * 60 * minute;

interface Timed extends ScheduledJob {
  /** Computes the times; it is never started. */
  readonly task: ScheduledTask;
  readonly seconds: ReadonlySet<number>;
  /** Minutes of UTC in which it may be due; to compute whether it is takes 10 ms. */
  readonly minutes: ReadonlySet<number>;
  /** Whether it runs at fixed times of the day, not at intervals. */
  readonly fixed: boolean;
}

/**
 * Jobs by cron expressions in one time zone, between {@link Schedule.start} and {@link Schedule.stop}. They use
 * wall-clock time on purpose, even where the robot's time is simulated. If the clock is set, they go on from the new
 * time: one of the skipped runs is made up as after a start, and runs at a time of the day are not repeated.
 */
export class Schedule {
  readonly #jobs: readonly ScheduledJob[];
  readonly #timeZone: string;
  readonly #log: ScheduleLog;
  #timed: Timed[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** The last second checked [s since 1970]. */
  #second = 0;

  /**
   * @param lastRuns - when each job ran last, ISO 8601 by name; kept up to date
   * @param ran - called after each run and where a job is new, so that the times can be stored
   * @throws {@link TopsparkError} `schedule` naming parameter, expression and what is wrong with it
   */
  constructor(
    jobs: readonly ScheduledJob[],
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

  /** Starts the jobs, and makes up or logs runs missed since they last ran; settles when the search is done. */
  async start(): Promise<void> {
    const now = Date.now();
    this.#timed = this.#jobs.map((job) => this.#time(job));
    // A job that never ran has missed nothing; from now on it can, however soon the node stops.
    this.#restart(now);
    this.#second = Math.floor(now / 1000);
    this.#arm();
    await this.#makeGood(now, 'while the node was off');
  }

  /** Ends all jobs; they may be started again. */
  stop(): void {
    clearTimeout(this.#timer);
    for (const { task } of this.#timed.splice(0)) void task.destroy();
  }

  #time(job: ScheduledJob): Timed {
    const task = cron.createTask(job.times, () => undefined, { timezone: this.#timeZone });
    const [minutes, hours] = job.times.trim().split(/\s+/).slice(-5);
    const fixed = !`${minutes} ${hours}`.includes('*');
    const seconds = new Set(cron.parse(job.times).second);
    return { ...job, task, seconds, minutes: possibleMinutes(job.times), fixed };
  }

  /** Checks once in each second of the clock, even if the clock is set. */
  #arm(): void {
    if (this.#timed.length === 0) return;
    this.#timer = setTimeout(
      () => {
        this.#look(Date.now());
        this.#arm();
      },
      1000 - (Date.now() % 1000),
    ).unref();
  }

  #look(now: number): void {
    const second = Math.floor(now / 1000);
    const passed = second - this.#second;
    if (passed <= 0 && passed >= -slewed) return;
    if (passed < 0) this.#restart(now);
    const skipped = passed > busy;
    const from = passed < 0 || skipped ? second - 1 : this.#second;
    this.#second = second;
    if (skipped) void this.#makeGood(now, 'while the clock was set forward or the machine slept');
    for (const job of this.#timed) {
      const due = firstDue(job, from, second);
      if (due !== undefined && !(skipped && job.makeGood) && !this.#repeats(job, due)) this.#run(job);
    }
  }

  /**
   * Sets the last run to now for jobs that never ran, or whose last run is in the future: from now on they can miss a
   * run.
   */
  #restart(now: number): void {
    const fresh = this.#timed.filter(({ name, fixed }) => {
      const ahead = Date.parse(this.lastRuns.get(name) ?? '') - now;
      return Number.isNaN(ahead) || ahead >= repeating || (ahead > 0 && !fixed);
    });
    for (const { name } of fresh) this.lastRuns.set(name, new Date(now).toISOString());
    if (fresh.length > 0) this.#store(fresh[0].name);
  }

  /** Whether a time of the day comes a second time. */
  #repeats({ name, fixed }: Timed, due: Date): boolean {
    const last = Date.parse(this.lastRuns.get(name) ?? '');
    if (!fixed || !(last >= due.getTime())) return false;
    const ran = `it ran at ${new Date(last).toISOString()}, before the clock was set back`;
    this.#log.info(`${name}: the run of ${due.toISOString()} is not repeated: ${ran}`);
    return true;
  }

  async #makeGood(now: number, why: string): Promise<void> {
    for (const job of [...this.#timed]) {
      const last = Date.parse(this.lastRuns.get(job.name) ?? '');
      const missed = await inTurns(firstRun(job.task, job.times, last, now));
      // Stopped meanwhile?
      if (missed === undefined || !this.#timed.includes(job)) continue;
      const then = job.makeGood ? 'it runs now' : 'it waits for its next time';
      this.#log.info(`${job.name}: the run of ${missed.toISOString()} was missed ${why}; ${then}`);
      if (job.makeGood) this.#run(job);
      else this.#ranAt(job, now);
    }
  }

  #run(job: ScheduledJob): void {
    try {
      job.run();
    } catch (error) {
      this.#log.error(`${job.name} failed: ${reasonOf(error)}`);
    }
    this.#ranAt(job, Date.now());
  }

  #ranAt({ name }: ScheduledJob, time: number): void {
    this.lastRuns.set(name, new Date(time).toISOString());
    this.#store(name);
  }

  #store(name: string): void {
    try {
      this.ran();
    } catch (error) {
      this.#log.error(`${name}: its time was not stored: ${reasonOf(error)}`);
    }
  }
}

/** The first second after `from` and up to `to` at which a job is due [s since 1970]. */
function firstDue({ task, seconds, minutes }: Timed, from: number, to: number): Date | undefined {
  for (let second = from + 1; second <= to; second++) {
    if (!seconds.has(second % 60) || !minutes.has(Math.floor(second / 60) % 60)) continue;
    const date = new Date(1000 * second);
    if (task.match(date)) return date;
  }
  return undefined;
}

/** Minutes of UTC in which these times may be due: time zones differ from it by whole quarters of an hour. */
function possibleMinutes(times: string): ReadonlySet<number> {
  return new Set(cron.parse(times).minute.flatMap((each) => [0, 15, 30, 45].map((shift) => (each + shift) % 60)));
}

/** The first time after `last` and up to `now` at which a task was due. */
function* firstRun(task: ScheduledTask, times: string, last: number, now: number): Slices<Date | undefined> {
  const { second: seconds } = cron.parse(times);
  const possible = possibleMinutes(times);
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
  // The default is known to be valid, and a check against the database takes 10 ms.
  if (timeZone === 'UTC') return;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    const expected = "expected a name of the IANA database such as 'UTC' or 'Europe/Berlin'";
    throw new TopsparkError('schedule', 'usage', `schedule.time_zone is '${timeZone}', ${expected}`);
  }
}
