import { addVector, convolutionAttributes, type Application, type FoldedConvolution, type Layers } from './layers.js';
import type { OnnxGraph } from './onnx-graph.js';

// Whole numbers in place of float32:
//
//   x ≈ s (q − z), q in 0..255;   w_c ≈ s_c q, q in −63..63, for each channel c;   bias ≈ s s_c q, 32 bits
//
// The scale s and zero point z of a result need no pictures to calibrate them. The picture itself is bytes: s = 1/128,
// z = 127. What follows a ReLU6 lies in 0..6: s = 6/255, z = 0, and cutting to 0..255 is the ReLU6. Elsewhere batch
// normalisation knows mean β and deviation |γ| of each channel: s and z span all β ± 4 |γ|. In a sum, means and
// variances add.
//
// Weights have seven bits. With eight, processors without VNNI would cut off sums of two products at 16 bits.
//
// Source: B. Jacob et al., Quantization and training of neural networks for efficient integer-arithmetic-only
// inference, CVPR 2018, equations 1 and 7; M. Nagel et al., Data-free quantization through weight equalization and bias
// correction, ICCV 2019, section 5 (ranges from batch normalisation).

const mostWeight = 63;
const deviations = 4;
const mostActive = 6;

/** Numbers as bytes. */
interface Quantized {
  /** Name of the bytes. */
  readonly name: string;
  readonly scale: number;
  /** Names of its scale and zero point. */
  readonly parameters: readonly [string, string];
  /** Mean and variance by channel; absent: it is bounded otherwise. */
  readonly spread?: Spread;
}

interface Spread {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** Layers in whole numbers, as operators of float32 between dequantisation and quantisation, which runtimes fuse. */
export class QuantizedLayers implements Layers<Quantized> {
  constructor(readonly graph: OnnxGraph) {}

  picture(): Quantized {
    const { graph } = this;
    // Rounded as bytes, then read as (x − 127) / 128.
    const [one, zero] = [graph.constant({ shape: [], values: Float32Array.of(1) }), this.#zero(0)];
    const name = graph.add('QuantizeLinear', ['picture', one, zero]);
    const scale = 1 / 128;
    return { name, scale, parameters: [this.#scale(scale), this.#zero(127)] };
  }

  convolve(x: Quantized, convolution: FoldedConvolution, { stride, active }: Application): Quantized {
    const { graph } = this;
    const { shape, weights, bias, mean, deviation } = convolution;
    const [out] = shape;
    const size = weights.length / out;
    const scales = Float32Array.from({ length: out }, (_, c) => {
      const most = weights.subarray(c * size, (c + 1) * size).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      return most > 0 ? most / mostWeight : 1;
    });
    const whole = Int8Array.from(weights, (weight, k) => Math.round(weight / scales[Math.floor(k / size)]));
    const sums = scales.map((each) => each * x.scale);
    const offsets = Int32Array.from(bias, (each, c) => Math.round(each / sums[c]));
    const inputs = [
      this.#read(x),
      this.#constant(shape, whole, scales, new Int8Array(out)),
      this.#constant([out], offsets, sums, new Int32Array(out)),
    ];
    const y = graph.add('Conv', inputs, convolutionAttributes(shape, stride));
    if (active) return this.#write(y, 0, mostActive);
    return this.#written(y, { mean, variance: deviation.map((each) => each * each) });
  }

  sum(a: Quantized, b: Quantized): Quantized {
    const [one, other] = [spreadOf(a), spreadOf(b)];
    const spread = {
      mean: one.mean.map((each, c) => each + other.mean[c]),
      variance: one.variance.map((each, c) => each + other.variance[c]),
    };
    return this.#written(this.graph.add('Add', [this.#read(a), this.#read(b)]), spread);
  }

  vector(x: Quantized): void {
    addVector(this.graph, this.#read(x));
  }

  #read({ name, parameters }: Quantized): string {
    return this.graph.add('DequantizeLinear', [name, ...parameters]);
  }

  #written(y: string, spread: Spread): Quantized {
    const { mean, variance } = spread;
    const reach = variance.map((each) => deviations * Math.sqrt(each));
    const low = mean.reduce((least, each, c) => Math.min(least, each - reach[c]), 0);
    const high = mean.reduce((most, each, c) => Math.max(most, each + reach[c]), 0);
    return { ...this.#write(y, low, high), spread };
  }

  // Zero has a byte of its own, so that padding is exact.
  #write(y: string, low: number, high: number): Quantized {
    const scale = (high - low) / 255;
    const parameters = [this.#scale(scale), this.#zero(Math.round(-low / scale))] as const;
    return { name: this.graph.add('QuantizeLinear', [y, ...parameters]), scale, parameters };
  }

  #constant(
    shape: readonly number[],
    values: Int8Array | Int32Array,
    scales: Float32Array,
    zeros: Int8Array | Int32Array,
  ): string {
    const { graph } = this;
    const inputs = [
      graph.constant({ shape, values }),
      graph.constant({ shape: [scales.length], values: scales }),
      graph.constant({ shape: [zeros.length], values: zeros }),
    ];
    return graph.add('DequantizeLinear', inputs, { axis: 0 });
  }

  #scale(value: number): string {
    return this.graph.constant({ shape: [], values: Float32Array.of(value) });
  }

  #zero(value: number): string {
    return this.graph.constant({ shape: [], values: Uint8Array.of(value) });
  }
}

function spreadOf({ spread }: Quantized): Spread {
  if (spread === undefined) throw new Error('a sum of bounded numbers, expected results of convolutions or sums');
  return spread;
}
