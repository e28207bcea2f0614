// @ts-check
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { paths } from './paths.mjs';
import { replaceFile } from './replace-file.mjs';
import { run } from './run.mjs';
import { filesBelow, hashOf, hashOfFolder } from './stamp.mjs';

/** Sources of the program and of the lab. */
const sources = ['src', join('lab', 'src')]
  .map((name) => join(paths.root, name))
  .filter((folder) => existsSync(folder));

/** @returns {string[]} the folders of AssemblyScript; tsconfig.json excludes them, since it is not valid TypeScript */
export function kernelFolders() {
  return sources
    .flatMap(filesBelow)
    .filter((file) => basename(file) === 'asconfig.json')
    .map((file) => dirname(file));
}

/**
 * The parts that run as WebAssembly, above all the network's kernel: AssemblyScript to WASM.
 * @param {string} npmKey
 * @returns {import('./stage.mjs').Stage}
 */
export function kernelStage(npmKey) {
  const folders = kernelFolders();
  return {
    name: 'kernel',
    title: 'kernel (WASM)',
    key: hashOf([npmKey, ...folders.map(hashOfFolder)]),
    outputs: () => folders.map(moduleOf),
    async work() {
      for (const folder of folders) await compileKernel(folder);
    },
  };
}

/** @param {string} folder - of a kernel */
async function compileKernel(folder) {
  const module = moduleOf(folder);
  // Compiled elsewhere and then moved: a program that starts meanwhile loads either the old or the new module.
  const made = join(paths.state, 'kernel', basename(module));
  mkdirSync(dirname(made), { recursive: true });
  const name = basename(module, '.wasm');
  const [index, config] = ['index.ts', 'asconfig.json'].map((file) => relative(paths.root, join(folder, file)));
  const args = [index, '--config', config, '--target', 'release', '--outFile', relative(paths.root, made)];
  await run(name, process.execPath, [join(paths.nodeModules, 'assemblyscript', 'bin', 'asc.js'), ...args], {
    hint: 'read the first error above.',
  });
  replaceFile(module, readFileSync(made));
}

/**
 * @param {string} folder - of a kernel
 * @returns {string} the file that asconfig.json tells the compiler to write
 */
function moduleOf(folder) {
  const { targets } = JSON.parse(readFileSync(join(folder, 'asconfig.json'), 'utf8'));
  return resolve(folder, targets.release.outFile);
}

/**
 * The program: TypeScript to JavaScript.
 * @param {string} rclnodejsKey - identifies the message types that it is checked against
 * @returns {import('./stage.mjs').Stage}
 */
export function programStage(rclnodejsKey) {
  const configs = ['', 'lab'].flatMap((folder) =>
    ['package.json', 'tsconfig.json', 'tsconfig.build.json'].map((name) => join(paths.root, folder, name)),
  );
  return {
    name: 'program',
    title: 'TypeScript',
    key: hashOf([
      rclnodejsKey,
      ...sources.map(hashOfFolder),
      ...configs.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8')),
    ]),
    outputs: programOutputs,
    work: () =>
      run('typescript', process.execPath, [fileURLToPath(new URL('compile.mjs', import.meta.url))], {
        hint: 'read the first error above.',
      }),
  };
}

/** @returns {string[] | undefined} the files that the last compilation made; undefined if unknown */
export function programOutputs() {
  try {
    /** @type {string[]} */
    const names = JSON.parse(readFileSync(paths.programOutputs, 'utf8'));
    return names.map((name) => join(paths.root, name));
  } catch {
    return undefined;
  }
}
