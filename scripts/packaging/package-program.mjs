// @ts-check
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { paths } from '../setup/paths.mjs';

/** Parts of the program, besides its npm packages. */
const program = ['bin', 'config', 'dist', join('msgs', 'msg'), 'LICENSE', 'package.json'];

/** Parts of the lab, besides its npm packages. */
const lab = ['dist', 'schema', 'package.json'];

/** Packages that run an ONNX model. */
const runtime = ['onnxruntime-node', 'onnxruntime-common'];

/**
 * Files that a robot cannot use: those that only compilers and debuggers read, remains of compiling the addon, and
 * addons for other systems or for Electron.
 */
const useless = [
  /\.d\.[cm]?ts$/,
  /\.map$/,
  /\/rclnodejs\/build\/Release\/(obj\.target|\.deps)(\/|$)/,
  new RegExp(`/rclnodejs/prebuilds/(?!${process.platform}-${process.arch}(/|$))`),
  /\/rclnodejs\/prebuilds\/.*-electron-/,
  new RegExp(`/onnxruntime-node/bin/[^/]+/(?!${process.platform}(/|$))`),
  new RegExp(`/onnxruntime-node/bin/[^/]+/${process.platform}/(?!${process.arch}(/|$))`),
];

/**
 * Copies the program and its production packages to a folder. rclnodejs is copied compiled, with its generated
 * messages.
 * @param {string} folder - an existing one is replaced
 * @param {{ lab: boolean, embedding: boolean }} parts - `lab`: adds data sets, training, benchmarks and the demo, with
 *   their packages; `embedding`: adds the packages that run the network of `image.encoding: embedding`
 */
export function packageProgram(folder, parts) {
  rmSync(folder, { recursive: true, force: true });
  copy(program, paths.root, folder);
  for (const source of productionPackages('--workspaces=false')) copyPackage(source, folder);
  // Without its other dependencies: they only serve its installation.
  if (parts.embedding) for (const name of runtime) copyPackage(join(paths.nodeModules, name), folder);
  if (!parts.lab) return;
  for (const source of productionPackages('--workspace=topspark-lab')) copyPackage(source, folder);
  copy(lab, join(paths.root, 'lab'), join(folder, 'node_modules', 'topspark-lab'));
  // The lab imports the program by its package name.
  symlinkSync('..', join(folder, 'node_modules', 'topspark'));
}

/**
 * @param {readonly string[]} names
 * @param {string} from
 * @param {string} to
 */
function copy(names, from, to) {
  for (const name of names) {
    const source = join(from, name);
    if (existsSync(source)) copyUseful(source, join(to, name));
  }
}

/**
 * @param {string} source - folder of an installed package
 * @param {string} folder
 */
function copyPackage(source, folder) {
  copyUseful(source, join(folder, relative(paths.root, source)));
}

/**
 * @param {string} file
 * @returns {boolean} whether a robot can use it
 */
export function isUseful(file) {
  return !useless.some((pattern) => pattern.test(file));
}

/**
 * @param {string} from - file or folder
 * @param {string} to
 */
function copyUseful(from, to) {
  cpSync(from, to, { recursive: true, filter: isUseful });
}

/**
 * @param {string} whose - the option of npm that selects the package
 * @returns {string[]} the folders of the installed npm packages that it needs to run
 */
export function productionPackages(whose) {
  const list = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable', whose], {
    cwd: paths.root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const own = [paths.nodeModules, join(paths.nodeModules, 'topspark'), join(paths.nodeModules, 'topspark-lab')];
  return list.split('\n').filter((folder) => folder.startsWith(paths.nodeModules) && !own.includes(folder));
}
