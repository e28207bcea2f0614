import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { printable } from 'topspark/base/quoted.js';
import { inWords } from './log-line.js';

/** Time to end after SIGINT, before SIGKILL [ms]. */
const grace = 5000;
/** Lines of output that are kept to explain an early end. */
const keptLines = 20;

/** The processes that the demo starts. */
export type ChildName = 'agent' | 'camera' | 'battery' | 'robot' | 'page';

/** How a process ended. */
export interface Ending {
  readonly name: ChildName;
  /** Exit code; `null` where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * A process of the demo. It has a process group of its own, so that Ctrl-C reaches only the demo, which then ends all
 * in order; and a channel, by whose closing it notices that the demo is gone, however that ended.
 */
export class Child {
  /** Settles when the process has ended; it never rejects. */
  readonly ended: Promise<Ending>;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];

  /**
   * @param script - path of the module that it runs
   * @param onLine - called with every line of its standard output and error
   */
  constructor(
    readonly name: ChildName,
    script: string,
    args: readonly string[],
    onLine: (line: string) => void = () => undefined,
  ) {
    // Warnings are read out of its log.
    const env = { ...process.env, TOPSPARK_LOG: 'json' };
    this.#process = fork(script, args, { silent: true, detached: true, execArgv: [], env });
    const ended = new Promise<Ending>((resolve) => {
      // `close` comes when the output is read to its end as well, `error` where the process never started.
      this.#process.once('close', (code, signal) => {
        resolve({ name, code, signal });
      });
      this.#process.on('error', (error) => {
        this.#lines.push(printable(error.message));
        if (this.#process.pid === undefined) resolve({ name, code: 1, signal: null });
      });
    });
    this.ended = ended;
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(inWords(line));
        if (this.#lines.length > keptLines) this.#lines.shift();
        onLine(line);
      });
    }
  }

  /** The last lines that it printed, in words that may reach a terminal. */
  get lastLines(): readonly string[] {
    return this.#lines;
  }

  /** Ends it: SIGINT, and SIGKILL where that does not help within five seconds. */
  async stop(): Promise<Ending> {
    this.#process.kill('SIGINT');
    const force = setTimeout(() => this.#process.kill('SIGKILL'), grace);
    const ending = await this.ended;
    clearTimeout(force);
    return ending;
  }
}
