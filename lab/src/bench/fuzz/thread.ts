import { parentPort, workerData } from 'node:worker_threads';
import { fuzzOrder, type OrderTask } from '../order/order-run.js';
import { fuzzBags, type BagFuzzTask } from './fuzz-bags.js';
import { fuzz, type FuzzTask } from './fuzz-run.js';

// Shared with the observer: the number of the current message.
const place = workerData as Int32Array;

const begin = (message: number): void => {
  Atomics.store(place, 0, message);
};

parentPort?.on('message', (task: FuzzTask | BagFuzzTask | OrderTask) => {
  if ('topic' in task) parentPort?.postMessage(fuzz(task, begin));
  else if ('bag' in task) void fuzzBags(task, begin).then((result) => parentPort?.postMessage(result));
  else void fuzzOrder(task, begin).then((result) => parentPort?.postMessage(result));
});
