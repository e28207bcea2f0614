import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/demo/demo-main.js', import.meta.url));

/** How the demo ended. */
export interface DemoEnding {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The compiled demo without a terminal, in its own process with its own folder for temporary files. */
export class DemoProcess {
  readonly ended: Promise<DemoEnding>;
  readonly #child: ChildProcess;
  readonly #scratch = mkdtempSync(join(tmpdir(), 'topspark-demo-test-'));
  readonly #listeners = new Set<() => void>();
  #stdout = '';
  #stderr = '';

  constructor(
    readonly domain: number,
    args: readonly string[],
  ) {
    const env = { ...process.env, ROS_DOMAIN_ID: String(domain), TMPDIR: this.#scratch };
    this.#child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.on('data', (text: Buffer) => {
      this.#stdout += text.toString();
    });
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.#stderr += text.toString();
      for (const listener of [...this.#listeners]) listener();
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        resolve({ code, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Standard error so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Waits until standard error holds this text. */
  async said(text: string, timeout = 60): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (this.#stderr.includes(text)) done();
      };
      const timer = setTimeout(() => {
        done(new Error(`'${text}' was not said within ${timeout} s, only:\n${this.#stderr}`));
      }, timeout * 1000);
      const done = (error?: Error): void => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        if (error) reject(error);
        else resolve();
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** Ids of the demo's running processes, by program: `main`, `agent`, `camera`, `battery`. */
  processes(): Record<string, number> {
    const found = readdirSync('/proc').flatMap((pid): [string, number][] => {
      const name = /dist\/demo\/(?:demo-)?(\w+)\.js\0/.exec(read(`/proc/${pid}/cmdline`))?.[1];
      const ours = read(`/proc/${pid}/environ`).split('\0').includes(`TMPDIR=${this.#scratch}`);
      return name !== undefined && ours ? [[name, Number(pid)]] : [];
    });
    return Object.fromEntries(found);
  }

  /** Waits until none of its processes runs. */
  async gone(timeout = 15): Promise<void> {
    const limit = performance.now() + timeout * 1000;
    while (Object.keys(this.processes()).length > 0) {
      if (performance.now() > limit) throw new Error(`left after ${timeout} s: ${JSON.stringify(this.processes())}`);
      await pause(50);
    }
  }

  /** Names of the temporary files that it left. */
  leftFiles(): string[] {
    return readdirSync(this.#scratch);
  }

  /** Kills its remaining processes and removes its folder. */
  clear(): void {
    for (const pid of Object.values(this.processes())) process.kill(pid, 'SIGKILL');
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}

/** Content of a file of /proc; empty if the process has ended or belongs to another user. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
