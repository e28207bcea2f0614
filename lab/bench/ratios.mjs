// @ts-check
import { median } from '../dist/bench/engine/alternate.js';
import { short } from '../dist/report/markdown-table.js';

/**
 * Median and range of the numbers of several rounds.
 * @typedef {{ median: number, low: number, high: number }} Spread
 */

/**
 * @param {readonly number[]} numbers
 * @returns {Spread}
 */
export function spread(numbers) {
  return { median: median(numbers), low: Math.min(...numbers), high: Math.max(...numbers) };
}

/**
 * Ratios within rounds: only values that were measured side by side are compared.
 * @param {readonly number[]} cost - one entry per round
 * @param {readonly number[]} over
 */
export function ratios(cost, over) {
  return spread(cost.map((value, round) => value / over[round]));
}

/** @param {Spread} spread */
export function words({ median: middle, low, high }) {
  return `${short(middle)} (${short(low)}–${short(high)})`;
}
