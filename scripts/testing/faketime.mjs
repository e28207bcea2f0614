// @ts-check
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { paths } from '../setup/paths.mjs';

const run = promisify(execFile);
const library = 'libfaketimeMT.so.1';

/**
 * Debian's libfaketime, with which a test sets the clock of one process. Fetched once and unpacked beside the wheels.
 * @returns {Promise<string | undefined>} path of the library; `undefined` if the Debian package cannot be fetched
 */
export async function faketimeLibrary() {
  const folder = join(paths.state, 'libfaketime');
  if (!existsSync(folder)) {
    try {
      await fetchTo(folder);
    } catch (error) {
      process.stderr.write(`No libfaketime for tests: ${error instanceof Error ? error.message : String(error)}\n`);
      return undefined;
    }
  }
  return libraryIn(folder);
}

/** @param {string} folder - is either complete afterwards or absent */
async function fetchTo(folder) {
  mkdirSync(paths.state, { recursive: true });
  const work = mkdtempSync(join(paths.state, 'libfaketime-'));
  try {
    await run('apt-get', ['download', 'libfaketime'], { cwd: work });
    const [found] = readdirSync(work).filter((name) => name.endsWith('.deb'));
    const unpacked = join(work, 'unpacked');
    await run('dpkg-deb', ['-x', join(work, found ?? 'no package'), unpacked]);
    if (libraryIn(unpacked) === undefined) throw new Error(`the package holds no ${library}`);
    if (!existsSync(folder)) renameSync(unpacked, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function libraryIn(folder) {
  const names = readdirSync(folder, { recursive: true }).map(String);
  const found = names.find((name) => name.endsWith(`/${library}`));
  return found === undefined ? undefined : join(folder, found);
}
