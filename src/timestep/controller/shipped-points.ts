// Written by `npm run profile:shipped`; do not edit.
//
//   topspark profile --dataset mnist
//   commit 70ae367735c6b38ccda582e702d0c739fb9fdb29, 2026-11-29
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
    image: 'edges',
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
    accuracy: 0.9634,
    accuracyLow: 0.959538087713209,
    accuracyHigh: 0.9669060225912358,
    recall: 0.9633147242277191,
    energy: { train: 4.4967495259999996e-7, infer: 4.425971225999999e-7 },
    frontEndEnergy: 3.5648532e-8,
    latency: { train: 0.00001014076099999994, infer: 0.000007909552600000147 },
  },
  {
    point: { timesteps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 },
    samples: 10000,
    accuracy: 0.9628,
    accuracyLow: 0.9589094793718104,
    accuracyHigh: 0.9663350917306864,
    recall: 0.9627288138999862,
    energy: { train: 2.0660641309999998e-7, infer: 1.9950520054999998e-7 },
    frontEndEnergy: 3.5648532e-8,
    latency: { train: 0.000007106506999999983, infer: 0.000005499721800000011 },
  },
  {
    point: { timesteps: 35, events: 200, keep: 48, exitFirst: 6, exit: 3 },
    samples: 10000,
    accuracy: 0.9625,
    accuracyLow: 0.9585952727809293,
    accuracyHigh: 0.9660495287205936,
    recall: 0.9624291091989704,
    energy: { train: 2.0660641309999998e-7, infer: 1.3725678915e-7 },
    frontEndEnergy: 3.5648532e-8,
    latency: { train: 0.000006925656999999657, infer: 0.000003860910400000121 },
  },
  {
    point: { timesteps: 16, events: 150, keep: 24, exitFirst: 0, exit: 0 },
    samples: 10000,
    accuracy: 0.9609,
    accuracyLow: 0.9569205686186685,
    accuracyHigh: 0.9645254616776598,
    recall: 0.9607855002412349,
    energy: { train: 1.3601171039999997e-7, infer: 1.272826556e-7 },
    frontEndEnergy: 3.5648532e-8,
    latency: { train: 0.000006161688000001013, infer: 0.00000427726790000014 },
  },
  {
    point: { timesteps: 16, events: 150, keep: 24, exitFirst: 6, exit: 3 },
    samples: 10000,
    accuracy: 0.9602,
    accuracyLow: 0.9561884312551195,
    accuracyHigh: 0.9638581366389364,
    recall: 0.9601237704174578,
    energy: { train: 1.3601171039999997e-7, infer: 1.0948694152000002e-7 },
    frontEndEnergy: 3.5648532e-8,
    latency: { train: 0.000006035600000001489, infer: 0.000003747030200000107 },
  },
  {
    point: { timesteps: 8, events: 100, keep: 24, exitFirst: 0, exit: 0 },
    samples: 10000,
    accuracy: 0.9551,
    accuracyLow: 0.9508634788316057,
    accuracyHigh: 0.9589870058458927,
    recall: 0.954982050698425,
    energy: { train: 1.118235932e-7, infer: 1.030489296e-7 },
    frontEndEnergy: 3.5648532e-8,
    latency: { train: 0.00000581628299999982, infer: 0.000004095272899999842 },
  },
  {
    point: { timesteps: 8, events: 100, keep: 24, exitFirst: 6, exit: 3 },
    samples: 10000,
    accuracy: 0.9519,
    accuracyLow: 0.9475298043962602,
    accuracyHigh: 0.9559231378708493,
    recall: 0.9517896265498471,
    energy: { train: 1.118235932e-7, infer: 9.333093889000001e-8 },
    frontEndEnergy: 3.5648532e-8,
    latency: { train: 0.000005877904999997467, infer: 0.000003660689600000158 },
  },
];
