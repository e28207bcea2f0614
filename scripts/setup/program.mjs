// @ts-check
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { paths } from './paths.mjs';
import { run } from './run.mjs';
import { hashOf, hashOfFolder } from './stamp.mjs';

const source = join(paths.root, 'src');
const kernel = join(source, 'snn', 'kernel');

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
 * @param {string} generatedKey - says which message types it is checked against
 * @returns {import('./stage.mjs').Stage}
 */
export function programStage(generatedKey) {
  const configs = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];
  return {
    name: 'program',
    title: 'TypeScript',
    key: hashOf([
      generatedKey,
      hashOfFolder(source),
      ...configs.map((name) => readFileSync(join(paths.root, name), 'utf8')),
    ]),
    outputs: [paths.dist],
    work: () => run('typescript', 'npm', ['run', 'build:ts'], { hint: 'read the first error above.' }),
  };
}
