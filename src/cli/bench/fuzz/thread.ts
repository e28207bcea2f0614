import { parentPort, workerData } from 'node:worker_threads';
import { fuzz } from './run.js';

/** What the thread is asked for. */
export interface FuzzTask {
  readonly sensor: string;
  readonly messages: number;
  readonly seed: number;
}

// Shared with whoever watches: the number of the message in hand.
const place = workerData as Int32Array;

parentPort?.on('message', ({ sensor, messages, seed }: FuzzTask) => {
  const result = fuzz(sensor, messages, seed, (message) => {
    Atomics.store(place, 0, message);
  });
  parentPort?.postMessage(result);
});
