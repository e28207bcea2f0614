import type { Kernel } from './kernel-module.js';
import type { NetworkShape } from './network-shape.js';

/** What class neurons learn from. */
export interface ClassNeuronUse {
  /** Unlabelled samples too; false where absent. */
  readonly selfLearning?: boolean;
  /** Samples are feature vectors, which have a large common part; false where absent. */
  readonly features?: boolean;
}

/**
 * State of class neurons (kernel/class-neurons.ts), for a capacity of C classes and D inputs. C and D are rounded up to
 * multiples of 4.
 */
export interface ClassNeurons {
  /** v_ci: C × D, inputs in scan order; finite, from 0. */
  readonly weights: Float32Array;
  /** C each: 1 / |v_c|; samples n_c and labels L_c of each class neuron; total weight U_c of its unlabelled samples. */
  readonly inverse: Float32Array;
  readonly seen: Float32Array;
  readonly labels: Float32Array;
  readonly self: Float32Array;
  /** 2: how often the class neurons, and the net, were right where the other was wrong; both fade. */
  readonly credit: Float32Array;
  /** C each: b_c, the mean drive of an event, and t_c, the samples in that mean (kernel/common-drive.ts). */
  readonly common: Float32Array;
  readonly looks: Float32Array;
}

/** The names of {@link ClassNeurons}. */
export const classNeuronArrays = ['weights', 'inverse', 'seen', 'labels', 'self', 'credit', 'common', 'looks'] as const;

/** Views of the kernel's state. */
export function viewClassNeurons(kernel: Kernel, { rows, columns }: NetworkShape, capacity: number): ClassNeurons {
  const classes = (capacity + 3) & ~3;
  const inputs = (rows * columns + 3) & ~3;
  return {
    weights: kernel.view(Float32Array, 'classWeights', classes * inputs),
    inverse: kernel.view(Float32Array, 'classInverse', classes),
    seen: kernel.view(Float32Array, 'classSeen', classes),
    labels: kernel.view(Float32Array, 'classLabels', classes),
    self: kernel.view(Float32Array, 'classSelf', classes),
    credit: kernel.view(Float32Array, 'classCredit', 2),
    common: kernel.view(Float32Array, 'classCommon', classes),
    looks: kernel.view(Float32Array, 'classLooks', classes),
  };
}
