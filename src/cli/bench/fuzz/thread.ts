import { parentPort, workerData } from 'node:worker_threads';
import { fuzz, type FuzzTask } from './run.js';

// Shared with whoever watches: the number of the message in hand.
const place = workerData as Int32Array;

parentPort?.on('message', (task: FuzzTask) => {
  const result = fuzz(task, (message) => {
    Atomics.store(place, 0, message);
  });
  parentPort?.postMessage(result);
});
