// @ts-check
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { paths } from './paths.mjs';
import { run } from './run.mjs';
import { filesBelow, hashOf, hashOfFolder } from './stamp.mjs';

const source = join(paths.root, 'src');
const kernel = join(source, 'snn', 'kernel', '/');

/**
 * The network's kernel: AssemblyScript to WASM.
 * @param {string} npmKey
 * @returns {import('./stage.mjs').Stage}
 */
export function kernelStage(npmKey) {
  return {
    name: 'kernel',
    title: 'kernel (WASM)',
    key: hashOf([npmKey, hashOfFolder(kernel)]),
    outputs: [kernelFile()],
    work: () => run('kernel', 'npm', ['run', 'build:kernel'], { hint: 'read the first error above.' }),
  };
}

/** @returns {string} the file that asconfig.json tells the compiler to write */
function kernelFile() {
  const config = join(kernel, 'asconfig.json');
  const { targets } = JSON.parse(readFileSync(config, 'utf8'));
  return resolve(dirname(config), targets.release.outFile);
}

/**
 * The program: TypeScript to JavaScript.
 * @param {string} rclnodejsKey - says which message types it is checked against
 * @returns {import('./stage.mjs').Stage}
 */
export function programStage(rclnodejsKey) {
  const configs = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];
  const outputs = filesBelow(source)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.startsWith(kernel))
    .map((file) => join(paths.dist, relative(source, file).replace(/\.ts$/, '.js')));
  return {
    name: 'program',
    title: 'TypeScript',
    key: hashOf([
      rclnodejsKey,
      hashOfFolder(source),
      ...configs.map((name) => readFileSync(join(paths.root, name), 'utf8')),
    ]),
    outputs,
    async work() {
      await run('typescript', 'npm', ['run', 'build:ts'], { hint: 'read the first error above.' });
      removeOrphans(new Set(outputs));
    },
  };
}

/**
 * What was compiled from a source that is gone would still be packaged, and still be found by an import.
 * @param {Set<string>} outputs - the JavaScript files that have a source
 */
function removeOrphans(outputs) {
  for (const file of filesBelow(paths.dist)) {
    const script = file.replace(/(\.d\.ts|\.js\.map)$/, '.js');
    if (script.endsWith('.js') && !outputs.has(script)) rmSync(file);
  }
}
