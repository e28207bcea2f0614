import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { leanPoint } from '../../../src/timestep/policy/lean-policy.js';
import { preparedModel, preparedSizes } from '../../../src/sensing/image/embedding/prepared-models.js';
import { tinyModel, withoutRuntime } from '../../../test/sensing/embedding/tiny-model.js';
import { embedPictureFolder } from '../../src/datasets/embedded.js';
import { loadAtOnce, refOf } from '../../src/datasets/dataset-ref.js';
import { holdOut } from '../../src/datasets/hold-out.js';
import { checkJob } from '../../src/jobs/check-job.js';
import { planProfile } from '../../src/profile/profile-plan.js';
import { measurePoints } from '../../src/training/measure-points.js';
import { trainRun } from '../../src/training/train-run.js';

const root = mkdtempSync(join(tmpdir(), 'topspark-resolutions-'));
const folder = join(root, 'pictures');
const colours = { cyan: [40, 220, 220], red: [220, 40, 40] } as const;

beforeAll(() => {
  vi.stubEnv('XDG_CACHE_HOME', root);
  // The model of size 160 negates its input.
  for (const size of preparedSizes) {
    mkdirSync(dirname(preparedModel(size)), { recursive: true });
    writeFileSync(preparedModel(size), tinyModel({ size, factor: size === 160 ? -1 : 1 }));
  }
  for (const part of ['train', 'test'])
    for (const [name, colour] of Object.entries(colours))
      for (let k = 0; k < 8; k++) paint(join(folder, part, name, `${k}.png`), colour);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true });
});

function paint(file: string, colour: readonly number[]): void {
  mkdirSync(dirname(file), { recursive: true });
  const png = new PNG({ width: 32, height: 32 });
  png.data = Buffer.alloc(4 * 32 * 32, Uint8Array.of(...colour, 255));
  writeFileSync(file, PNG.sync.write(png));
}

const choice = { name: folder, embedding: { model: '', size: 224 } };
const options = {
  ...{ neurons: 20, point: leanPoint(20), samples: 16, testSamples: 16, labels: 1, seed: 1 },
  image: 'embedding' as const,
};

describe.skipIf(withoutRuntime !== undefined)(
  `resolutions of a data set through a prepared model${withoutRuntime ? `: skipped, ${withoutRuntime}` : ''}`,
  () => {
    it('are those up to the chosen size, and a custom model has none', () => {
      const at = (size: number): unknown => embedPictureFolder(folder, ['test'], { model: '', size }).seen?.resolutions;
      expect([224, 160, 96].map(at)).toEqual([[224, 160, 96], [160, 96], [96]]);
      expect(embedPictureFolder(folder, ['test'], { model: preparedModel(96), size: 224 }).seen).toBeUndefined();
    });

    it('are measured on pictures embedded at each size, with the front-end cost of that size', () => {
      const dataset = loadAtOnce(choice);
      const trained = trainRun(dataset, options, () => undefined);
      expect(trained.result.accuracy).toBe(1);
      const points = preparedSizes.map((resolution) => ({ ...options.point, resolution }));
      const measured = measurePoints(trained, options, points, () => undefined).map((each) => each.measured);
      // The negated input turns cyan into red.
      expect(measured.map(({ point, accuracy }) => [point.resolution, accuracy])).toEqual([
        [224, 1],
        [160, 0],
        [96, 1],
      ]);
      for (const { latency, frontEndLatency = 0, frontEndEnergy = 0, energy } of measured) {
        expect(frontEndLatency).toBeGreaterThan(0);
        expect(latency.infer).toBeGreaterThan(frontEndLatency);
        expect(frontEndEnergy).toBeGreaterThan(1e-6);
        expect(energy.infer).toBeGreaterThan(frontEndEnergy);
      }
      const none = [{ ...options.point, resolution: 128 }];
      expect(() => measurePoints(trained, options, none, () => undefined)).toThrow(
        'has the resolution 128, expected one of 224, 160, 96',
      );
    });

    it('are kept for the held-out part', () => {
      const held = holdOut(loadAtOnce(choice));
      const [at224, at160] = [224, 160].map((resolution) => held.seen?.at(resolution));
      expect(at160?.test.labels).toEqual(held.test.labels);
      expect(at224?.test.images).toEqual(held.test.images);
      expect(at160?.test.images).not.toEqual(held.test.images);
    });

    it('are all in the plan of a profile, whose jobs are valid', () => {
      const dataset = refOf(choice, loadAtOnce(choice));
      const plan = planProfile({ dataset, training: options, quick: true });
      expect([...new Set(plan.grid.map(({ resolution }) => resolution))]).toEqual([224, 160, 96]);
      expect(checkJob(plan.main)).toBe(plan.main);
      expect(
        planProfile({
          dataset: { ...dataset, embedding: { model: 'own.onnx', size: 224 } },
          training: options,
          quick: true,
        }).grid[0].resolution,
      ).toBeUndefined();
    });
  },
);
