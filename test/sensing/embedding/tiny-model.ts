import { createRequire } from 'node:module';
import { OnnxGraph, type GraphValue } from '../../../src/cli/embedding/onnx-graph.js';

/** How a tiny model differs from a valid one. */
export interface TinyModel {
  readonly size?: number;
  readonly inputs?: readonly GraphValue[];
  readonly outputs?: readonly GraphValue[];
  /** Factor on every weight, so that two models differ. */
  readonly factor?: number;
}

/** Numbers in its vector: for each colour the mean less 100, and its negative. */
export const tinyLength = 6;

/** An ONNX file that the real runtime runs: v = w · (mean of each colour − 100). */
export function tinyModel({ size = 32, factor = 1, ...values }: TinyModel = {}): Uint8Array {
  const graph = new OnnxGraph();
  const weights = Float32Array.from({ length: 3 * tinyLength }, (_, k) => {
    const [row, column] = [Math.floor(k / 3), k % 3];
    return row % 3 === column ? (row < 3 ? factor : -factor) : 0;
  });
  const centred = graph.add('Sub', ['picture', graph.constant({ shape: [], values: Float32Array.of(100) })]);
  const mixed = graph.add('Conv', [centred, graph.constant({ shape: [tinyLength, 3, 1, 1], values: weights })]);
  graph.add('Flatten', [graph.add('GlobalAveragePool', [mixed])], { axis: 1 }, 'vector');
  const { inputs, outputs } = values;
  return graph.write(
    inputs ?? [{ name: 'picture', shape: [1, 3, size, size] }],
    outputs ?? [{ name: 'vector', shape: [1, tinyLength] }],
  );
}

/** Why tests with a model are skipped; `undefined`: its runtime is there. */
export const withoutRuntime = ((): string | undefined => {
  try {
    createRequire(import.meta.url).resolve('onnxruntime-node');
    return undefined;
  } catch {
    return 'onnxruntime-node is not installed (docs/install.md#the-embedding-eye)';
  }
})();
