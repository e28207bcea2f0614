import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { tinyLength, tinyModel, withoutRuntime } from '../../../test/sensing/embedding/tiny-model.js';
import { embedImages, embedPictureFolder } from '../../src/datasets/embedded.js';
import type { Dataset } from '../../src/datasets/dataset.js';

const root = mkdtempSync(join(tmpdir(), 'topspark-embedded-'));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

let count = 0;
let folder: string;
let cache: string;
beforeEach(() => {
  folder = join(root, `pictures${count}`);
  const home = join(root, `cache${count++}`);
  vi.stubEnv('XDG_CACHE_HOME', home);
  cache = join(home, 'topspark', 'embedded');
  paint('train/dark/a.png', [10, 20, 30]);
  paint('train/light/a.png', [200, 150, 50]);
  paint('test/dark/b.png', [30, 20, 10]);
  writeFileSync(join(root, 'tiny.onnx'), tinyModel());
});

/** Writes a picture of one colour. */
function paint(name: string, pixel: readonly number[]): void {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  const png = new PNG({ width: 32, height: 32 });
  png.data = Buffer.alloc(4 * 32 * 32, Uint8Array.of(...pixel, 255));
  writeFileSync(file, PNG.sync.write(png));
}

const load = (): Dataset => embedPictureFolder(folder, ['test'], { model: join(root, 'tiny.onnx'), size: 224 });
const kept = (): string[] => readdirSync(cache).sort();

const skipped = withoutRuntime === undefined ? '' : `: skipped, ${withoutRuntime}`;

describe.skipIf(skipped !== '')(`a folder of pictures through a pretrained network${skipped}`, () => {
  it('has a signed vector for each picture, and the time of the front end', () => {
    const { train, test, rows, columns, classNames, intensities } = load();
    expect({ rows, columns, classNames }).toEqual({ rows: 1, columns: 2 * tinyLength, classNames: ['dark', 'light'] });
    expect([...train.labels, ...test.labels]).toEqual([0, 1, 0]);
    // Red 200, green 150 and blue 50 give the vector 100, 50, −50 and its negative, scaled so that the largest is 255.
    expect([...train.images.subarray(12)]).toEqual([255, 128, 0, 0, 0, 128, 0, 0, 128, 255, 128, 0]);
    expect(intensities?.work?.frontEndMicroseconds).toBeGreaterThan(0);
    expect(intensities?.sensors).toMatchObject([{ name: 'image', encoding: 'embedding', inputs: 12 }]);
  });

  it('caches the vectors and computes none twice', () => {
    const seen = load().train.images;
    const [file] = kept();
    const bytes = readFileSync(join(cache, file));
    expect(Buffer.from(seen).equals(bytes.subarray(8))).toBe(true);
    // The cache is trusted: a changed byte comes back.
    bytes[8] = 77;
    writeFileSync(join(cache, file), bytes);
    expect(load().train.images[0]).toBe(77);
    expect(kept()).toEqual([file]);
  });

  it('recomputes damaged cache files and changed pictures', () => {
    const seen = [...load().train.images];
    const [file] = kept();
    writeFileSync(join(cache, file), 'cut off');
    expect([...load().train.images]).toEqual(seen);
    paint('train/light/a.png', [150, 200, 50]);
    expect([...load().train.images]).not.toEqual(seen);
    expect(kept()).toHaveLength(2);
  });

  it('gives the same vectors without a cache', () => {
    const seen = [...load().train.images];
    rmSync(cache, { recursive: true });
    writeFileSync(cache, 'a file where the folder would be');
    expect([...load().train.images]).toEqual(seen);
  });

  it('takes grey pictures as colours, and refuses samples that are no pictures', () => {
    const images = Uint8Array.of(...Array<number>(64).fill(150), ...Array<number>(64).fill(50));
    const split = { count: 2, images, labels: Uint8Array.of(0, 1) };
    const grey: Dataset = { name: 'grey', rows: 8, columns: 8, classNames: ['a', 'b'], train: split, test: split };
    const model = { model: join(root, 'tiny.onnx'), size: 224 };
    expect([...embedImages(grey, model).train.images.subarray(0, 12)]).toEqual([
      255, 255, 255, 0, 0, 0, 0, 0, 0, 255, 255, 255,
    ]);
    const none = { ...grey, intensities: { polarity: false } };
    expect(() => embedImages(none, model)).toThrow('whose samples are intensities already, expected no --image');
  });
});
