import { badState, storedArray, type Snapshot } from '../base/snapshot.js';
import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import type { Answer } from '../classifier/answer.js';
import { noQuestions, Questions, type QuestionBudget, type QuestionState } from './questions.js';
import { secondsOfDay } from '../timestep/controller/mission.js';
import type { ClassCandidate, MotionEvent, NoticeEvent, QuestionEvent } from './events.js';

/** When people may be asked, and how often. */
export interface QuestionSettings extends QuestionBudget {
  /** No questions while the robot drives faster than this [m/s]; 0: no limit. */
  readonly maxSpeed: number;
  /** No questions between these times of day, such as `22:00-07:00`; empty: questions at any time. */
  readonly quietHours: string;
  /** Time zone of these times, an IANA name. */
  readonly timeZone: string;
}

/** No questions at all. */
export const noAsking: QuestionSettings = { perMinute: 2, perHour: 0, maxSpeed: 0, quietHours: '', timeZone: 'UTC' };

/** Age beyond which odometry says nothing about the current speed [ns]. */
const fresh = 1_000_000_000n;
/** How long the speed may stay unknown before a notice reports it [ns]. */
const patience = 10_000_000_000n;
const range = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;

/**
 * Checks the text of quiet hours; empty: there are none.
 *
 * @throws TopsparkError `quiet_hours`
 */
export function checkQuietHours(text: string): void {
  if (text === '' || range.test(text)) return;
  const expected = 'expected two times of day as 22:00-07:00, or nothing';
  throw new TopsparkError('quiet_hours', 'usage', `question.quiet_hours is ${quoted(text)}, ${expected}`);
}

/** Whether a time [s since 1970] lies in quiet hours. */
function isQuiet(text: string, zone: string, time: number): boolean {
  const found = range.exec(text);
  // Beyond this JavaScript has no dates.
  if (found === null || !(Math.abs(time) < 8e12)) return false;
  const [from, to] = [1, 3].map((at) => 3600 * Number(found[at]) + 60 * Number(found[at + 1]));
  const now = secondsOfDay(time, zone);
  return from <= to ? now >= from && now < to : now >= from || now < to;
}

/** A sample that was decided, and the content of a question about it. */
export interface DecidedSample extends Pick<QuestionEvent, 'stamp' | 'frameId'> {
  readonly candidates: () => readonly ClassCandidate[];
  readonly timeLeft: () => number;
}

const nothing: readonly never[] = [];

/**
 * Asks about samples within a budget, and not while the robot drives fast or in quiet hours. Time is read from stamps.
 */
export class Asking {
  #settings: QuestionSettings;
  readonly #questions: Questions;
  #moved: MotionEvent = { stamp: 0n, speed: Infinity };
  #blindSince: bigint | undefined;
  #blindReported = false;
  /** Whether the current minute is quiet; cached, since computing it takes longer than a decision. */
  #minute = { number: NaN, quiet: false };
  asked = 0;

  constructor(settings: QuestionSettings) {
    this.#settings = settings;
    this.#questions = new Questions(settings);
  }

  /** Sets when people may be asked, and how often. */
  set settings(settings: QuestionSettings) {
    this.#settings = settings;
    this.#questions.budget = settings;
    this.#minute.number = NaN;
  }

  /**
   * Notes the robot's speed.
   *
   * @throws TopsparkError `speed_invalid`
   */
  moved(motion: MotionEvent): void {
    if (!Number.isFinite(motion.speed)) {
      throw new TopsparkError(
        'speed_invalid',
        'data',
        `odometry has a speed of ${motion.speed} m/s, expected a number`,
      );
    }
    this.#moved = motion;
  }

  /**
   * A sample was decided.
   *
   * @param named - whether its class is already known
   * @returns a question or a notice; usually neither
   */
  decided(sample: DecidedSample, answer: Answer, named: boolean): readonly (QuestionEvent | NoticeEvent)[] {
    if (this.#settings.perHour === 0) return nothing;
    const { stamp, frameId, candidates, timeLeft } = sample;
    const time = Number(stamp) / 1e9;
    const blind = this.#settings.maxSpeed > 0 && this.#age(stamp) > fresh;
    const notice = blind ? this.#blind(stamp) : undefined;
    if (!blind) this.#blindSince = undefined;
    const drives = blind || (this.#settings.maxSpeed > 0 && this.#moved.speed > this.#settings.maxSpeed);
    const quiet = named || !(answer.learned || answer.familiar) || drives || this.#sleeps(time);
    const why = this.#questions.see({ time, lead: answer.lead, group: answer.reported.group, quiet });
    if (why === undefined) return notice === undefined ? nothing : [notice];
    this.asked++;
    const kind = why === 'random_check' ? 'random' : 'answer';
    const [likely, left] = [candidates(), timeLeft()];
    return [{ kind: 'question', stamp, frameId, candidates: likely, why, answer: kind, timeLeft: left }];
  }

  /** The sample repeated the last answer: no question is asked, and a random check due now is dropped. */
  repeated(stamp: bigint): void {
    if (this.#settings.perHour === 0) return;
    this.#questions.see({ time: Number(stamp) / 1e9, lead: Infinity, group: false, quiet: true });
  }

  /** State of the questions. */
  get state(): QuestionState {
    return this.#questions.state;
  }

  set state(state: QuestionState) {
    this.#questions.state = state;
  }

  #age(stamp: bigint): bigint {
    const age = stamp - this.#moved.stamp;
    return age < 0n ? -age : age;
  }

  // Reported once: otherwise nobody would know why no questions come.
  #blind(stamp: bigint): NoticeEvent | undefined {
    this.#blindSince ??= stamp;
    if (this.#blindReported || stamp - this.#blindSince < patience) return undefined;
    this.#blindReported = true;
    const found = `question.max_speed is ${this.#settings.maxSpeed} m/s, but for 10 s no speed was known within a second of a sample`;
    return {
      kind: 'notice',
      topic: 'odom',
      message: `${found}: no questions are asked; is odometry published on odom, with stamps of the same clock?`,
    };
  }

  #sleeps(time: number): boolean {
    const { quietHours, timeZone } = this.#settings;
    if (quietHours === '') return false;
    const number = Math.floor(time / 60);
    if (number !== this.#minute.number) this.#minute = { number, quiet: isQuiet(quietHours, timeZone, time) };
    return this.#minute.quiet;
  }
}

/** Puts the state of the questions into a snapshot: `questions.numbers`, `questions.asked`. */
export function withQuestions(snapshot: Snapshot, { threshold, saved, slot, last, asked }: QuestionState): Snapshot {
  const numbers = new Float64Array([threshold, saved, slot, Number.isNaN(last) ? -Infinity : last]);
  const tensors = {
    'questions.numbers': { shape: [numbers.length], data: numbers },
    'questions.asked': { shape: [asked.length], data: new Float64Array(asked) },
  };
  return { ...snapshot, tensors: { ...snapshot.tensors, ...tensors } };
}

/**
 * Reads the state of the questions from a snapshot; older files have none.
 *
 * @throws TopsparkError `bad_state` naming what was found and expected
 */
export function questionsOf({ tensors }: Snapshot): QuestionState {
  if (!('questions.numbers' in tensors)) return noQuestions;
  const found = storedArray(tensors, 'questions.numbers', new Float64Array(), 4);
  const [threshold, saved, slot, last] = found;
  if (!(threshold > 0 && threshold < 1e9)) badState('questions.numbers[0]', String(threshold), '0..1e9');
  if (!(saved >= 0 && saved <= 20)) badState('questions.numbers[1]', String(saved), '0..20');
  if (!Number.isSafeInteger(slot)) badState('questions.numbers[2]', String(slot), 'an integer');
  const length = 'questions.asked' in tensors ? tensors['questions.asked'].data.length : 0;
  const asked = storedArray(tensors, 'questions.asked', new Float64Array(), length, -1e11, 1e11);
  return { threshold, saved, slot, last: Number.isFinite(last) ? last : NaN, asked: [...asked] };
}
