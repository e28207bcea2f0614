import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { OnlineClassifier } from '../../src/classifier/online-classifier.js';
import { checkNetworkShape } from '../../src/snn/network-shape.js';
import { TimedNetwork } from '../../src/snn/timed/timed-network.js';
import { timedBaseline, timedExponents, timedParameters } from '../../src/timestep/policy/timed-policy.js';
import { answerOf, expectSameState, plainAnswerOf } from '../reference/compare.js';
import { PlainClassifier } from '../reference/plain-classifier.js';
import { PlainTimedNetwork } from '../reference/plain-timed-network.js';
import { prototypes } from '../reference/sources.js';

const anyClass = (_: number, random: Random): number => random.below(1 << 20);

describe('the smallest, the largest and odd sizes equal the plain reference', () => {
  it.each([
    [10, 8, 120],
    [11, 9, 120],
    [6400, 8, 40],
    [6397, 37, 40],
    [10, 16384, 20],
    [13, 16383, 20],
    [6400, 16384, 6],
  ])('lean: %d neurons of %d inputs', (neurons, columns, samples) => {
    const shape = { neurons, rows: 1, columns, classes: 1000, polarity: false };
    const kernel = new OnlineClassifier({ ...shape, memory: 2 });
    const plain = new PlainClassifier(shape, 2, true);
    const source = prototypes(columns, 5, anyClass);
    const random = new Random(1);
    for (let k = 0; k < samples; k++) {
      const { pixels, name } = source(k, random);
      const point = { timesteps: [35, 1, 1000][k % 3], events: 200, keep: [48, 1, 6400][k % 3], exitFirst: 0, exit: 0 };
      const learn = k % 4 !== 3;
      const expected = plainAnswerOf(plain.decide(pixels, BigInt(k), point, learn), plain.names);
      expect(answerOf(kernel.decide(pixels, BigInt(k), point, learn)), `sample ${k}`).toEqual(expected);
      plain.label(BigInt(k), name);
      kernel.label(BigInt(k), name);
    }
    // A copy of the largest would take gigabytes as plain numbers.
    if (neurons * columns < 1e6) expectSameState(kernel.snapshot(), plain);
    expect(kernel.neuronsUsed).toBe(plain.network.neurons.length);
  });

  it.each([
    [10, 8, 12],
    [11, 9, 12],
    [6400, 8, 6],
    [6399, 13, 6],
    [10, 16384, 4],
    [803, 401, 3],
  ])('in time: %d neurons of %d inputs', (neurons, columns, samples) => {
    const shape = { neurons, rows: 1, columns, classes: 2, polarity: false };
    const baseline = timedBaseline(shape, 'pair', 'poisson');
    const kernel = new TimedNetwork(shape, baseline, 9);
    const plain = new PlainTimedNetwork(shape, baseline, 9);
    const source = prototypes(columns, 3, anyClass);
    const random = new Random(2);
    for (let k = 0; k < samples; k++) {
      const { pixels } = source(k, random);
      const parameters = timedParameters(timedExponents.rate, [16, 1, 50, 350][k % 4], 0);
      kernel.input.set(pixels);
      const presentation = kernel.present(parameters, true, k);
      const expected = plain.present(pixels, parameters, { learn: true, sample: k, exit: () => false });
      expect(presentation.operations).toEqual(expected.operations);
      expect([...presentation.fired.subarray(0, presentation.firedCount)]).toEqual([...expected.fired.keys()]);
    }
    expect([...kernel.state.theta]).toEqual(plain.theta);
    const stride = kernel.state.weights.length / columns;
    for (const j of [0, neurons >> 1, neurons - 1]) {
      const column = Array.from({ length: columns }, (_, i) => kernel.state.weights[i * stride + j]);
      expect(column).toEqual(plain.columns[j]);
    }
  });
});

it.each([
  [{ neurons: 9, rows: 1, columns: 8 }, 'network: neurons is 9, expected an integer in 10..6400'],
  [{ neurons: 6401, rows: 1, columns: 8 }, 'network: neurons is 6401, expected an integer in 10..6400'],
  [{ neurons: 0, rows: 1, columns: 8 }, 'network: neurons is 0, expected an integer in 10..6400'],
  [{ neurons: NaN, rows: 1, columns: 8 }, 'network: neurons is NaN'],
  [{ neurons: 10, rows: 1, columns: 7 }, 'network: inputs (rows × columns) is 7, expected an integer in 8..16384'],
  [
    { neurons: 10, rows: 256, columns: 128 },
    'network: inputs (rows × columns) is 32768, expected an integer in 8..16384',
  ],
])('%o is refused', (shape, message) => {
  expect(() => checkNetworkShape(shape)).toThrow(message);
});
