import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dataset, Split } from '../../src/datasets/dataset.js';
import { loadChoice, type DatasetChoice } from '../../src/datasets/dataset-ref.js';
import { holdOut } from '../../src/datasets/hold-out.js';
import { loadPictureFolder } from '../../src/datasets/picture-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-pictures-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const pixels = (width: number, height: number, grey: number): Buffer =>
  Buffer.from(Array.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? 255 : grey)));

function png(grey: number, width = 28, height = 28): Buffer {
  const picture = new PNG({ width, height });
  picture.data = pixels(width, height, grey);
  return PNG.sync.write(picture);
}

function jpg(grey: number): Buffer {
  return jpeg.encode({ width: 40, height: 32, data: pixels(40, 32, grey) }, 95).data;
}

function write(files: Readonly<Record<string, Uint8Array | string>>): void {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

const small = {
  'train/hat/1.png': png(10),
  'train/hat/2.jpg': jpg(20),
  'train/hat/3.PNG': png(30),
  'train/hat/4.png': png(40),
  'train/shoe/a.jpeg': jpg(50),
  'train/shoe/b.png': png(60, 5, 90),
  'test/hat/1.png': png(70),
  'test/shoe/1.png': png(80),
  'validation/shoe/1.png': png(90),
  'README.md': 'of no interest',
  'train/.thumbs/x': 'hidden',
  'train/hat/.thumb.png': 'hidden',
};

const load = (choice: Partial<DatasetChoice> = {}): Promise<Dataset> => loadChoice({ name: folder, ...choice });

const first = (images: Uint8Array): number[] => Array.from({ length: images.length / 784 }, (_, k) => images[784 * k]);

describe('a folder of pictures', () => {
  it('is a data set of any pictures, in an order that depends only on names', async () => {
    write(small);
    const { rows, columns, classNames, train, test } = await load();
    expect([rows, columns, classNames]).toEqual([28, 28, ['hat', 'shoe']]);
    // Every class is spread evenly: hats at 1, 3, 5 and 7 of 8, shoes at 2 and 6 of 8.
    expect(first(train.images)).toEqual([10, 50, 20, 30, 60, 40]);
    expect([...train.labels]).toEqual([0, 1, 0, 0, 1, 0]);
    expect([test.count, first(test.images), [...test.labels]]).toEqual([2, [70, 80], [0, 1]]);
  });

  it('keeps the colours of its pictures, also in other light and held out', async () => {
    const coloured = new PNG({ width: 28, height: 28 });
    coloured.data = Buffer.from(Array.from({ length: 4 * 784 }, (_, i) => [200, 100, 50, 255][i % 4]));
    write({ ...small, 'train/hat/1.png': PNG.sync.write(coloured) });
    const planes = (split: Split, picture: number): number[] =>
      [0, 1, 2].map((plane) => split.colours?.[784 * (3 * picture + plane)] ?? NaN);
    const dataset = await load();
    expect(planes(dataset.train, 0)).toEqual([200, 100, 50]);
    expect(planes(dataset.train, 1)).toEqual([50, 50, 50]);
    expect(first(dataset.train.images)[0]).toBe(124);
    const inverted = await load({ scene: 'inverted' });
    expect(planes(inverted.train, 0)).toEqual([55, 155, 205]);
    rmSync(join(folder, 'validation'), { recursive: true });
    const held = holdOut(await load());
    expect(planes(held.train, 0)).toEqual([200, 100, 50]);
    expect(planes(held.test, 0)).toEqual([40, 40, 40]);
  });

  it('is tested on the named parts', async () => {
    write(small);
    const both = await load({ testParts: ['validation', 'test'] });
    expect(first(both.test.images)).toEqual([90, 70, 80]);
    expect([...both.test.labels]).toEqual([1, 0, 1]);
    expect(first((await load({ testParts: ['validation'] })).test.images)).toEqual([90]);
  });

  it('uses its validation part for choosing, unless that is tested', async () => {
    write(small);
    const held = holdOut(await load({ scene: 'inverted' }));
    expect([held.train.count, first(held.test.images)]).toEqual([6, [165]]);
    const none = holdOut(await load({ testParts: ['validation', 'test'] }));
    expect([none.train.count, first(none.test.images)]).toEqual([5, [40]]);
  });

  it('reads a part once, at its first use', () => {
    write(small);
    const set = loadPictureFolder(folder);
    rmSync(join(folder, 'test/hat/1.png'));
    expect(set.train).toBe(set.train);
    expect(() => set.test).toThrow('test/hat/1.png cannot be read');
  });

  it.each<[string, Record<string, Uint8Array | string>, RegExp]>([
    [
      'half a JPEG',
      { 'train/hat/2.jpg': jpg(20).subarray(0, 90) },
      /2\.jpg cannot be read: .* as JPEG: .*expected a J/,
    ],
    ['words', { 'train/hat/1.png': 'no picture' }, /1\.png cannot be read: image is neither JPEG nor PNG.*; expected/],
    ['an empty file', { 'train/hat/1.png': '' }, /hat\/1\.png cannot be read: image is neither JPEG nor PNG/],
    ['notes', { 'train/hat/a.txt': 'x' }, /train\/hat\/a\.txt is no picture, expected \*\.jpg, \*\.jpeg or \*\.png/],
    ['no class', { 'train/1.png': png(1) }, /train\/1\.png is in no class, expected .*train\/CLASS\/1\.png/],
    ['an empty class', { 'train/scarf/.hidden': '' }, /train\/scarf holds no picture, expected at least one/],
    ['a strange class', { 'test/scarf/1.png': png(1) }, /test has the class "scarf", expected one of those in train/],
  ])('is refused in a sentence if it holds %s', (_, more, sentence) => {
    write({ ...small, ...more });
    expect(() => loadPictureFolder(folder).train).toThrow(sentence);
  });

  it('is refused in a sentence if it lacks a part', async () => {
    write({ 'test/hat/1.png': png(1) });
    await expect(load()).rejects.toThrow('has no part train, only test, expected train/CLASS/*.jpg and test/CLASS/');
    write({ 'train/hat/1.png': png(1) });
    await expect(load({ testParts: ['validation', 'test'] })).rejects.toThrow(
      'has no part validation, only train and test',
    );
    mkdirSync(join(folder, 'validation'));
    await expect(load({ testParts: ['validation', 'test'] })).rejects.toThrow('validation holds no class');
  });

  it('is assumed if a folder holds no IDX files', async () => {
    await expect(load()).rejects.toThrow('or with pictures as train/CLASS/*.jpg');
  });
});
