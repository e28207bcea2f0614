import { FloatLayers, type FoldedConvolution, type Layers } from './layers.js';
import type { Precision } from '../../sensing/image/embedding/prepared-models.js';
import { OnnxGraph } from './onnx-graph.js';
import { QuantizedLayers } from './quantized-layers.js';
import type { TorchTensor } from './torch-tensors.js';

// EfficientNet-Lite0: EfficientNet-B0 without squeeze-and-excitation, with ReLU6 in place of swish, and with the 32
// channels of its first layer unchanged.
//
// Sources: Tan and Le, EfficientNet: Rethinking model scaling for convolutional neural networks, ICML 2019, table 1;
// R. Liu, Higher accuracy on vision models with EfficientNet-Lite, TensorFlow blog, March 2020.

/** Stages: repetitions of a block, side of its kernel, stride of the first, expansion factor, channels. */
const stages = [
  { repeats: 1, kernel: 3, stride: 1, expand: 1, channels: 16 },
  { repeats: 2, kernel: 3, stride: 2, expand: 6, channels: 24 },
  { repeats: 2, kernel: 5, stride: 2, expand: 6, channels: 40 },
  { repeats: 3, kernel: 3, stride: 2, expand: 6, channels: 80 },
  { repeats: 3, kernel: 5, stride: 1, expand: 6, channels: 112 },
  { repeats: 4, kernel: 5, stride: 2, expand: 6, channels: 192 },
  { repeats: 1, kernel: 3, stride: 1, expand: 6, channels: 320 },
] as const;

const stem = 32;

/** Added to a variance before its root is taken. */
const epsilon = 1e-3;

/** Length of the vector. */
export const vectorLength = 1280;

/**
 * EfficientNet-Lite0 without its classification layer, as an ONNX file:
 *
 *   picture x of size × size pixels, bytes as float32, R G B, channels first; (x − 127) / 128; convolutions with batch
 *   normalisation folded in, padded as TensorFlow's SAME; the 1280 values of its head, 0..6; mean over all positions
 *
 * y = γ (w ∗ x − μ) / √(σ² + ε) + β is a convolution with the weights w γ / √(σ² + ε) and the bias β − μ γ / √(σ² + ε).
 * No value is negative and most are near 0, so events can be drawn from the vector without subtracting a mean.
 *
 * @param size - side of the picture [pixel]
 * @param precision - numbers in which it calculates
 * @throws Error naming a tensor that is missing or of another shape
 */
export function efficientnetLite0(
  tensors: ReadonlyMap<string, TorchTensor>,
  size: number,
  precision: Precision = 'float32',
): Uint8Array {
  const graph = new OnnxGraph();
  const weights = new FoldedWeights(tensors);
  if (precision === 'int8') describe(new QuantizedLayers(graph), weights);
  else describe(new FloatLayers(graph), weights);
  return graph.write([{ name: 'picture', shape: [1, 3, size, size] }], [{ name: 'vector', shape: [1, vectorLength] }]);
}

function describe<Value>(layers: Layers<Value>, weights: FoldedWeights): void {
  const convolve = (x: Value, name: string, norm: string, shape: readonly number[], stride = 1): Value =>
    layers.convolve(x, weights.fold(name, norm, shape), { stride, active: !name.endsWith('_project_conv') });
  let x = convolve(layers.picture(), '_conv_stem', '_bn0', [stem, 3, 3, 3], 2);
  let [channels, index] = [stem, 0];
  for (const { repeats, kernel, stride, expand, channels: out } of stages) {
    for (let k = 0; k < repeats; k++, index++) {
      const block = `_blocks.${index}`;
      const inner = channels * expand;
      let y = x;
      if (expand > 1) y = convolve(y, `${block}._expand_conv`, `${block}._bn0`, [inner, channels, 1, 1]);
      const step = k === 0 ? stride : 1;
      y = convolve(y, `${block}._depthwise_conv`, `${block}._bn1`, [inner, 1, kernel, kernel], step);
      y = convolve(y, `${block}._project_conv`, `${block}._bn2`, [out, inner, 1, 1]);
      x = k > 0 ? layers.sum(y, x) : y;
      channels = out;
    }
  }
  layers.vector(convolve(x, '_conv_head', '_bn1', [vectorLength, channels, 1, 1]));
}

/** Reads convolutions and folds their batch normalisation into them. */
class FoldedWeights {
  constructor(readonly tensors: ReadonlyMap<string, TorchTensor>) {}

  fold(name: string, norm: string, shape: readonly number[]): FoldedConvolution {
    const weights = this.#tensor(`${name}.weight`, shape);
    const [out] = shape;
    const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
      this.#tensor(`${norm}.${part}`, [out]),
    );
    const factor = gamma.map((each, c) => each / Math.sqrt(variance[c] + epsilon));
    const size = weights.length / out;
    return {
      shape,
      weights: weights.map((weight, k) => weight * factor[Math.floor(k / size)]),
      bias: beta.map((each, c) => each - mean[c] * factor[c]),
      mean: beta,
      deviation: gamma.map(Math.abs),
    };
  }

  #tensor(name: string, shape: readonly number[]): Float32Array {
    const tensor = this.tensors.get(name);
    if (tensor?.shape.join() === shape.join()) return tensor.values;
    const found = tensor === undefined ? 'is missing' : `has the shape ${tensor.shape.join(' × ')}`;
    throw new Error(`${name} ${found}, expected ${shape.join(' × ')}`);
  }
}
