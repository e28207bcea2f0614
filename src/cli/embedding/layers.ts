import type { Attribute, OnnxGraph } from './onnx-graph.js';

/** A convolution with its batch normalisation folded in. */
export interface FoldedConvolution {
  /** Channels out, channels in of a group, height, width. */
  readonly shape: readonly number[];
  readonly weights: Float32Array;
  /** By channel. */
  readonly bias: Float32Array;
  /** Mean and standard deviation of each channel of the result, as its batch normalisation knows them. */
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

/** How a convolution is applied. */
export interface Application {
  readonly stride: number;
  /** Whether ReLU6 follows. */
  readonly active: boolean;
}

/** Builds a network of convolutions in one kind of numbers. */
export interface Layers<Value> {
  /** The picture of bytes, as (x − 127) / 128. */
  picture(): Value;
  convolve(x: Value, convolution: FoldedConvolution, application: Application): Value;
  sum(a: Value, b: Value): Value;
  /** The mean over all positions, as the output. */
  vector(x: Value): void;
}

/** Attributes of a convolution, padded as TensorFlow's SAME; one channel in means that each channel is a group. */
export function convolutionAttributes(shape: readonly number[], stride: number): Readonly<Record<string, Attribute>> {
  const group = shape[1] === 1 ? shape[0] : 1;
  return { auto_pad: 'SAME_UPPER', kernel_shape: shape.slice(2), strides: [stride, stride], group };
}

/** The mean of `x` over all positions, as the output `vector`. */
export function addVector(graph: OnnxGraph, x: string): void {
  graph.add('Flatten', [graph.add('GlobalAveragePool', [x])], { axis: 1 }, 'vector');
}

/** Layers in float32. */
export class FloatLayers implements Layers<string> {
  readonly #limits: readonly string[];

  constructor(readonly graph: OnnxGraph) {
    this.#limits = [0, 6].map((value) => this.#number(value));
  }

  picture(): string {
    const centred = this.graph.add('Sub', ['picture', this.#number(127)]);
    return this.graph.add('Mul', [centred, this.#number(1 / 128)]);
  }

  convolve(x: string, { shape, weights, bias }: FoldedConvolution, { stride, active }: Application): string {
    const inputs = [
      x,
      this.graph.constant({ shape, values: weights }),
      this.graph.constant({ shape: [shape[0]], values: bias }),
    ];
    const y = this.graph.add('Conv', inputs, convolutionAttributes(shape, stride));
    return active ? this.graph.add('Clip', [y, ...this.#limits]) : y;
  }

  sum(a: string, b: string): string {
    return this.graph.add('Add', [a, b]);
  }

  vector(x: string): void {
    addVector(this.graph, x);
  }

  #number(value: number): string {
    return this.graph.constant({ shape: [], values: Float32Array.of(value) });
  }
}
