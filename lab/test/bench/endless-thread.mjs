// @ts-check
// In place of the thread that fuzzes: its eighth message never ends.
import { parentPort, workerData } from 'node:worker_threads';

parentPort?.on('message', () => {
  Atomics.store(workerData, 0, 7);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
