import type { topspark_msgs } from 'rclnodejs';
import { toNanoseconds, type Stamp } from '../base/time.js';
import { questionView } from './node-views.js';
import type { QuestionView } from './protocol.js';

type Question = topspark_msgs.msg.Question;

/** What a sensor saw at a time: a binary frame for a page. */
export interface SeenFrame {
  readonly stamp: Stamp;
  readonly bytes: Uint8Array;
}

/** Most questions shown at once; the oldest are dropped. */
const mostOpen = 3;

/** How long a question is shown where its time limit is unknown [s]. */
const standardTime = 30;

/** Frames remembered, and the greatest distance of a frame's stamp from a question's [ns]. */
const [mostFrames, apart] = [16, 300_000_000n];

/** A larger frame is not sent with a question [byte]. */
const largestFrame = 60_000;

/** Unanswered questions of a node, each with what the sensor saw. */
export class OpenQuestions {
  readonly #open: { readonly question: Question; readonly view: QuestionView; readonly until: number }[] = [];
  readonly #frames: SeenFrame[] = [];
  #changed = false;

  /** Remembers a frame. */
  see(frame: SeenFrame): void {
    this.#frames.push(frame);
    if (this.#frames.length > mostFrames) this.#frames.shift();
  }

  /**
   * Adds a question of the node.
   *
   * @param now - monotonic time [s]
   */
  ask(question: Question, now: number): void {
    const view = questionView(question, this.#frameAt(question.header.stamp));
    if (this.#open.some((each) => each.view.id === view.id)) return;
    const { time_left: left } = question;
    this.#open.push({ question, view, until: now + (Number.isFinite(left) ? left : standardTime) });
    if (this.#open.length > mostOpen) this.#open.shift();
    this.#changed = true;
  }

  /** Removes a question that was answered or refused; `undefined`: it is not open. */
  take(id: string): Question | undefined {
    const at = this.#open.findIndex(({ view }) => view.id === id);
    if (at < 0) return undefined;
    this.#changed = true;
    return this.#open.splice(at, 1)[0].question;
  }

  /**
   * Whether the open questions changed since the last call; drops those that are too late to answer.
   *
   * @param now - monotonic time [s]
   */
  changed(now: number): boolean {
    for (const { view, until } of [...this.#open]) if (until < now) this.take(view.id);
    const changed = this.#changed;
    this.#changed = false;
    return changed;
  }

  /** Open questions, oldest first. */
  get shown(): readonly QuestionView[] {
    return this.#open.map(({ view }) => view);
  }

  #frameAt(stamp: Stamp): Uint8Array | undefined {
    const asked = toNanoseconds(stamp);
    let best: Uint8Array | undefined;
    let least = apart;
    for (const frame of this.#frames) {
      const away = toNanoseconds(frame.stamp) - asked;
      const distance = away < 0n ? -away : away;
      if (distance <= least && frame.bytes.length <= largestFrame) [best, least] = [frame.bytes, distance];
    }
    return best;
  }
}
