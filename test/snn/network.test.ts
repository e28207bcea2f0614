import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { Network } from '../../src/snn/network.js';
import type { NetworkState } from '../../src/snn/network-state.js';
import { leanBaseline, leanParameters } from '../../src/timestep/policy/lean-policy.js';
import type { OperatingPoint } from '../../src/timestep/policy/operating-point.js';

const shape = { neurons: 30, rows: 6, columns: 7, classes: 5, polarity: false };
const point: OperatingPoint = { timesteps: 35, events: 100, keep: 10, exitFirst: 0, exit: 0 };
const parameters = leanParameters(point);
const make = (changed: Partial<typeof shape> = {}): Network =>
  new Network({ ...shape, ...changed }, leanBaseline({ ...shape, ...changed }));
const copy = (network: Network): NetworkState => structuredClone({ ...network.state });

let network: Network;
beforeEach(() => {
  network = make();
});

/** Shows random pictures with half of their inputs active. */
function live(samples: number, seed = 1): void {
  const random = new Random(seed);
  for (let k = 0; k < samples; k++) {
    network.input.forEach((_, i) => (network.input[i] = random.below(2) * random.below(256)));
    network.present(parameters, true);
  }
}

/** Bytes of pictures of every kind: empty, sparse, full. */
const pictures = fc.array(
  fc.oneof(
    fc.uint8Array({ minLength: 42, maxLength: 42 }),
    fc.array(fc.tuple(fc.nat(41), fc.nat(255)), { maxLength: 6 }).map((points) => {
      const picture = new Uint8Array(42);
      for (const [at, value] of points) picture[at] = value;
      return picture;
    }),
  ),
  { minLength: 1, maxLength: 30 },
);
const points = fc.record({
  timesteps: fc.integer({ min: 1, max: 400 }),
  events: fc.integer({ min: 8, max: 700 }),
  keep: fc.integer({ min: 1, max: 40 }),
  exitFirst: fc.constantFrom(0, 1, 6),
  exit: fc.constantFrom(0, 0.5, 3),
});

describe('a network with any input', () => {
  it('keeps weights in 0..S and the sum of every column at S', () => {
    const { columnSum } = leanBaseline(shape);
    const property = fc.property(pictures, fc.array(points, { minLength: 1, maxLength: 4 }), (shown, at) => {
      network.clear();
      shown.forEach((picture, k) => {
        network.input.set(picture);
        network.present(leanParameters(at[k % at.length]), true);
      });
      const { weights, scale, theta } = network.state;
      const { touched } = network.scalars;
      for (let j = 0; j < touched; j++) {
        const column = weights.subarray(44 * j, 44 * (j + 1)).map((raw) => raw * scale[j]);
        expect(Math.min(...column)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...column)).toBeLessThanOrEqual(columnSum * 1.0001);
        expect(column.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(columnSum, 3);
        expect(theta[j]).toBeGreaterThan(0);
      }
      expect(scale.subarray(touched).every((unused) => unused === 0)).toBe(true);
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('does not change or answer for an empty sample', () => {
    live(50);
    const before = copy(network);
    network.input.fill(0);
    const presentation = network.present(parameters, true);
    expect(presentation).toMatchObject({ answer: -1, confidence: 0, silent: true, learned: false, timestepsRun: 0 });
    expect(Object.values(presentation.operations).every((count) => count === 0)).toBe(true);
    expect(network.state).toEqual(before);
  });

  it('does not change when learning is off', () => {
    live(50);
    const before = copy(network);
    const property = fc.property(pictures, points, (shown, at) => {
      for (const picture of shown) {
        network.input.set(picture);
        expect(network.present(leanParameters(at), false).learned).toBe(false);
      }
    });
    fc.assert(property, { numRuns: 30 });
    expect(network.state).toEqual(before);
    expect(network.scalars).toEqual({ touched: 30, classes: 0 });
  });

  it('gives the same answer, bit for bit, with an exit that no lead reaches', () => {
    live(60);
    const classes = [network.openClass(), network.openClass()];
    const random = new Random(3);
    for (let k = 0; k < 100; k++) {
      network.input.forEach((_, i) => (network.input[i] = random.below(2) * random.below(256)));
      const { firedCount, nearestCount } = network.present(parameters, true);
      network.credit(classes[k % 2], firedCount, nearestCount);
      const { operations: before, ...without } = { ...network.present(parameters, false) };
      const { operations, ...presentation } = {
        ...network.present(leanParameters({ ...point, exitFirst: 90, exit: 90 }), false),
      };
      expect(presentation).toEqual(without);
      expect(operations.neuronUpdates).toBeGreaterThan(before.neuronUpdates);
    }
  });
});

it('keeps exactly K neurons and breaks ties by the lowest index', () => {
  network = make({ neurons: 130 });
  network.input.fill(0).set([200, 180, 90, 10], 11);
  network.present(parameters, true);
  const one = copy(network);
  const twins = structuredClone(one);
  for (let j = 1; j < 130; j++) {
    twins.weights.set(one.weights.subarray(0, 44), 44 * j);
    for (const name of ['scale', 'rawSum', 'theta'] as const) twins[name][j] = one[name][0];
  }
  network.restore(twins, { touched: 130, classes: 0 });
  const presentation = network.present(leanParameters({ ...point, keep: 37 }), false);
  expect([...presentation.nearest]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect([...presentation.fired.subarray(0, presentation.firedCount)]).toEqual(
    Array.from({ length: presentation.firedCount }, (_, j) => j),
  );
  expect(presentation.operations.synapticEvents).toBe(13 * 130 + 87 * 37);
});

it('updates only the neurons that fired: eliminated ones stay unchanged, bit for bit', () => {
  live(300);
  const changed = new Set<number>();
  const fired = new Set<number>();
  for (let k = 0; k < 20; k++) {
    const before = copy(network);
    live(1, 100 + k);
    const after = copy(network);
    for (let j = 0; j < 30; j++) {
      const rows = [before, after].map(({ weights }) => weights.subarray(44 * j, 44 * (j + 1)).join());
      if (rows[0] !== rows[1] || before.scale[j] !== after.scale[j]) changed.add(j + 1000 * k);
      if (before.spikesSoFar[j] !== after.spikesSoFar[j]) fired.add(j + 1000 * k);
    }
  }
  expect(fired.size).toBeGreaterThan(0);
  expect(fired.size).toBeLessThan(20 * 30);
  expect([...changed].every((each) => fired.has(each))).toBe(true);
});

it('grows up to its size and no further', () => {
  live(500);
  expect(network.scalars.touched).toBe(30);
});

describe('a stored state', () => {
  const broken: [string, (state: NetworkState) => Partial<Record<keyof NetworkState, unknown>>, object, string][] = [
    [
      'too short',
      ({ theta }) => ({ theta: theta.slice(1) }),
      {},
      'theta.length of the stored network is 29, expected 30',
    ],
    ['not a number', () => ({ scale: new Float32Array(30).fill(NaN) }), {}, 'scale[0] of the stored network is NaN'],
    ['negative', () => ({ rawSum: new Float32Array(30).fill(-1) }), {}, 'rawSum[0] of the stored network is -1'],
    [
      'a missing neuron',
      () => ({ scale: new Float32Array(30) }),
      {},
      'scale[0] of the stored network is 0, expected above 0',
    ],
    [
      'an unknown class',
      () => ({ owner: new Int32Array(30).fill(2) }),
      {},
      'owner[0] of the stored network is 2, expected 0..0',
    ],
    [
      'too many neurons',
      () => ({}),
      { touched: 31 },
      'touched of the stored network is 31, expected an integer in 0..30',
    ],
    ['too many classes', () => ({}), { classes: 9 }, 'classes of the stored network is 9'],
  ];

  it.each(broken)('is refused when it is %s, and nothing changes', (_, change, scalars, message) => {
    live(100);
    const before = copy(network);
    const stored = { ...copy(network), ...change(network.state) } as NetworkState;
    expect(() => {
      network.restore(stored, { ...network.scalars, ...scalars });
    }).toThrow(message);
    expect(network.state).toEqual(before);
  });

  it('continues as if it had never stopped', () => {
    live(100);
    const stored = copy(network);
    const { scalars } = network;
    live(100, 2);
    const hash = network.hash();
    network = make();
    network.restore(stored, scalars);
    live(100, 2);
    expect(network.hash()).toBe(hash);
  });
});

it('forgets everything, rows too', () => {
  live(100);
  const hash = network.hash();
  network.clear();
  expect(network.scalars).toEqual({ touched: 0, classes: 0 });
  live(100);
  expect(network.hash()).toBe(hash);
});

it.each([
  [{ classes: 0 }, 'network: classes is 0, expected an integer in 1..4096'],
  [{ classes: 4097 }, 'network: classes is 4097'],
])('refuses %o', (changed, message) => {
  expect(() => make(changed)).toThrow(message);
});
