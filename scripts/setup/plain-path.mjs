// @ts-check
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paths } from './paths.mjs';
import { SetupError } from './setup-error.mjs';

/** The first two separate lists of folders. The others have a meaning in a shell, Python's start scripts or CMake. */
// eslint-disable-next-line no-control-regex -- these are what must not be there
const impossible = /[:;"'`$\\\u0000-\u001f\u007f]/;
/** Characters that ROS 2's build files and make accept in a file name. */
const plain = /^[\w/.+@=,-]+$/;

/**
 * @param {string} root - the checkout
 * @throws SetupError if no build can work in that folder
 */
export function checkPath(root) {
  const found = impossible.exec(root)?.[0];
  if (found === undefined) return;
  throw new SetupError(
    `The folder of this checkout has ${JSON.stringify(found)} in its path: ${JSON.stringify(root)}. ` +
      'Lists of folders such as LD_LIBRARY_PATH, and the build files of ROS 2, cannot hold that.\n' +
      'What to try: move the checkout to a folder whose path has none of : ; " \' ` $ \\ and no line break.',
  );
}

/**
 * Gives a build a path of the checkout without spaces and letters that ROS 2's build files and make do not accept. If
 * the checkout's own path has any, the build gets a link to it in the folder for temporary files.
 * @template T
 * @param {(root: string, folder: string | undefined) => Promise<T>} work - gets the path of the checkout; if that is a
 *   link, also a temporary folder with a plain path
 * @param {string} [root]
 * @returns {Promise<T>}
 */
export async function withPlainPath(work, root = paths.root) {
  if (plain.test(root)) return work(root, undefined);
  const folder = mkdtempSync(join(plain.test(tmpdir()) ? tmpdir() : '/tmp', 'topspark-build-'));
  try {
    const link = join(folder, 'checkout');
    symlinkSync(root, link);
    return await work(link, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} root - other path of the checkout
 * @returns {NodeJS.ProcessEnv} the environment with that path in place of the checkout's own
 */
export function environmentAt(root, env) {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value?.replaceAll(paths.root, root)]));
}
