import type { Slices } from '../base/slices.js';

/** How {@link TaskQueue} treats what comes in. */
export interface TaskQueueOptions<In extends object, Out> {
  /** Begins to work; it must not throw. */
  readonly begin: (input: In) => Slices<Out>;
  /** Waits in line until it is its turn. Of all others only the newest waits. */
  readonly patient: (input: In) => boolean;
  /** What to tell of one that a newer one has replaced. */
  readonly replaced: (input: In) => Out;
  /** Hears what was made of each input as soon as it is done: at once where the work has no yield. */
  readonly done: (out: Out) => void;
}

/**
 * One input at a time, in slices between which the event loop runs, and in the order in which they came: a recording, of which
 * each input is worked on before the next comes, ends in the same state.
 *
 * The network could also live in a worker thread. Slices were chosen by measuring: giving the thread away costs 3 µs of
 * CPU time per slice of 2 ms, and a sample of one slice pays nothing; a round trip to a worker costs 19 µs for every
 * sample, more than a lean decision, makes every look at the state wait, and takes a second core where robots have few.
 * With either, another process is answered within milliseconds (`topspark bench overload`).
 */
export class TaskQueue<In extends object, Out> {
  readonly #options: TaskQueueOptions<In, Out>;
  readonly #line: In[] = [];
  #work: Slices<Out> | undefined;
  #timer: NodeJS.Immediate | undefined;

  constructor(options: TaskQueueOptions<In, Out>) {
    this.#options = options;
  }

  /** Works on an input, now or when it is its turn. */
  take(input: In): void {
    const before = this.#options.patient(input) ? undefined : this.#removeImpatient();
    this.#line.push(input);
    if (before !== undefined) this.#options.done(this.#options.replaced(before));
    if (this.#work === undefined) this.#go();
  }

  /** Finishes the work in hand at once, and what waits before the newest; that keeps waiting, and whatever came after it. */
  finish(): void {
    this.#workOff();
    while (this.#line.length > 0 && this.#options.patient(this.#line[0])) {
      this.#pick();
      this.#workOff();
    }
  }

  /** Finishes all work at once, but drops the newest where it still waits. */
  end(): void {
    this.#workOff();
    clearImmediate(this.#timer);
    this.#timer = undefined;
    const last = this.#removeImpatient();
    if (last !== undefined) this.#options.done(this.#options.replaced(last));
    this.finish();
  }

  #removeImpatient(): In | undefined {
    const at = this.#line.findIndex((input) => !this.#options.patient(input));
    return at < 0 ? undefined : this.#line.splice(at, 1)[0];
  }

  // Goes on until a slice leaves work undone.
  #go(): void {
    for (let work = this.#pick(); work !== undefined; work = this.#pick()) {
      if (this.#slice(work)) continue;
      this.#timer ??= setImmediate(() => {
        this.#timer = undefined;
        this.#go();
      });
      return;
    }
  }

  #pick(): Slices<Out> | undefined {
    if (this.#work !== undefined) return this.#work;
    const input = this.#line.shift();
    return (this.#work = input && this.#options.begin(input));
  }

  #workOff(): void {
    while (this.#work !== undefined) this.#slice(this.#work);
  }

  // Whether the work is done.
  #slice(work: Slices<Out>): boolean {
    const { done, value } = work.next();
    if (done !== true) return false;
    this.#work = undefined;
    this.#options.done(value);
    return true;
  }
}
