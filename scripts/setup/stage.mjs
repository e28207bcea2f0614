// @ts-check
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { paths } from './paths.mjs';
import { showStage } from './progress.mjs';
import { SetupError } from './setup-error.mjs';
import { stampOf } from './stamp.mjs';

/**
 * One part of the set-up. It is done once, and again only after its inputs changed.
 * @typedef {object} Stage
 * @property {string} name - of its stamp
 * @property {string} title - shown to the user
 * @property {string} key - hash of its inputs
 * @property {() => string[] | undefined} outputs - files that must exist afterwards; undefined if they are unknown
 * @property {() => Promise<void>} work
 */

/**
 * @param {Stage} stage
 * @returns {boolean} whether the stage must be done
 */
export function isStale(stage) {
  const outputs = stage.outputs();
  return outputs === undefined || !stampOf(stage.name).holds(stage.key, outputs);
}

/**
 * Does the stage if it is stale.
 * @param {Stage} stage
 * @returns {Promise<void>}
 */
export async function doStage(stage) {
  if (isStale(stage)) await redoStage(stage, true);
}

/**
 * Does the stage. An interrupted or failed stage has no stamp, so the next set-up does it again.
 * @param {Stage} stage
 * @param {boolean} lasts - false if its inputs are not up to date, so that the next set-up does it again
 * @returns {Promise<void>}
 * @throws SetupError if it did not make its outputs: it would be done again at every start
 */
export async function redoStage(stage, lasts) {
  const stamp = stampOf(stage.name);
  stamp.remove();
  await showStage(stage.title, async () => {
    await stage.work();
    const missing = stage.outputs()?.filter((file) => !existsSync(file)) ?? ['the list of its files'];
    if (missing.length === 0) return;
    const names = missing.slice(0, 3).map((file) => relative(paths.root, file));
    throw new SetupError(
      `${stage.title}: it ended without an error and did not make ${names.join(', ')}` +
        `${missing.length > names.length ? ` and ${missing.length - names.length} more` : ''}.`,
    );
  });
  if (lasts) stamp.write(stage.key);
}
