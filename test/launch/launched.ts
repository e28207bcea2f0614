import { type ChildProcess, spawn } from 'node:child_process';

/** A running `ros2 launch`, in a process group of its own as in a shell with job control. */
export class Launched {
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  #output = '';

  /** @param args - package and launch file, or the path of one, then launch arguments */
  constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn('ros2', ['launch', ...args], { env, detached: true });
    this.#exit = new Promise((resolve) => {
      this.#child.on('exit', resolve);
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (data: Buffer) => {
        this.#output += data.toString();
      });
    }
  }

  get output(): string {
    return this.#output;
  }

  /** Process ids of the launched processes, in the order of their start. */
  get pids(): number[] {
    return [...this.#output.matchAll(/process started with pid \[(\d+)\]/g)].map(([, pid]) => Number(pid));
  }

  /** Those that still run. */
  get alive(): number[] {
    return this.pids.filter((pid) => isAlive(pid));
  }

  /** Ctrl-C: the terminal sends it to launch and to everything that launch started. */
  interruptAll(): void {
    process.kill(-this.#pid(), 'SIGINT');
  }

  /** As a supervisor does: only launch gets the signal. */
  interrupt(): void {
    process.kill(this.#pid(), 'SIGINT');
  }

  /** The exit code of launch, once it ended. */
  async ended(milliseconds: number): Promise<number | null> {
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => {
        reject(new Error(`launch did not end within ${milliseconds} ms:\n${this.#output}`));
      }, milliseconds).unref();
    });
    return Promise.race([this.#exit, late]);
  }

  /** Leaves nothing behind, whatever state a test ended in: all launched processes are in launch's group. */
  kill(): void {
    try {
      process.kill(-this.#pid(), 'SIGKILL');
    } catch {
      // All of it has ended.
    }
  }

  #pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('ros2 launch could not be started');
    return pid;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
