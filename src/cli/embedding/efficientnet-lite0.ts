import { OnnxGraph, type Attribute } from './onnx-graph.js';
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
 * @throws Error naming a tensor that is missing or of another shape
 */
export function efficientnetLite0(tensors: ReadonlyMap<string, TorchTensor>, size: number): Uint8Array {
  const graph = new OnnxGraph();
  const layers = new Layers(graph, tensors);
  const centred = graph.add('Sub', ['picture', graph.constant({ shape: [], values: Float32Array.of(127) })]);
  let x = graph.add('Mul', [centred, graph.constant({ shape: [], values: Float32Array.of(1 / 128) })]);
  x = layers.active(layers.convolve(x, '_conv_stem', '_bn0', { shape: [stem, 3, 3, 3], stride: 2 }));
  let [channels, index] = [stem, 0];
  for (const { repeats, kernel, stride, expand, channels: out } of stages) {
    for (let k = 0; k < repeats; k++, index++) {
      const block = `_blocks.${index}`;
      const inner = channels * expand;
      let y = x;
      if (expand > 1) {
        y = layers.active(
          layers.convolve(y, `${block}._expand_conv`, `${block}._bn0`, { shape: [inner, channels, 1, 1] }),
        );
      }
      const each = { shape: [inner, 1, kernel, kernel], stride: k === 0 ? stride : 1, group: inner };
      y = layers.active(layers.convolve(y, `${block}._depthwise_conv`, `${block}._bn1`, each));
      y = layers.convolve(y, `${block}._project_conv`, `${block}._bn2`, { shape: [out, inner, 1, 1] });
      x = k > 0 ? graph.add('Add', [y, x]) : y;
      channels = out;
    }
  }
  x = layers.active(layers.convolve(x, '_conv_head', '_bn1', { shape: [vectorLength, channels, 1, 1] }));
  graph.add('Flatten', [graph.add('GlobalAveragePool', [x])], { axis: 1 }, 'vector');
  return graph.write([{ name: 'picture', shape: [1, 3, size, size] }], [{ name: 'vector', shape: [1, vectorLength] }]);
}

interface Convolution {
  readonly shape: readonly number[];
  readonly stride?: number;
  readonly group?: number;
}

/** Layers of the network as ONNX operators. */
class Layers {
  readonly #limits: readonly string[];

  constructor(
    readonly graph: OnnxGraph,
    readonly tensors: ReadonlyMap<string, TorchTensor>,
  ) {
    this.#limits = [0, 6].map((value) => graph.constant({ shape: [], values: Float32Array.of(value) }));
  }

  /** ReLU6. */
  active(x: string): string {
    return this.graph.add('Clip', [x, ...this.#limits]);
  }

  /** A convolution and its batch normalisation. */
  convolve(x: string, name: string, norm: string, { shape, stride = 1, group = 1 }: Convolution): string {
    const weights = this.#tensor(`${name}.weight`, shape);
    const [out] = shape;
    const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map((part) =>
      this.#tensor(`${norm}.${part}`, [out]),
    );
    const factor = gamma.map((each, c) => each / Math.sqrt(variance[c] + epsilon));
    const size = weights.length / out;
    const folded = weights.map((weight, k) => weight * factor[Math.floor(k / size)]);
    const bias = beta.map((each, c) => each - mean[c] * factor[c]);
    const attributes: Readonly<Record<string, Attribute>> = {
      auto_pad: 'SAME_UPPER',
      kernel_shape: shape.slice(2),
      strides: [stride, stride],
      group,
    };
    const inputs = [
      x,
      this.graph.constant({ shape, values: folded }),
      this.graph.constant({ shape: [out], values: bias }),
    ];
    return this.graph.add('Conv', inputs, attributes);
  }

  #tensor(name: string, shape: readonly number[]): Float32Array {
    const tensor = this.tensors.get(name);
    if (tensor?.shape.join() === shape.join()) return tensor.values;
    const found = tensor === undefined ? 'is missing' : `has the shape ${tensor.shape.join(' × ')}`;
    throw new Error(`${name} ${found}, expected ${shape.join(' × ')}`);
  }
}
