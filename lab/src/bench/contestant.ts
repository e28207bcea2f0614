import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { TopsparkError } from 'topspark/base/errors.js';

/** Answer of a contestant to a request for samples; names as in its JSON. */
export interface ContestantAnswer {
  /** CPU time of each presented sample [ms]. */
  readonly cpu_ms: readonly number[];
  /** Output spikes and input spikes per sample; `null`: not counted. */
  readonly output_spikes: number;
  readonly input_spikes: number | null;
  readonly memory_mb: number;
  /** Part of the CPU time of a sample in which its input spikes are drawn [ms]. */
  readonly drawing_ms?: number;
}

/** Line that a contestant prints when it is ready. */
export interface ContestantReady {
  readonly start_seconds: number;
  readonly memory_mb: number;
}

/** A process that presents samples on request and answers with the CPU time of each. It sleeps in between. */
export class Contestant {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /**
   * @param command - program; `args` are its arguments
   */
  constructor(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.name = name;
    const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Waits until it is ready. */
  async ready(): Promise<ContestantReady> {
    return (await this.#answer()) as ContestantReady;
  }

  /** Presents this many samples, or more if the contestant cannot do fewer. */
  async present(samples: number): Promise<ContestantAnswer> {
    this.#child.stdin?.write(`${samples}\n`);
    return (await this.#answer()) as ContestantAnswer;
  }

  /** Closes its input, so that it ends. */
  end(): void {
    this.#child.stdin?.end();
  }

  async #answer(): Promise<unknown> {
    for (;;) {
      const line = await this.#lines.next();
      if (line.done) {
        throw new TopsparkError(
          'no_peer',
          'environment',
          `${this.name} ended without an answer; its own message is above`,
        );
      }
      // Libraries may print anything; answers are JSON objects.
      if (line.value.startsWith('{')) return JSON.parse(line.value);
    }
  }
}
