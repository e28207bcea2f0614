import { expect, it } from 'vitest';
import { leanPoint } from '../../../src/timestep/policy/lean-policy.js';
import { receptiveFields } from '../../src/training/receptive-fields.js';
import { trainRun } from '../../src/training/train-run.js';
import { bars } from './bars.js';

it.each([
  ['plain', 8, 1],
  ['contrast', 8, 2],
  ['edges', 4, 4],
  ['scene', 2, 4],
] as const)('draws what neurons learned of pictures read as %s, on a side of %d', (image, side, channels) => {
  const point = leanPoint(20);
  const options = { neurons: 20, point, samples: 60, testSamples: 10, labels: 1, image, seed: 1 };
  const fields = receptiveFields(
    trainRun(bars(60, 10), options, () => undefined),
    4,
  );
  expect(fields).toMatchObject({ rows: side, columns: side, channels });
  expect(fields.fields).toHaveLength(4);
  for (const { weights } of fields.fields) {
    const bytes = Buffer.from(weights, 'base64');
    expect(bytes).toHaveLength(channels * side * side);
    expect(Math.max(...bytes)).toBe(255);
  }
});

it.each(['edges', 'scene'] as const)('draws upright and lying edges apart, read as %s', (image) => {
  const point = leanPoint(10);
  const stripes = (upright: boolean): Uint8Array =>
    Uint8Array.from({ length: 64 }, (_, i) => ((upright ? i : i >> 3) % 8 < 4 ? 20 : 200));
  const split = {
    count: 2,
    images: Uint8Array.from([...stripes(true), ...stripes(false)]),
    labels: Uint8Array.of(0, 1),
  };
  const shape = { name: 'stripes', rows: 8, columns: 8, classNames: ['upright', 'lying'] };
  const options = { neurons: 10, point, samples: 20, testSamples: 2, labels: 1, image, seed: 1 };
  const { fields, rows, columns } = receptiveFields(
    trainRun({ ...shape, train: split, test: split }, options, () => undefined),
    10,
  );
  for (const { label, weights } of fields) {
    const bytes = [...Buffer.from(weights, 'base64')];
    const largest = Math.floor(bytes.indexOf(255) / (rows * columns));
    expect(largest).toBe(label === 'upright' ? 0 : 2);
  }
  expect(new Set(fields.map(({ label }) => label))).toEqual(new Set(['upright', 'lying']));
});
