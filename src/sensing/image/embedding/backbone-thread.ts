import { pathToFileURL } from 'node:url';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { reasonOf } from '../../../base/errors.js';
import { programRoot } from '../../../base/package.js';
import {
  unanswered,
  type BackboneAnswer,
  type BackboneQuestion,
  type BackboneRequest,
  type BackboneSeed,
} from './backbone-messages.js';

/** Longest wait for an answer [ms]; a model that takes longer is of no use to a robot. */
const patience = 20_000;

/** Tests run from source, but threads run what was compiled. */
const runner = new URL('dist/sensing/image/embedding/backbone-runner.js', pathToFileURL(programRoot));

/** A question to the thread and its answer. */
export class Question {
  readonly #thread: BackboneThread;
  readonly #flag = new Int32Array(new SharedArrayBuffer(4));
  #answer: BackboneAnswer | undefined;
  /** Settles once {@link Question.answer} does not wait any more. */
  readonly answered: Promise<void>;

  /**
   * Sends a request.
   *
   * @param transfer - memory that is moved to the thread
   * @throws Error where the thread has ended
   */
  constructor(thread: BackboneThread, request: BackboneQuestion, transfer: readonly ArrayBuffer[] = []) {
    this.#thread = thread;
    this.answered = new Promise((resolve) => {
      const heard = (answer: BackboneAnswer): void => {
        this.#answer = answer;
        resolve();
      };
      thread.ask({ ...request, state: this.#flag.buffer }, heard, transfer);
    });
  }

  /**
   * The answer; waits for it if necessary.
   *
   * @throws Error where none comes
   */
  get answer(): BackboneAnswer {
    if (this.#answer === undefined) {
      Atomics.wait(this.#flag, 0, unanswered, patience);
      this.#thread.drain();
    }
    if (this.#answer === undefined) throw new Error('its thread gave no answer for 20 s');
    return this.#answer;
  }
}

/**
 * The thread in which models run, so that a caller may do other work in the meantime. All models share it: it takes at
 * most one core, and a robot has few.
 */
export class BackboneThread {
  readonly #port: MessagePort;
  /** Pending requests by number. */
  readonly #waiting = new Map<number, (answer: BackboneAnswer) => void>();
  #number = 0;
  #models = 0;
  #ended: string | undefined;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const seed: BackboneSeed = { port: port2 };
    const worker = new Worker(runner, { workerData: seed, transferList: [port2] });
    worker.unref();
    worker.on('error', (error) => {
      this.#end(reasonOf(error));
    });
    worker.on('exit', () => {
      this.#end('it is over');
    });
    port1.on('message', (answer: BackboneAnswer) => {
      this.#hear(answer);
    });
    port1.unref();
  }

  /** Whether the thread has ended or failed. */
  get over(): boolean {
    return this.#ended !== undefined;
  }

  /** Returns a number for a new model. */
  next(): number {
    return this.#models++;
  }

  /**
   * Sends a request; requests are processed in order.
   *
   * @param heard - called with the answer, once
   * @throws Error where the thread has ended
   */
  ask(
    request: BackboneQuestion & Pick<BackboneRequest, 'state'>,
    heard: (answer: BackboneAnswer) => void,
    transfer: readonly ArrayBuffer[],
  ): void {
    if (this.#ended !== undefined) throw new Error(`its thread has ended: ${this.#ended}`);
    const number = ++this.#number;
    this.#waiting.set(number, heard);
    this.#port.postMessage({ ...request, number } satisfies BackboneRequest, transfer);
  }

  /** Passes on answers that have come, without waiting for the event loop. */
  drain(): void {
    for (let answer = this.#receive(); answer !== undefined; answer = this.#receive()) this.#hear(answer);
  }

  /** Ends all pending requests with an error. */
  #end(why: string): void {
    this.#ended ??= why;
    for (const number of [...this.#waiting.keys()]) {
      this.#hear({ kind: 'failed', number, message: `its thread has ended: ${this.#ended}` });
    }
  }

  #hear(answer: BackboneAnswer): void {
    const heard = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    heard?.(answer);
  }

  #receive(): BackboneAnswer | undefined {
    const received = receiveMessageOnPort(this.#port) as { readonly message: BackboneAnswer } | undefined;
    return received?.message;
  }
}
