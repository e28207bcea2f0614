import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

/** The built command, run as a user does. */
export class TopsparkProcess {
  out = '';
  err = '';
  /** Exit code; null if a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #heard = new Set<() => void>();

  /** @param program - another copy of the compiled command */
  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}, program = main) {
    const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, ...env } });
    this.#child = child;
    child.stdout.on('data', (text: Buffer) => (this.out += text.toString()));
    child.stderr.on('data', (text: Buffer) => {
      this.err += text.toString();
      for (const hear of this.#heard) hear();
    });
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        // A test that expects an exit code should show why there is none.
        if (signal !== null) this.err += `ended by ${signal}\n`;
        resolve(code);
      });
    });
  }

  /** Waits until standard error matches this as often as given. Fails if the process ends first. */
  async says(pattern: RegExp, times = 1): Promise<void> {
    const said = (): boolean => [...this.err.matchAll(pattern)].length >= times;
    if (said()) return;
    let hear: (() => void) | undefined;
    const heard = new Promise<boolean>((resolve) => {
      hear = () => {
        if (said()) resolve(true);
      };
      this.#heard.add(hear);
    });
    const found = await Promise.race([heard, this.ended.then(() => said())]);
    if (hear) this.#heard.delete(hear);
    if (!found) throw new Error(`ended without saying ${String(pattern)}:\n${this.err}`);
  }

  /** Sends a signal without waiting. */
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Sends a signal and waits until the process has ended. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.kill(signal);
    return this.ended;
  }
}
