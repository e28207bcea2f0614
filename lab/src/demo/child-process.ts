import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { printable } from 'topspark/base/quoted.js';
import { inWords } from './log-line.js';

/** Time between SIGINT and SIGKILL [ms]. */
const grace = 5000;
/** Lines of output kept to explain an early end. */
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
 * A process of the demo. It has its own process group, so that Ctrl-C reaches only the demo, which then ends all
 * processes in order. When its IPC channel closes, the process knows that the demo is gone, however it ended.
 */
export class Child {
  /** Settles when the process has ended; never rejects. */
  readonly ended: Promise<Ending>;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];

  /**
   * @param script - path of the module to run
   * @param onLine - called with every line of its standard output and standard error
   * @param way - flags of Node.js and further variables of the environment
   */
  constructor(
    readonly name: ChildName,
    script: string,
    args: readonly string[],
    onLine: (line: string) => void = () => undefined,
    way: { readonly flags: readonly string[]; readonly variables: NodeJS.ProcessEnv } = { flags: [], variables: {} },
  ) {
    // Warnings are read from its JSON log.
    const env = { ...way.variables, ...process.env, TOPSPARK_LOG: 'json' };
    this.#process = fork(script, args, { silent: true, detached: true, execArgv: [...way.flags], env });
    const ended = new Promise<Ending>((resolve) => {
      // `close` comes after all output was read; `error` may come where the process never started.
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

  /** The last lines that it printed, safe for a terminal. */
  get lastLines(): readonly string[] {
    return this.#lines;
  }

  /** Ends it by SIGINT, and by SIGKILL if it still runs after five seconds. */
  async stop(): Promise<Ending> {
    this.#process.kill('SIGINT');
    const force = setTimeout(() => this.#process.kill('SIGKILL'), grace);
    const ending = await this.ended;
    clearTimeout(force);
    return ending;
  }
}
