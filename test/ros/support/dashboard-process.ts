import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

/** `topspark dashboard` as a process. */
export class DashboardProcess {
  readonly #child: ChildProcess;
  #said = '';

  private constructor(environment: NodeJS.ProcessEnv, args: readonly string[]) {
    this.#child = spawn(process.execPath, [main, 'dashboard', '--port', '0', ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    }
  }

  /** @returns one that serves; rejects with its output when it ends */
  static async start(environment: NodeJS.ProcessEnv, ...args: string[]): Promise<DashboardProcess> {
    const started = new DashboardProcess(environment, args);
    await new Promise<void>((resolve, reject) => {
      const ended = (): void => {
        reject(new Error(`the dashboard ended: ${started.#said}`));
      };
      started.#child.once('exit', ended);
      started.#child.stdout?.on('data', () => {
        if (!/ at https?:/.test(started.#said)) return;
        started.#child.off('exit', ended);
        resolve();
      });
    });
    return started;
  }

  /** Its output so far. */
  get said(): string {
    return this.#said;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Address of the page, with its token where there is one. */
  get url(): string {
    return /https?:\/\/\S+/.exec(this.#said)?.[0] ?? '';
  }

  /** Shuts it down. Returns its exit code. */
  async end(): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    return (await ended)[0] as number | null;
  }
}
