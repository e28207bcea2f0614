// @ts-check
import { showStage } from './progress.mjs';
import { stampOf } from './stamp.mjs';

/**
 * One part of the set-up, done once and again exactly when its inputs changed.
 * @typedef {object} Stage
 * @property {string} name - of its stamp
 * @property {string} title - what the user reads
 * @property {string} key - hash of its inputs
 * @property {string[]} outputs - files that must be there afterwards
 * @property {() => Promise<void>} work
 */

/**
 * @param {Stage} stage
 * @returns {boolean} whether the stage must be done
 */
export function isStale(stage) {
  return !stampOf(stage.name).holds(stage.key, stage.outputs);
}

/**
 * Does the stage if it is stale. An interrupted or failed stage has no stamp, so that the next set-up does it anew.
 * @param {Stage} stage
 * @returns {Promise<void>}
 */
export async function doStage(stage) {
  if (!isStale(stage)) return;
  const stamp = stampOf(stage.name);
  stamp.remove();
  await showStage(stage.title, stage.work);
  stamp.write(stage.key);
}
