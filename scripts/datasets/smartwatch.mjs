// @ts-check
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../setup/main.mjs';
import { paths } from '../setup/paths.mjs';
import { SetupError } from '../setup/setup-error.mjs';
import { findPython } from '../setup/tools.mjs';

// `npm run dataset:smartwatch`: the data set `smartwatch`, from the wheel of PyPI's seglearn (BSD licence). Subjects
// perform seven shoulder exercises with a watch that measures acceleration [g] and rotation [rad/s] at 50 Hz.
//
//   D. Burns et al., Shoulder physiotherapy exercise recognition: machine learning the inertial signals from a
//   smartwatch, Physiol. Meas. 39 (2018) 075007, arXiv 1802.01489

const version = '1.2.5';
const sha256 = 'ec6b952c85c9627050102854b372d85951563d3b990df677d7c55547e87413dd';
/**
 * Subjects from this one on are the test set, those before it the training set. No person and no series is in both.
 * Windows are in the order of subjects, so the validation part is the last training subjects.
 */
const firstTestSubject = 8;
const rate = 50;
const gravity = 9.80665;
const folder = join(paths.root, 'build', 'datasets', 'smartwatch');

await main(async () => {
  const { inertialWindows } = await import('../../lab/dist/datasets/inertial-windows.js').catch(() => {
    throw new SetupError('the program is not compiled yet: npm run setup, or npm run build');
  });
  const { exercises, series } = watchSeries();
  mkdirSync(folder, { recursive: true });
  for (const [prefix, chosen] of /** @type {const} */ ([
    ['train', series.filter(({ subject }) => subject < firstTestSubject)],
    ['t10k', series.filter(({ subject }) => subject >= firstTestSubject)],
  ])) {
    const windows = chosen.map(({ rows, exercise }) => ({ exercise, found: inertialWindows(rows, rate) }));
    const images = windows.flatMap(({ found }) => found);
    const labels = windows.flatMap(({ found, exercise }) => found.map(() => exercise));
    const shape = [images.length, 1, images[0].length];
    writeFileSync(join(folder, `${prefix}-images-idx3-ubyte`), idxFile(shape, Buffer.concat(images)));
    writeFileSync(join(folder, `${prefix}-labels-idx1-ubyte`), idxFile([labels.length], Buffer.from(labels)));
    process.stderr.write(`${prefix}: ${images.length} windows of ${chosen.length} series\n`);
  }
  process.stderr.write(`${folder}: ${exercises.length} exercises; npx topspark train --dataset smartwatch\n`);
  return 0;
});

/**
 * @typedef {{ subject: number, exercise: number, rows: number[][] }} Series
 * @returns {{ exercises: string[], series: Series[] }} rows of acceleration [m/s²] and rotation [rad/s]
 */
function watchSeries() {
  const python = findPython(process.env) ?? 'python3';
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, 'wheel-'));
  try {
    const download = ['-m', 'pip', 'download', '--disable-pip-version-check', '--no-input', '--quiet', '--no-deps'];
    run(python, [...download, '--only-binary', ':all:', '-d', work, `seglearn==${version}`]);
    const wheel = join(work, `seglearn-${version}-py3-none-any.whl`);
    const found = createHash('sha256').update(readFileSync(wheel)).digest('hex');
    if (found !== sha256) throw new SetupError(`seglearn ${version} has the SHA-256 ${found}, expected ${sha256}`);
    /** @type {{ exercises: string[], series: { subject: number, exercise: number, columns: string }[] }} */
    const { exercises, series } = JSON.parse(run(python, [join(import.meta.dirname, 'read-watch.py'), wheel]));
    const sorted = series.sort((a, b) => a.subject - b.subject);
    return { exercises, series: sorted.map(({ columns, ...rest }) => ({ ...rest, rows: rowsOf(columns) })) };
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** @param {string} columns - six columns of doubles, one after the other, base64 */
function rowsOf(columns) {
  const bytes = Buffer.from(columns, 'base64');
  const count = bytes.length / 8 / 6;
  return Array.from({ length: count }, (_, row) =>
    Array.from({ length: 6 }, (_, axis) => {
      const value = bytes.readDoubleLE(8 * (axis * count + row));
      return axis < 3 ? gravity * value : value;
    }),
  );
}

/**
 * An IDX file of bytes.
 * @param {number[]} shape
 * @param {Buffer} data
 */
function idxFile(shape, data) {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x0800 + shape.length, 0);
  shape.forEach((extent, dimension) => header.writeUInt32BE(extent, 4 + 4 * dimension));
  return Buffer.concat([header, data]);
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SetupError(
      `${reason}\nsee that PyPI, or the index that pip is set to, can be reached, then run this again`,
    );
  }
}
