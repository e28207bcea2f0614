import { readFileSync } from 'node:fs';
import { TopsparkError } from '../base/errors.js';

/** Types of array in which the kernel's memory may be viewed. */
export type View = Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** Functions of `kernel/index.ts`. */
export interface KernelFunctions {
  create(neurons: number, inputs: number, classes: number, polarity: number): number;
  clear(): void;
  present(learn: number): void;
  credit(label: number, fired: number, nearest: number): void;
  confirm(label: number, fired: number, part: number): void;
  takeBackConfirmed(label: number, fired: number, part: number): void;
  renew(neuron: number, label: number): void;
  teachClass(label: number, classAnswer: number, netAnswer: number): void;
  takeBackClass(label: number, learned: number): void;
  takeBack(label: number, fired: number, nearest: number): void;
  takeEvidence(neuron: number, label: number, amount: number): void;
  giveEvidence(neuron: number, label: number, amount: number): void;
  restoreRows(): void;
  createInTime(neurons: number, inputs: number, classes: number, polarity: number): number;
  sow(seed: number): void;
  beginInTime(learn: number, sample: number): number;
  runInTime(most: number): number;
  endInTime(): void;
  createPixelRows(bytes: number, length: number): number;
  clearPixelSums(length: number): void;
  addPixelRows(step: number, rows: number, length: number): void;
  createEdges(width: number, height: number): number;
  prepareEdges(): void;
  encodeEdges(): number;
  createScene(width: number, height: number): number;
  encodeScene(planes: number): number;
  createEvents(width: number, height: number, cells: number, events: number): number;
  clearEvents(pixels: number): void;
  takeEvents(count: number, width: number, height: number, most: number): void;
  poolEvents(width: number, height: number, columns: number, cells: number, most: number): number;
  createPoints(rings: number, sectors: number, bytes: number): number;
  clearPoints(): void;
  countPoints(count: number, step: number, atX: number, atY: number, atZ: number, wide: number, sign: number): void;
  createMotion(messages: number): number;
  readMotion(first: number, count: number): void;
  createReadout(inputs: number, capacity: number): number;
  resetPrecision(ridge: number): void;
  readReadout(classes: number): void;
  teachReadout(label: number, classes: number, back: number): number;
  moveReadout(from: number, to: number): void;
}

/** A kernel: its functions, and its globals by name. A global is a number or the address of an array. */
export interface Kernel {
  readonly call: KernelFunctions;
  /** The global of that name; its value can be read and set. */
  global(name: string): { value: number };
  /** View of `length` elements at the address in the global of that name. Valid once the network is created. */
  view<T extends View>(
    type: new (buffer: ArrayBuffer, at: number, length: number) => T,
    name: string,
    length: number,
  ): T;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Makes a kernel with its own memory. The module is compiled once per process.
 *
 * @throws TopsparkError `kernel_missing` where dist/kernel.wasm was not built, `kernel_outdated` where it is of another
 *   version
 */
export function instantiateKernel(): Kernel {
  compiled ??= new WebAssembly.Module(readKernel());
  const { exports } = new WebAssembly.Instance(compiled);
  const { memory } = exports;
  if (!(memory instanceof WebAssembly.Memory)) throw outdated('memory');
  const global = (name: string): WebAssembly.Global => {
    const found = exports[name];
    if (found instanceof WebAssembly.Global) return found;
    throw outdated(name);
  };
  return {
    call: exports as unknown as KernelFunctions,
    global,
    view: (type, name, length) => new type(memory.buffer, global(name).value >>> 0, length),
  };
}

/**
 * Makes a kernel for what runs beside the network, and reserves its memory.
 *
 * @param first - one of its globals: an outdated kernel lacks it
 * @param what - what the memory is for, in the error
 * @param reserve - returns 0 where there is not enough memory
 * @throws TopsparkError `memory`; as {@link instantiateKernel}
 */
export function reserveKernel(first: string, what: string, reserve: (call: KernelFunctions) => number): Kernel {
  const kernel = instantiateKernel();
  kernel.global(first);
  if (reserve(kernel.call) !== 0) return kernel;
  throw new TopsparkError('memory', 'environment', `no memory for ${what}`);
}

function readKernel(): Uint8Array {
  const url = new URL('../../dist/kernel.wasm', import.meta.url);
  try {
    return readFileSync(url);
  } catch (cause) {
    const message = `the kernel ${url.pathname} cannot be read, expected it from 'npm run build:kernel'`;
    throw new TopsparkError('kernel_missing', 'environment', message, { cause });
  }
}

function outdated(name: string): TopsparkError {
  return new TopsparkError('kernel_outdated', 'environment', `dist/kernel.wasm has no '${name}', expected a new build`);
}
