import { explain } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { holdLimit } from './protocol.js';
import type { Outcome, TaughtSample, Watched } from './watched-node.js';

/** One call of the node teaches so long [s]: what goes on, should this process die, is short. */
const callLength = 5;

/** Samples of a lesson that can be taken back. */
const mostTaught = 10_000;

/** A button that is held: calls of `~/teach`, one after the other, until it is let go. */
export class HeldLesson {
  /** Samples that were taught; more may still be told of after the end. */
  readonly taught: TaughtSample[] = [];
  /** What came of it, when it has ended. */
  readonly ended: Promise<Outcome>;
  #over = false;
  #heard: number;

  /**
   * Begins.
   *
   * @param owner - who holds the button
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

  /** The button is held still. */
  hold(now: number): void {
    this.#heard = now;
  }

  /** It was let go. */
  release(): void {
    if (this.#over) return;
    this.#over = true;
    this.watched.endTeaching();
  }

  /** Lets go where nobody said for a while that it is held: a page that lost its line must not teach on. */
  tick(now: number): void {
    if (now - this.#heard > holdLimit / 1000) this.release();
  }

  /** Some samples were taught. */
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
