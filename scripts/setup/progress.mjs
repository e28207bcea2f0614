// @ts-check
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';

/** Progress goes to stderr: stdout belongs to the program that starts afterwards. */
const out = process.stderr;

/** @type {Map<string, number>} titles of the running stages, and their start times [ms] */
const running = new Map();
/** @type {ReturnType<typeof setInterval> | undefined} */
let ticker;

/** @param {number} begin - [ms] */
const elapsed = (begin) => `${((performance.now() - begin) / 1000).toFixed(1)} s`;

/** On a terminal the running stages share one line at the bottom, redrawn every quarter of a second. */
function draw() {
  const line = [...running].map(([title, begin]) => `${title} … ${elapsed(begin)}`).join('   ');
  out.write(`\r\u001b[K${line.slice(0, (out.columns || 80) - 1)}`);
}

/**
 * Writes one line of progress.
 * @param {string} text
 */
export function say(text) {
  out.write(`${ticker === undefined ? '' : '\r\u001b[K'}${text}\n`);
}

/**
 * Runs a stage, and shows that it runs, how it ended and how long it took.
 * @template T
 * @param {string} title - what is done, in a few words
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function showStage(title, work) {
  const begin = performance.now();
  running.set(title, begin);
  if (out.isTTY) ticker ??= setInterval(draw, 250);
  else say(`  ${title} …`);
  try {
    const result = await work();
    running.delete(title);
    say(`✔ ${title} (${elapsed(begin)})`);
    return result;
  } catch (error) {
    running.delete(title);
    say(`✖ ${title} (${elapsed(begin)})`);
    throw error;
  } finally {
    if (running.size === 0) {
      clearInterval(ticker);
      ticker = undefined;
    }
  }
}
