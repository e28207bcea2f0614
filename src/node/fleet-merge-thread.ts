import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { reasonOf, TopsparkError } from '../base/errors.js';
import { programRoot } from '../base/package.js';
import type { Snapshot } from '../base/snapshot.js';
import type { Heard } from '../classifier/heard.js';
import type { MergeResult } from '../fleet/trial.js';
import type { MergeAnswer, MergeQuestion, MergeRequest } from './fleet-merge-messages.js';

/** Compiled code: a thread cannot run TypeScript, from which the tests run. */
const runner = new URL('dist/node/fleet-merge-runner.js', pathToFileURL(programRoot));

/** The thread of one merge. It ends with the merge, so that its memory is free between merges. */
export class FleetMergeThread {
  readonly #worker = new Worker(runner);
  #ended: TopsparkError | undefined;
  #waiting: { readonly resolve: (answer: MergeAnswer) => void; readonly reject: (error: Error) => void } | undefined;

  constructor() {
    this.#worker.unref();
    this.#worker.on('message', (answer: MergeAnswer) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      waiting?.resolve(answer);
    });
    this.#worker.on('error', (error) => {
      this.#fail(reasonOf(error));
    });
    this.#worker.on('exit', () => {
      this.#fail('it was ended');
    });
  }

  /** Merges and tries. @throws {@link TopsparkError} as the merge does, or `fleet_merge` */
  async merge(request: MergeRequest): Promise<MergeResult> {
    const answer = await this.#ask(request);
    if (answer.kind === 'merged') return answer.result;
    throw failure(answer);
  }

  /** Lets the merged network hear what its robot has heard. @returns the network afterwards */
  async follow(heard: readonly Heard[]): Promise<Snapshot> {
    const answer = await this.#ask({ kind: 'follow', heard });
    if (answer.kind === 'followed') return answer.snapshot;
    throw failure(answer);
  }

  /** Ends the thread at once. */
  end(): void {
    void this.#worker.terminate();
  }

  #ask(question: MergeQuestion): Promise<MergeAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended);
        return;
      }
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(question);
    });
  }

  #fail(why: string): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#ended ??= new TopsparkError('fleet_merge', 'environment', `the thread of the merge has ended: ${why}`);
    waiting?.reject(this.#ended);
  }
}

function failure(answer: MergeAnswer): TopsparkError {
  if (answer.kind === 'failed') return new TopsparkError(answer.code, answer.fault, answer.message);
  return new TopsparkError('fleet_merge', 'environment', `the thread of the merge answered ${answer.kind}`);
}
