import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { TopsparkError } from 'topspark/base/errors.js';

/** What a contestant answers to a line that asks for samples. */
export interface ContestantAnswer {
  /** CPU time of each sample that was presented [ms]. */
  readonly cpu_ms: readonly number[];
  /** Spikes of a sample; `null`: not counted. */
  readonly output_spikes: number;
  readonly input_spikes: number | null;
  readonly memory_mb: number;
  /** Of a sample's CPU time, what drawing its spikes takes [ms]. */
  readonly drawing_ms?: number;
}

/** What a contestant writes once it could begin. */
export interface ContestantReady {
  readonly start_seconds: number;
  readonly memory_mb: number;
}

/** A process that presents samples when a line asks for them, and answers with the CPU time of each. It sleeps between. */
export class Contestant {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /**
   * @param command - program, and its arguments
   */
  constructor(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.name = name;
    const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Waits until it could begin. */
  async ready(): Promise<ContestantReady> {
    return (await this.#answer()) as ContestantReady;
  }

  /** Presents so many samples; a contestant that can do nothing smaller presents more. */
  async present(samples: number): Promise<ContestantAnswer> {
    this.#child.stdin?.write(`${samples}\n`);
    return (await this.#answer()) as ContestantAnswer;
  }

  /** Lets it end. */
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
      // Libraries print what they like; answers are JSON objects.
      if (line.value.startsWith('{')) return JSON.parse(line.value);
    }
  }
}
