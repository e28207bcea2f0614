import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { efficientnetLite0, vectorLength } from '../../../src/cli/embedding/efficientnet-lite0.js';
import { prepareModels, wheel } from '../../../src/cli/embedding/prepare-models.js';
import type { TorchTensor } from '../../../src/cli/embedding/torch-tensors.js';
import { Look, openBackbone } from '../../../src/sensing/image/embedding/backbone.js';
import { precisions, preparedModel, preparedSizes } from '../../../src/sensing/image/embedding/prepared-models.js';
import { withoutRuntime } from '../../sensing/embedding/tiny-model.js';

const folder = mkdtempSync(join(tmpdir(), 'topspark-prepare-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const prepare = (from: string): Promise<unknown> => prepareModels({ from, done: () => undefined });

describe('prepareModels', () => {
  it('refuses a file that is not the pinned wheel, by its hash', async () => {
    const file = join(folder, 'other.whl');
    writeFileSync(file, 'another wheel');
    const sha256 = createHash('sha256').update('another wheel').digest('hex');
    await expect(prepare(file)).rejects.toThrow(`${file} has the SHA-256 ${sha256}, expected ${wheel.sha256}`);
  });

  it('says what it expected when the file is missing', async () => {
    await expect(prepare(join(folder, 'none.whl'))).rejects.toThrow(`cannot be read: `);
    await expect(prepare(join(folder, 'none.whl'))).rejects.toThrow(`expected ${wheel.file}`);
  });
});

describe('efficientnetLite0', () => {
  it('names a tensor that is missing or has the wrong shape', () => {
    expect(() => efficientnetLite0(new Map(), 96)).toThrow('_conv_stem.weight is missing, expected 32 × 3 × 3 × 3');
    const stem: TorchTensor = { shape: [32, 3, 3], values: new Float32Array(288) };
    expect(() => efficientnetLite0(new Map([['_conv_stem.weight', stem]]), 96)).toThrow(
      '_conv_stem.weight has the shape 32 × 3 × 3, expected 32 × 3 × 3 × 3',
    );
  });
});

const unmade = preparedSizes.find((size) => !existsSync(preparedModel(size)));
const skipped = withoutRuntime ?? (unmade && `topspark embedding prepare has made no model for ${unmade} pixels`);

describe.skipIf(skipped !== undefined)(`the prepared models${skipped ? `: skipped, ${skipped}` : ''}`, () => {
  // PyTorch 1.13.1 on the CPU, efficientnet-lite-pytorch 0.1.0, padding by the size of the picture: numbers 100 to 107 of
  // the head's mean over the places, the mean of all, and which is the largest.
  it.each([
    [224, [2.33378, 0, 0.00406, 0, 0, 0, 0, 0.15948], 0.1081077, 287],
    [160, [2.46214, 0, 0, 0, 0, 0, 0, 0.01564], 0.1246481, 287],
    [96, [2.19473, 0, 0.0107, 0, 0, 0, 0, 0.00759], 0.1676703, 338],
  ] as const)('compute the same as PyTorch for a picture of %s pixels', (size, expected, mean, largest) => {
    const look = new Look(openBackbone(preparedModel(size), 'a model'));
    for (let c = 0; c < 3; c++) {
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          const value = (i >> 3) * 37 + (j >> 3) * 73 + c * 101 + ((i * j) >> 6);
          look.picture[(c * size + i) * size + j] = value % 256;
        }
      }
    }
    void look.begin();
    const vector = [...look.finish()];
    expect(vector).toHaveLength(vectorLength);
    expected.forEach((value, k) => {
      expect(vector[100 + k]).toBeCloseTo(value, 3);
    });
    expect(vector.reduce((a, b) => a + b, 0) / vectorLength).toBeCloseTo(mean, 4);
    expect(vector.indexOf(Math.max(...vector))).toBe(largest);
  });

  const unmadeWhole = preparedSizes.find((size) => !existsSync(preparedModel(size, 'int8')));
  it.skipIf(unmadeWhole !== undefined).each(preparedSizes)('look alike in whole numbers, %s pixels', (size) => {
    const [float, whole] = precisions.map((precision) => {
      const look = new Look(openBackbone(preparedModel(size, precision), 'a model'));
      // Smooth, as pictures are.
      for (let k = 0; k < look.picture.length; k++) {
        const [i, j] = [Math.floor(k / size) % size, k % size];
        look.picture[k] = 128 + 60 * Math.sin((9 * i) / size) + 60 * Math.cos((i + 14 * j) / size);
      }
      void look.begin();
      return look.finish().slice();
    });
    const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, each, k) => sum + each * b[k], 0);
    expect(dot(float, whole) / Math.sqrt(dot(float, float) * dot(whole, whole))).toBeGreaterThan(0.95);
  });
});
