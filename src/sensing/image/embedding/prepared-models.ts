import { homedir } from 'node:os';
import { join } from 'node:path';

/** Sides of pictures for which `topspark embedding prepare` makes a model [pixel]. */
export const preparedSizes = [224, 160, 96] as const;

/** Numbers in which a prepared model calculates: whole numbers take about half the time. */
export const precisions = ['float32', 'int8'] as const;
export type Precision = (typeof precisions)[number];

/** Folder of prepared models: `topspark/embedding` in $XDG_CACHE_HOME or ~/.cache. */
export function modelFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const cache = env['XDG_CACHE_HOME'];
  // An empty or relative one is to be ignored (XDG base directory specification 0.8).
  return join(cache?.startsWith('/') ? cache : join(homedir(), '.cache'), 'topspark', 'embedding');
}

/** Path of the prepared model for pictures of `size` × `size` pixels. */
export function preparedModel(size: number, precision: Precision = 'float32'): string {
  const numbers = precision === 'float32' ? '' : `-${precision}`;
  return join(modelFolder(), `efficientnet-lite0-${size}${numbers}.onnx`);
}
