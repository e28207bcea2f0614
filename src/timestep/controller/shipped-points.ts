// Written by `npm run profile:shipped`; do not edit.
//
//   topspark profile --dataset mnist
//   commit 08e92c5efb782da2e1d894e9e5b72b57d87221c8, 2026-11-24
//   AMD EPYC, Node 20.20.2

import type { ProfilePoint } from './profile.js';

/** What was profiled: the data set, samples held out for measuring, and the network with what it learned. */
export const shippedOrigin = {
  dataset: 'MNIST',
  validation: 10000,
  training: {
    neurons: 400,
    point: { timesteps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 },
    samples: 20000,
    labels: 1,
    image: 'contrast',
    seed: 1,
  },
} as const;

/** Policy that was profiled. */
export const shippedPolicy = 'lean';

/** What was measured. */
export const shippedPoints: readonly ProfilePoint[] = [
  {
    point: { timesteps: 35, events: 400, keep: 96, exitFirst: 0, exit: 0 },
    samples: 10000,
    accuracy: 0.9373,
    accuracyLow: 0.9323786274780006,
    accuracyHigh: 0.9418855275417096,
    recall: 0.9367205164150147,
    energy: { train: 4.306593844e-7, infer: 4.1247028693000005e-7 },
    latency: { train: 0.000021400879000000657, infer: 0.0000185282785000002 },
  },
  {
    point: { timesteps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 },
    samples: 10000,
    accuracy: 0.9354,
    accuracyLow: 0.9304128732965824,
    accuracyHigh: 0.9400527409169593,
    recall: 0.9348412398839614,
    energy: { train: 1.8735696599999998e-7, infer: 1.6936560438e-7 },
    latency: { train: 0.000014391047000000253, infer: 0.00001212699390000007 },
  },
  {
    point: { timesteps: 35, events: 200, keep: 48, exitFirst: 6, exit: 3 },
    samples: 10000,
    accuracy: 0.9337,
    accuracyLow: 0.9286550492861672,
    accuracyHigh: 0.9384118705218555,
    recall: 0.9331453209619873,
    energy: { train: 1.8735696599999998e-7, infer: 1.1335038498000002e-7 },
    latency: { train: 0.000013796734999999402, infer: 0.000008829212999999896 },
  },
  {
    point: { timesteps: 16, events: 150, keep: 24, exitFirst: 0, exit: 0 },
    samples: 10000,
    accuracy: 0.9334,
    accuracyLow: 0.9283449412149386,
    accuracyHigh: 0.9381222089921101,
    recall: 0.9328241973426457,
    energy: { train: 1.2122158e-7, infer: 9.714344068000002e-8 },
    latency: { train: 0.000013251854999996722, infer: 0.00000855263280000165 },
  },
  {
    point: { timesteps: 16, events: 150, keep: 24, exitFirst: 6, exit: 3 },
    samples: 10000,
    accuracy: 0.9272,
    accuracyLow: 0.9219421496213244,
    accuracyHigh: 0.9321297621655958,
    recall: 0.9265180663614669,
    energy: { train: 1.2122158e-7, infer: 8.168651284e-8 },
    latency: { train: 0.000011112780999995768, infer: 0.000007336144099999964 },
  },
  {
    point: { timesteps: 8, events: 100, keep: 24, exitFirst: 0, exit: 0 },
    samples: 10000,
    accuracy: 0.9216,
    accuracyLow: 0.9161682473442773,
    accuracyHigh: 0.9267079652244623,
    recall: 0.9208028416767042,
    energy: { train: 1.0107022459999998e-7, infer: 7.287459148e-8 },
    latency: { train: 0.000011080762000001965, infer: 0.000009104842700000108 },
  },
  {
    point: { timesteps: 8, events: 100, keep: 24, exitFirst: 6, exit: 3 },
    samples: 10000,
    accuracy: 0.9104,
    accuracyLow: 0.904643452728115,
    accuracyHigh: 0.9158413614042633,
    recall: 0.9094215222646207,
    energy: { train: 1.0107022459999998e-7, infer: 6.475881807999999e-8 },
    latency: { train: 0.000011655983999997377, infer: 0.000008023069299999625 },
  },
];
