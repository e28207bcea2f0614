import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setPriority } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One line of the node's log. */
export interface LogLine {
  /** pino's number: 30 info, 40 warn, 50 error, 60 fatal. */
  readonly level: number;
  readonly msg: string;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the first signal to the end [s]. */
  readonly seconds: number;
}

const wrapper = fileURLToPath(new URL('../../../bin/topspark_node', import.meta.url));

// Before another `node`, and not before a Python of ROS that comes earlier.
function withThisNode(path: string): string {
  const folders = path.split(delimiter);
  const other = folders.findIndex((folder) => existsSync(join(folder, 'node')));
  return folders.toSpliced(Math.max(0, other), 0, dirname(process.execPath)).join(delimiter);
}

/** The compiled node as a process of its own, started as a robot starts it. */
export class NodeProcess {
  readonly lines: LogLine[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<Omit<Ending, 'seconds'>>;
  readonly #listeners = new Set<() => void>();
  #other = '';

  /**
   * @param rosArguments - the arguments after `--ros-args`
   * @param program - another compiled program to run instead
   */
  constructor(environment: NodeJS.ProcessEnv, rosArguments: readonly string[] = [], program?: string) {
    // The wrapper runs the first `node` of the path: the one that runs the tests.
    const env = { TOPSPARK_LOG: 'json', ...environment, PATH: withThisNode(environment['PATH'] ?? '') };
    const [command, ...before] = program === undefined ? [wrapper] : [process.execPath, program];
    this.#child = spawn(command, [...before, '--ros-args', ...rosArguments], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        resolve({ code, signal });
        this.#changed();
      });
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream)
        createInterface({ input: stream }).on('line', (line) => {
          this.#hear(line);
        });
    }
  }

  /** Output that is no log line: none, unless something went wrong. */
  get other(): string {
    return this.#other;
  }

  /** The first log line that contains `text`, now or later. */
  async waitForLog(text: string, timeout = 60): Promise<LogLine> {
    const find = (): LogLine | undefined => this.lines.find(({ msg }) => msg.includes(text));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        done(new Error(`no log line with '${text}' within ${timeout} s, only:\n${this.#log()}`));
      }, timeout * 1000);
      const look = (): void => {
        if (find()) done();
        else if (this.#child.exitCode !== null) done(new Error(`ended (${this.#child.exitCode}):\n${this.#log()}`));
      };
      const done = (error?: Error): void => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        if (error) reject(error);
        else resolve();
      };
      this.#listeners.add(look);
      look();
    });
    const line = find();
    if (line === undefined) throw new Error('unreachable');
    return line;
  }

  /** Gives the process priority over others, where the system allows it; threads that it starts inherit this. */
  prefer(): void {
    try {
      if (this.#child.pid !== undefined) setPriority(this.#child.pid, -10);
    } catch {
      // Without that right the test depends on how busy the machine is.
    }
  }

  /** Sends a signal that does not end it. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /**
   * Sends a signal and waits for the end. A process that hangs is killed after 10 s.
   *
   * @param again - sent repeatedly while the node shuts down
   */
  async end(signal?: NodeJS.Signals, again?: NodeJS.Signals): Promise<Ending> {
    const start = performance.now();
    if (signal) this.#child.kill(signal);
    if (again) {
      await this.waitForLog('shutting down');
      const repeat = setInterval(() => this.#child.kill(again), 2);
      void this.#ended.then(() => {
        clearInterval(repeat);
      });
    }
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    const ending = await this.#ended;
    clearTimeout(kill);
    return { ...ending, seconds: (performance.now() - start) / 1000 };
  }

  #hear(line: string): void {
    if (line.startsWith('{')) this.lines.push(JSON.parse(line) as LogLine);
    else this.#other += `${line}\n`;
    this.#changed();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #log(): string {
    return [...this.lines.map(({ level, msg }) => `${level} ${msg}`), this.#other].join('\n');
  }
}
