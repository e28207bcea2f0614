import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import { FloatLayers, type FoldedConvolution, type Layers } from '../../../src/cli/embedding/layers.js';
import { OnnxGraph } from '../../../src/cli/embedding/onnx-graph.js';
import { QuantizedLayers } from '../../../src/cli/embedding/quantized-layers.js';
import { Look, openBackbone } from '../../../src/sensing/image/embedding/backbone.js';
import { withoutRuntime } from '../../sensing/embedding/tiny-model.js';

const folder = mkdtempSync(join(tmpdir(), 'topspark-quantized-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const size = 32;
const length = 24;

/** A convolution with random weights; `mean` and `deviation` are those of its results, roughly. */
function convolution(random: Random, shape: readonly number[], mean: number, deviation: number): FoldedConvolution {
  const [out, inner = 1, height = 1, width = 1] = shape;
  const terms = inner * height * width;
  return {
    shape,
    weights: Float32Array.from({ length: out * terms }, () => (2 * random.uniform() - 1) / Math.sqrt(terms)),
    bias: Float32Array.from({ length: out }, () => mean * random.uniform()),
    mean: new Float32Array(out).fill(mean / 2),
    deviation: new Float32Array(out).fill(deviation),
  };
}

/** A network with everything that the backbone has: strides, depthwise convolutions, a sum, ReLU6 and none. */
function build<Value>(layers: Layers<Value>): void {
  const random = new Random(5);
  const active = { stride: 1, active: true };
  let x = layers.convolve(layers.picture(), convolution(random, [8, 3, 3, 3], 1, 2), { stride: 2, active: true });
  const first = layers.convolve(x, convolution(random, [8, 8, 1, 1], 1, 2), { stride: 1, active: false });
  x = layers.convolve(first, convolution(random, [8, 1, 5, 5], 1, 2), active);
  x = layers.convolve(x, convolution(random, [8, 8, 1, 1], 1, 2), { stride: 1, active: false });
  layers.vector(layers.convolve(layers.sum(x, first), convolution(random, [length, 8, 1, 1], 2, 2), active));
}

function vectorOf(make: (graph: OnnxGraph) => void, name: string, picture: (k: number) => number): Float32Array {
  const graph = new OnnxGraph();
  make(graph);
  const file = join(folder, `${name}.onnx`);
  const inputs = [{ name: 'picture', shape: [1, 3, size, size] }];
  writeFileSync(file, graph.write(inputs, [{ name: 'vector', shape: [1, length] }]));
  const look = new Look(openBackbone(file, 'a model'));
  for (let k = 0; k < look.picture.length; k++) look.picture[k] = picture(k);
  void look.begin();
  return look.finish().slice();
}

describe.skipIf(withoutRuntime !== undefined)(
  `QuantizedLayers${withoutRuntime ? `: skipped, ${withoutRuntime}` : ''}`,
  () => {
    const float = (graph: OnnxGraph): void => {
      build(new FloatLayers(graph));
    };
    const whole = (graph: OnnxGraph): void => {
      build(new QuantizedLayers(graph));
    };

    it.each([
      ['noise', (k: number): number => (k * 2_654_435_761) >>> 24],
      ['black', (): number => 0],
      ['white', (): number => 255],
    ])('compute about the same as float32: %s', (name, picture) => {
      const [exact, found] = [vectorOf(float, `${name}-float`, picture), vectorOf(whole, `${name}-whole`, picture)];
      // A step of the results is 6 / 255 = 0.024; those before have steps of up to 0.07.
      for (let c = 0; c < length; c++) expect(Math.abs(found[c] - exact[c]), `number ${c}`).toBeLessThan(0.15);
      expect(Math.max(...exact)).toBeGreaterThan(1);
    });

    it('give the same bits twice', () => {
      const picture = (k: number): number => k & 255;
      expect(vectorOf(whole, 'again', picture)).toEqual(vectorOf(whole, 'again', picture));
    });
  },
);

describe('QuantizedLayers', () => {
  it('refuse a sum of what is bounded by ReLU6, which no backbone here has', () => {
    const layers = new QuantizedLayers(new OnnxGraph());
    const each = convolution(new Random(1), [4, 3, 1, 1], 0, 1);
    const x = layers.convolve(layers.picture(), each, { stride: 1, active: true });
    expect(() => layers.sum(x, x)).toThrow('expected results of convolutions or sums');
  });
});
