// @ts-check
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isUseful, productionPackages } from '../packaging/package-program.mjs';
import { paths } from '../setup/paths.mjs';

/**
 * A source file.
 * @typedef {object} Source
 * @property {string} text
 * @property {string[]} imports - files of `src/` and `lab/src/`, or names of packages
 */

/** Counts of the code base, beside the ways. */
export async function houseCounts() {
  const sources = readSources('src');
  const importers = [...sources.values(), ...readSources('lab/src').values()];
  const files = [...sources.keys()];
  const lines = files.map((file) => lineCount(sources, file)).sort((a, b) => a - b);
  const robot = robotPackages();
  return {
    rosFiles: files.filter((file) => file.startsWith('src/ros/')).length,
    rosFilesWithoutRclnodejs: files.filter((file) => file.startsWith('src/ros/') && !reaches(sources, file)).length,
    benchmarkShareOfCli: benchmarkShare(sources),
    files: files.length,
    medianLines: lines[lines.length >> 1] ?? 0,
    shortFilesOfOneImporter: files.filter((file) => isFragment(sources, importers, file)).length,
    namesExportedTwice: twice([...sources].flatMap(([, { text }]) => exportsOf(text))).length,
    fileNamesTwice: twice(files.map((file) => basename(file)).filter((name) => name !== 'index.ts')).length,
    robotPackages: robot,
    parametersOfOneCamera: await cameraParameters(),
    readmeBytes: statSync(join(paths.root, 'README.md')).size,
  };
}

/**
 * @param {'src' | 'lab/src'} folder
 * @returns {Map<string, Source>} its TypeScript files by path, without the sources of WebAssembly
 */
function readSources(folder) {
  const names = readdirSync(join(paths.root, folder), { recursive: true, encoding: 'utf8' });
  const files = names
    .map((name) => join(folder, name))
    .filter((file) => /(?<!\.d)\.ts$/.test(file) && !file.startsWith('src/snn/kernel/'));
  return new Map(
    files.map((file) => {
      const text = readFileSync(join(paths.root, file), 'utf8');
      return [file, { text, imports: importsOf(file, text) }];
    }),
  );
}

/**
 * @param {string} file
 * @param {string} text
 * @returns {Source['imports']}
 */
function importsOf(file, text) {
  const named = /^(?:import|export) (?:[^;]*? from )?'([^']+)';|\bimport\('([^']+)'\)/gm;
  return [...text.matchAll(named)].map(([, fixed, late]) => {
    const from = fixed ?? late ?? '';
    if (from.startsWith('topspark/')) return from.replace(/^topspark/, 'src').replace(/\.js$/, '.ts');
    return from.startsWith('.') ? join(dirname(file), from.replace(/\.js$/, '.ts')) : from;
  });
}

/**
 * @param {Map<string, Source>} sources
 * @param {string} file
 */
function lineCount(sources, file) {
  return (sources.get(file)?.text.split('\n').length ?? 1) - 1;
}

/**
 * @param {Map<string, Source>} sources
 * @param {string} file
 * @param {Set<string>} [seen]
 * @returns {boolean} whether it, or a file of src/ros that it imports, imports rclnodejs or its types
 */
function reaches(sources, file, seen = new Set()) {
  seen.add(file);
  return (sources.get(file)?.imports ?? []).some((from) => {
    if (from === 'rclnodejs' || from.startsWith('rclnodejs/')) return true;
    return from.startsWith('src/ros/') && !seen.has(from) && reaches(sources, from, seen);
  });
}

/**
 * @param {Map<string, Source>} sources
 * @returns {number} share of benchmarks in the lines of `src/cli`, 0..1
 */
function benchmarkShare(sources) {
  const cli = [...sources.keys()].filter((file) => file.startsWith('src/cli/'));
  const lines = (/** @type {string[]} */ files) => files.reduce((sum, file) => sum + lineCount(sources, file), 0);
  return lines(cli.filter((file) => file.includes('bench'))) / lines(cli);
}

/**
 * @param {Map<string, Source>} sources
 * @param {readonly Source[]} importers
 * @param {string} file
 * @returns {boolean} whether it has at most 40 lines, and one other file imports it
 */
function isFragment(sources, importers, file) {
  if (lineCount(sources, file) > 40) return false;
  return importers.filter(({ imports }) => imports.includes(file)).length === 1;
}

/**
 * @param {string} text
 * @returns {string[]} names that are declared and exported, each once
 */
function exportsOf(text) {
  const declared = /^export (?:declare |abstract |async )*(?:class|function\*?|const|let|interface|type|enum) (\w+)/gm;
  return [...new Set([...text.matchAll(declared)].map(([, name = '']) => name))];
}

/** @param {readonly string[]} names */
function twice(names) {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

/** @returns {number | undefined} size of a robot's npm packages [MB]; undefined if they differ from the lock file */
function robotPackages() {
  let folders;
  try {
    folders = productionPackages('--workspaces=false');
  } catch {
    return undefined;
  }
  const bytes = folders.flatMap((folder) => filesOf(folder)).reduce((sum, file) => sum + statSync(file).size, 0);
  return Math.round(bytes / 1e6);
}

/**
 * @param {string} folder - of a package; packages inside it are counted separately
 * @returns {string[]}
 */
function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!isUseful(path) || entry.name === 'node_modules') return [];
    return entry.isDirectory() ? filesOf(path) : entry.isFile() ? [path] : [];
  });
}

/** @returns {Promise<number | undefined>} undefined if the program is not built */
async function cameraParameters() {
  const built = (/** @type {string} */ file) => join(paths.root, 'dist', file);
  if (!existsSync(built('node/parameter-table.js'))) return undefined;
  const load = (/** @type {string} */ file) => import(pathToFileURL(built(file)).href);
  const { parameterTable } = await load('node/parameter-table.js');
  const { idleBecause } = await load('node/idle-parameters.js');
  const { ParameterValues } = await load('base/parameters.js');
  const { parameterValues } = await load('node/given-parameters.js');
  const values = new ParameterValues(parameterValues(parameterTable, new Map()));
  // Rarely set parameters are declared only if one of their block is given.
  const usual = parameterTable.filter((/** @type {{ whereGiven?: boolean }} */ { whereGiven }) => whereGiven !== true);
  const used = usual.filter((/** @type {object} */ entry) => idleBecause(entry, values) === undefined);
  // ROS declares two more, and three for the quality of service of the camera's topic.
  return 2 + 3 + used.length;
}
