// @ts-check
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * @typedef {{ cpu_ms: number[], output_spikes: number, input_spikes: number | null, memory_mb: number, drawing_ms?: number }} Answer
 * @typedef {{ start_seconds: number, memory_mb: number }} Ready
 */

/** A process that presents samples when it is asked to, and tells the CPU time of each. */
export class Contestant {
  /** @type {import('node:child_process').ChildProcess} */
  #child;
  /** @type {AsyncIterator<string>} */
  #lines;

  /**
   * @param {string} name
   * @param {string} command
   * @param {string[]} args
   * @param {NodeJS.ProcessEnv} env
   */
  constructor(name, command, args, env) {
    this.name = name;
    this.#child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    if (!this.#child.stdout) throw new Error('no pipe');
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @returns {Promise<Ready>} once it could begin */
  ready() {
    return this.#answer();
  }

  /**
   * @param {number} samples
   * @returns {Promise<Answer>}
   */
  present(samples) {
    this.#child.stdin?.write(`${samples}\n`);
    return this.#answer();
  }

  /** Lets it end. */
  end() {
    this.#child.stdin?.end();
  }

  async #answer() {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`${this.name} ended without an answer; what it said is above`);
      // Libraries print what they like; answers are JSON objects.
      if (value.startsWith('{')) return JSON.parse(value);
    }
  }
}
