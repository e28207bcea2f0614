import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { TopsparkError } from 'topspark/base/errors.js';
import { compiledLab } from '../../jobs/build-identity.js';
import type { Account } from '../order/account.js';
import type { OrderTask } from '../order/order-run.js';
import type { BagFuzzResult, BagFuzzTask } from './fuzz-bags.js';
import type { FuzzResult, FuzzTask } from './fuzz-run.js';

type ResultOf<Task> = Task extends FuzzTask ? FuzzResult : Task extends BagFuzzTask ? BagFuzzResult : Account;

/** A message takes a millisecond. One that takes this long is endless [s]. */
const patience = 10;

/** Fuzzes in a thread of its own, so that an endless message is found and named. */
export class WatchedFuzz {
  readonly #place = new Int32Array(new SharedArrayBuffer(4));
  readonly #thread: Worker;

  /** @param program - script of the thread */
  constructor(program = new URL('bench/fuzz/thread.js', compiledLab)) {
    this.#thread = new Worker(program, { workerData: this.#place });
  }

  /**
   * Runs a task; one at a time.
   *
   * @param progress - called with the number of messages done, about twice a second
   * @throws {@link TopsparkError} `fuzz_endless` naming the message that did not end; the thread was ended
   */
  async run<Task extends FuzzTask | BagFuzzTask | OrderTask>(
    task: Task,
    progress: (done: number) => void = () => undefined,
  ): Promise<ResultOf<Task>> {
    const { messages, seed } = task;
    const topic = 'topic' in task ? task.topic : 'bag' in task ? task.bag : task.sensors.join('+');
    // Below 0 until the thread has begun; that may take a while on a busy machine.
    Atomics.store(this.#place, 0, -1);
    let [seen, since] = [-1, performance.now()];
    let endless: number | undefined;
    const watch = setInterval(() => {
      const now = Atomics.load(this.#place, 0);
      if (now !== seen) {
        progress(now - Math.max(0, seen));
        [seen, since] = [now, performance.now()];
      } else if (now >= 0 && performance.now() - since > 1000 * patience) {
        endless = now;
        void this.#thread.terminate();
      }
    }, 500);
    const ended = new AbortController();
    try {
      this.#thread.postMessage(task);
      const [answer] = await Promise.race([
        once(this.#thread, 'message', { signal: ended.signal }),
        once(this.#thread, 'exit', { signal: ended.signal }).then(() => [undefined]),
      ]);
      if (answer === undefined) {
        const found = `${topic}, seed ${seed}: message ${endless ?? 'unknown'} did not end within ${patience} s`;
        throw new TopsparkError('fuzz_endless', 'data', `${found}, expected a decision or a refusal`);
      }
      progress(messages - Math.max(0, seen));
      return answer as ResultOf<Task>;
    } finally {
      clearInterval(watch);
      ended.abort();
    }
  }

  /** Ends the thread. */
  async end(): Promise<void> {
    await this.#thread.terminate();
  }
}
