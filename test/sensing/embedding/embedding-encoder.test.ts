import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { backbonesOf, EmbeddingEncoder } from '../../../src/sensing/image/embedding/embedding-encoder.js';
import type { ImageFrame } from '../../../src/sensing/image/image-frame.js';
import { sensorEncoder } from '../../../src/sensing/sensor-kinds.js';
import { tinyLength, tinyModel, withoutRuntime, type TinyModel } from './tiny-model.js';

const folder = mkdtempSync(join(tmpdir(), 'topspark-embedding-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
const encoderOf = (model: TinyModel | Uint8Array): EmbeddingEncoder => {
  const file = join(folder, `${files++}.onnx`);
  writeFileSync(file, model instanceof Uint8Array ? model : tinyModel(model));
  return new EmbeddingEncoder(backbonesOf({ model: file, size: 224 }), { maxPixels: 2 ** 20, maxDepth: 10 });
};

const plain = (encoding: string, pixel: readonly number[], width = 40, height = 32): ImageFrame => ({
  ...{ width, height, encoding, bigEndian: false, step: pixel.length * width },
  data: Uint8Array.from({ length: pixel.length * width * height }, (_, k) => pixel[k % pixel.length]),
});

const seen = (encoder: EmbeddingEncoder, frame: ImageFrame): number[] => {
  const into = new Uint8Array(encoder.columns);
  encoder.encode(frame, into);
  return [...into];
};

const skipped = withoutRuntime === undefined ? '' : `: skipped, ${withoutRuntime}`;

describe.skipIf(skipped !== '')(`EmbeddingEncoder${skipped}`, () => {
  // Of red 200, green 150 and blue 50 the vector is 100, 50, −50 and its opposite; the largest is 255.
  const expected = [255, 128, 0, 0, 0, 128, 0, 0, 128, 255, 128, 0];

  it('writes the vector of a model as signed rows, for any order of colours', () => {
    const encoder = encoderOf({});
    expect(encoder.columns).toBe(2 * tinyLength);
    expect(seen(encoder, plain('rgb8', [200, 150, 50]))).toEqual(expected);
    expect(seen(encoder, plain('bgr8', [50, 150, 200]))).toEqual(expected);
    expect(seen(encoder, plain('rgba8', [200, 150, 50, 7]))).toEqual(expected);
    expect(seen(encoder, plain('bgra8', [50, 150, 200, 7]))).toEqual(expected);
  });

  it('reads grey as equal light in all three colours', () => {
    expect(seen(encoderOf({}), plain('mono8', [150]))).toEqual([255, 255, 255, 0, 0, 0, 0, 0, 0, 255, 255, 255]);
  });

  it('reads the central square of a wide image', () => {
    const encoder = encoderOf({ size: 16 });
    const frame = plain('rgb8', [200, 150, 50], 64, 32);
    // Everything outside of it is black.
    for (let y = 0; y < 32; y++) {
      frame.data.fill(0, y * frame.step, y * frame.step + 48);
      frame.data.fill(0, y * frame.step + 144, (y + 1) * frame.step);
    }
    expect(seen(encoder, frame)).toEqual(expected);
  });

  it('returns the same bytes when an image was started before, and when another image came between', async () => {
    const encoder = encoderOf({});
    const [one, other] = [plain('rgb8', [200, 150, 50]), plain('rgb8', [10, 250, 99])];
    await encoder.begin(one);
    expect(seen(encoder, one)).toEqual(expected);
    void encoder.begin(one);
    const between = seen(encoder, other);
    expect(between).not.toEqual(expected);
    expect(seen(encoder, one)).toEqual(expected);
    expect(encoder.work.frontEndMicroseconds).toBeGreaterThan(0);
  });

  it('returns each its own vector when two share a model', async () => {
    const file = join(folder, `${files++}.onnx`);
    writeFileSync(file, tinyModel());
    const limits = { maxPixels: 2 ** 20, maxDepth: 10 };
    const [left, right] = [1, 2].map(() => new EmbeddingEncoder(backbonesOf({ model: file, size: 224 }), limits));
    const [one, other] = [plain('rgb8', [200, 150, 50]), plain('rgb8', [10, 250, 99])];
    await Promise.all([left.begin(one), right.begin(other)]);
    expect(seen(left, one)).toEqual(expected);
    expect(seen(right, other)).not.toEqual(expected);
  });

  it('sees at another resolution from the next image on', () => {
    // The smaller model negates its input.
    const paths = [{}, { size: 16, factor: -1 }].map((model) => {
      const file = join(folder, `${files++}.onnx`);
      writeFileSync(file, tinyModel(model));
      return file;
    });
    const models = paths.flatMap((model) => backbonesOf({ model, size: 224 }));
    const encoder = new EmbeddingEncoder(models, { maxPixels: 2 ** 20, maxDepth: 10 });
    expect(encoder.sights.map(({ resolution }) => resolution)).toEqual([32, 16]);
    const frame = plain('rgb8', [200, 150, 50]);
    const opposite = [...expected.slice(6), ...expected.slice(0, 6)];
    expect(seen(encoder, frame)).toEqual(expected);
    void encoder.begin(frame);
    // An image that was started is finished at its resolution.
    encoder.lookAt(31);
    expect(seen(encoder, frame)).toEqual(expected);
    expect(seen(encoder, frame)).toEqual(opposite);
    encoder.lookAt(8);
    expect(seen(encoder, frame)).toEqual(opposite);
    encoder.lookAt(Infinity);
    expect(seen(encoder, frame)).toEqual(expected);
  });

  it('is silent when the vector contains only zeros', () => {
    expect(() => seen(encoderOf({}), plain('mono8', [100]))).toThrow('all numbers of the vector are 0');
  });

  it('refuses a vector that is not finite', () => {
    expect(() => seen(encoderOf({ factor: 1e38 }), plain('mono8', [255]))).toThrow('a vector that is not finite');
  });

  it('refuses an image before it runs the model', () => {
    const encoder = encoderOf({});
    expect(() => seen(encoder, { ...plain('rgb8', [1, 2, 3]), step: 7 })).toThrow('step is 7 bytes');
    expect(seen(encoder, plain('rgb8', [200, 150, 50]))).toEqual(expected);
  });
});

describe.skipIf(skipped !== '')(`a model that does not fit${skipped}`, () => {
  const picture = { name: 'picture', shape: [1, 3, 32, 32] };

  it.each([
    [
      'two inputs',
      { inputs: [picture, { ...picture, name: 'other' }] },
      /its inputs are "picture" of float32\[1, 3, 32, 32\] and "other"/,
    ],
    [
      'an open side',
      { inputs: [{ name: 'picture', shape: [1, 3, 'height', 'width'] }] },
      /float32\[1, 3, height, width\], expected one input/,
    ],
    [
      'an open number of pictures',
      {
        inputs: [{ name: 'picture', shape: ['batch', 3, 32, 32] }],
        outputs: [{ name: 'vector', shape: ['batch', 6] }],
      },
      /float32\[batch, 3, 32, 32\], expected/,
    ],
    [
      'a picture that is no square',
      { inputs: [{ name: 'picture', shape: [1, 3, 32, 48] }] },
      /float32\[1, 3, 32, 48\], expected/,
    ],
    [
      'two outputs',
      {
        outputs: [
          { name: 'vector', shape: [1, 6] },
          { name: 'v0', shape: [1, 3, 32, 32] },
        ],
      },
      /its outputs are "vector" of float32\[1, 6\] and "v0"/,
    ],
    [
      'a picture as output',
      { outputs: [{ name: 'v1', shape: [1, 6, 32, 32] }] },
      /its outputs are "v1" of float32\[1, 6, 32, 32\], expected one output/,
    ],
  ] as const)('is refused in one sentence: %s', (_, model, sentence) => {
    expect(() => encoderOf(model)).toThrow(sentence);
  });

  it('is refused when its input has another type', () => {
    const graph = tinyModel({ inputs: [{ ...picture, type: 'uint8' }] });
    expect(() => encoderOf(graph)).toThrow(/embedding model ".*": .*/);
  });

  it('is refused when its file is truncated, contains no model, or is missing', () => {
    const whole = tinyModel();
    expect(() => encoderOf(whole.subarray(0, whole.length / 2))).toThrow(
      /it cannot be loaded: .*, expected a whole ONNX file/,
    );
    expect(() => encoderOf(new TextEncoder().encode('no model'))).toThrow(/it cannot be loaded/);
    expect(() => encoderOf(new Uint8Array())).toThrow(/expected/);
    const missing = { model: join(folder, 'missing.onnx'), size: 224 };
    expect(() => backbonesOf(missing)).toThrow('there is no such file');
  });
});

it.skipIf(withoutRuntime === undefined)('a model without its runtime is refused in one sentence', () => {
  expect(() => encoderOf({})).toThrow(
    /needs onnxruntime-node@1\.30\.0, which cannot be loaded: .*; npm install onnxruntime-node/,
  );
});

it('numbers of the prepared model are refused for a file of the user', () => {
  const values = {
    encoding: 'embedding',
    'embedding.model': '/my.onnx',
    'embedding.precision': 'int8',
  };
  expect(() => sensorEncoder({ name: 'image', values })).toThrow(
    'embedding.precision is int8 with the file /my.onnx, expected it for the prepared model alone',
  );
});
