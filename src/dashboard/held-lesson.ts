import { explain } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { holdLimit } from './protocol.js';
import type { Outcome, TaughtSample, Watched } from './watched-node.js';

/** Duration of one call of the node's service [s]: if this process dies, teaching ends soon. */
const callLength = 5;

/** Most samples of a lesson that can be undone. */
const mostTaught = 10_000;

/** A held button: calls of `~/teach`, one after the other, until it is released. */
export class HeldLesson {
  /** Taught samples; more may be reported after the end. */
  readonly taught: TaughtSample[] = [];
  /** Outcome, once it has ended. */
  readonly ended: Promise<Outcome>;
  #over = false;
  #heard: number;

  /**
   * Begins to teach.
   *
   * @param owner - page that holds the button
   * @param now - monotonic time [s]
   */
  constructor(
    readonly watched: Watched,
    readonly owner: object,
    readonly name: string,
    now: number,
  ) {
    this.#heard = now;
    this.ended = this.#run();
  }

  /** Whether the button is held, as far as is known. */
  get held(): boolean {
    return !this.#over;
  }

  /** Notes that the button is still held. */
  hold(now: number): void {
    this.#heard = now;
  }

  /** Ends the lesson, since the button was released. */
  release(): void {
    if (this.#over) return;
    this.#over = true;
    this.watched.endTeaching();
  }

  /** Releases the button when its page has been silent for a while, since a page without connection must not teach. */
  tick(now: number): void {
    if (now - this.#heard > holdLimit / 1000) this.release();
  }

  /** Adds samples that were taught. */
  add(samples: readonly TaughtSample[]): void {
    for (const each of samples) if (this.taught.length < mostTaught) this.taught.push(each);
  }

  async #run(): Promise<Outcome> {
    let samples = 0;
    try {
      for (;;) {
        const answer = await this.watched.teach(this.name, callLength);
        samples += answer.samples;
        if (!answer.ok && samples === 0) return answer;
        if (this.#over || !answer.ok) break;
      }
      const what = `${samples} ${samples === 1 ? 'sample was' : 'samples were'} taught`;
      return { ok: true, message: `${what} to be ${quoted(this.name.trim())}` };
    } catch (error) {
      return { ok: false, message: explain(error) };
    } finally {
      this.#over = true;
    }
  }
}
