import { openSync, readSync } from 'node:fs';

const cell = new Int32Array(new SharedArrayBuffer(4));

/** The times of this thread, which stay open: opening takes longer than reading. */
let times: number | undefined;
const text = Buffer.alloc(64);

/**
 * CPU time of this thread so far [µs]. Where Linux's schedstat is missing, it is that of the process, which is the same
 * if only one thread computes.
 */
export function threadCpuTime(): number {
  // The system books time when a thread leaves the CPU, or every few milliseconds, so leave the CPU for a moment.
  Atomics.wait(cell, 0, 0, 0.01);
  return bookedThreadCpuTime();
}

/** CPU time of this thread as last booked [µs], up to a few milliseconds ago. The thread does not wait. */
export function bookedThreadCpuTime(): number {
  try {
    // "nanoseconds on the CPU, nanoseconds waiting, slices"
    times ??= openSync('/proc/thread-self/schedstat', 'r');
    const nanoseconds = Number.parseInt(text.toString('latin1', 0, readSync(times, text, 0, text.length, 0)), 10);
    if (nanoseconds > 0) return nanoseconds / 1000;
  } catch {
    // not Linux, or a kernel built without it
  }
  const { user, system } = process.cpuUsage();
  return user + system;
}
