import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '../../src/datasets/dataset.js';
import { idxBytes } from '../datasets/idx-bytes.js';

/** Writes a data set as four IDX files into a new folder, and returns its path. */
export function datasetFolder({ rows, columns, train, test }: Dataset): string {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-'));
  for (const [prefix, split] of Object.entries({ train, t10k: test })) {
    writeFileSync(join(folder, `${prefix}-images-idx3-ubyte`), idxBytes([split.count, rows, columns], split.images));
    writeFileSync(join(folder, `${prefix}-labels-idx1-ubyte`), idxBytes([split.count], split.labels));
  }
  return folder;
}
