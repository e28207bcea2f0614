// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOnBrokenOutput } from './setup/outputs.mjs';
import { paths } from './setup/paths.mjs';
import { houseCounts } from './way/counts.mjs';
import { waysOf } from './way/ways.mjs';

endOnBrokenOutput();

const usage = `Usage: npm run way [-- --json]

Counts the files and the changes of room on the way of a message through the program, as ARCHITECTURE.md describes it, and
other properties of the layout: sizes, names, what a robot installs. The count at commit 5f2e760 is beside each.

Example:
  $ npm run --silent way -- --json
`;

/** Counts of the ways at commit 5f2e760. */
const waysBefore = {
  image: '75 files, 25 changes of room',
  label: '37 files',
  battery: '32 files',
  parameter: '25 files',
};

/** @returns {import('./way/ways.mjs').Ways} */
const ways = () => waysOf(readFileSync(join(paths.root, 'ARCHITECTURE.md'), 'utf8'));

/**
 * @param {Awaited<ReturnType<typeof houseCounts>>} now
 * @returns {readonly (readonly [what: string, before: string, after: string])[]}
 */
const rowsOf = (now) => [
  ...Object.entries(ways()).map(
    ([name, { files, changes }]) =>
      /** @type {const} */ ([
        name,
        waysBefore[/** @type {keyof typeof waysBefore} */ (name)],
        `${files.length} files, ${changes} changes of room`,
      ]),
  ),
  ['files of src/ros without rclnodejs', '38 of 53', `${now.rosFilesWithoutRclnodejs} of ${now.rosFiles}`],
  ['share of src/cli that is benchmarks', '77 %', `${Math.round(100 * now.benchmarkShareOfCli)} %`],
  ['lines of the median file', '61', String(now.medianLines)],
  ['files of at most 40 lines with one importer', '47', String(now.shortFilesOfOneImporter)],
  ['names that two files export', '19', String(now.namesExportedTwice)],
  ['file names that occur twice', '28', String(now.fileNamesTwice)],
  ['npm packages of a robot', '207 MB', now.robotPackages === undefined ? 'not installed' : `${now.robotPackages} MB`],
  ['parameters declared for one camera', '179', String(now.parametersOfOneCamera ?? 'not built')],
  ['README.md', '23 kB', `${(now.readmeBytes / 1000).toFixed(1)} kB`],
];

const [option] = process.argv.slice(2);
if (option === '--help' || option === '-h') {
  process.stdout.write(usage);
} else if (option === '--json') {
  const counts = Object.entries(ways()).map(([name, { files, changes }]) => [name, { files: files.length, changes }]);
  process.stdout.write(`${JSON.stringify({ ...Object.fromEntries(counts), house: await houseCounts() })}\n`);
} else if (option !== undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  const rows = rowsOf(await houseCounts());
  for (const [what, before, after] of [['', 'before', 'now'], ...rows]) {
    process.stdout.write(`${what.padEnd(44)} ${before.padEnd(29)} ${after}\n`);
  }
}
