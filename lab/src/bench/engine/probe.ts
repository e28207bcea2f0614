import { readFileSync } from 'node:fs';
import { TopsparkError } from 'topspark/base/errors.js';
import { alternate, type ContenderEffort } from './alternate.js';

/** Peak performance of this machine with the kernel's instructions. */
export interface Peak {
  /** Clock, measured by a chain of one-cycle operations [Hz]. */
  readonly clock: number;
  /** Additions per second in SIMD registers, four per instruction. */
  readonly additions: number;
  /** Bandwidth of reading and adding, over a range of memory that is read repeatedly. */
  readonly bandwidth: readonly { readonly bytes: number; readonly bytesPerSecond: number }[];
}

/** The probe's functions; probe/index.ts describes them. */
export interface Probe {
  addRows(at: number, bytes: number, repeats: number): number;
  add(turns: number, summand: number): number;
  chain(turns: number, x: number, y: number): number;
}

/** Ranges of memory [byte], from the first-level cache to main memory. */
const ranges = [14, 16, 18, 19, 20, 21, 22, 24, 26].map((power) => Math.floor(2 ** power / 96) * 96);
const addsPerTurn = 64 * 4;
const cyclesPerTurn = 32;

/**
 * Measures the machine with a small WebAssembly module.
 *
 * @throws TopsparkError `kernel_missing` where lab/dist/probe.wasm was not built
 */
export function measurePeak(effort: ContenderEffort, progress: (done: number) => void): Peak {
  const probe = openProbe();
  const sizes = ranges.map((bytes) => ({
    name: `read and add ${bytes}`,
    run: (count: number) => probe.addRows(probeAt, bytes, count),
  }));
  const others = [
    { name: 'add', run: (count: number) => probe.add(1000 * count, 1) },
    { name: 'clock', run: (count: number) => probe.chain(1000 * count, 3, 5) },
  ];
  const timings = alternate([...sizes, ...others], effort, progress);
  // The best round counts, since other work on the machine only lowers a measured peak.
  const perSecond = (index: number, each: number): number => (each * 1e6) / timings[index].low;
  return {
    clock: perSecond(sizes.length + 1, 1000 * cyclesPerTurn),
    additions: perSecond(sizes.length, 1000 * addsPerTurn),
    bandwidth: ranges.map((bytes, index) => ({ bytes, bytesPerSecond: perSecond(index, bytes) })),
  };
}

/** Number of measurements that {@link measurePeak} makes in a round. */
export const probes = ranges.length + 2;

/** Bandwidth of a range of memory: that of the next larger one measured. */
export function bandwidthAt(peak: Peak, bytes: number): number {
  const found = peak.bandwidth.find((range) => range.bytes >= bytes) ?? peak.bandwidth.at(-1);
  return found?.bytesPerSecond ?? NaN;
}

/** Start of the probe's 64 MiB; its own data come before. */
export const probeAt = 65_536;

/**
 * Opens the probe and fills its memory.
 *
 * @throws TopsparkError `kernel_missing` where lab/dist/probe.wasm was not built
 */
export function openProbe(): Probe {
  const url = new URL('../../../dist/probe.wasm', import.meta.url);
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(url)));
    // Pages that were never written all map to one page of zeros, which would stay in the cache.
    new Float32Array((exports['memory'] as WebAssembly.Memory).buffer, probeAt).fill(1);
    return exports as unknown as Probe;
  } catch (cause) {
    const message = `the probe ${url.pathname} cannot be read, expected it from 'npm run build:kernel'`;
    throw new TopsparkError('kernel_missing', 'environment', message, { cause });
  }
}
