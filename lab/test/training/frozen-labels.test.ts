import { describe, expect, it } from 'vitest';
import { FrozenLabels } from '../../src/training/frozen-labels.js';
import type { Firing } from '../../../src/snn/presentation.js';

/** A presentation in which these neurons fired so often; of none, `nearest` came nearest. */
const told = (fired: readonly (readonly [number, number])[], nearest = 0): Firing => ({
  fired: Int32Array.from(fired, ([j]) => j),
  firedSpikes: Int32Array.from(fired, ([, n]) => n),
  firedCount: fired.length,
  nearest: Int32Array.of(nearest),
  nearestCount: fired.length === 0 ? 1 : 0,
});

describe('labels of a frozen network', () => {
  it('are shares of mean counts, so that a class seen often weighs no more', () => {
    const labels = new FrozenLabels(3, 2);
    for (let k = 0; k < 3; k++) labels.add(told([[0, 2]]), 0);
    labels.add(
      told([
        [0, 2],
        [1, 4],
      ]),
      1,
    );
    labels.finish();
    expect([...labels.proportions]).toEqual([0.5, 0.5, 0, 1, 0, 0]);
  });

  it('name by proportion, by the mean of the neurons of a class, and by likelihood', () => {
    const labels = new FrozenLabels(3, 2);
    labels.add(
      told([
        [0, 6],
        [1, 5],
        [2, 1],
      ]),
      0,
    );
    labels.add(
      told([
        [1, 4],
        [2, 6],
      ]),
      1,
    );
    labels.finish();
    expect(labels.name(told([[0, 1]]))).toEqual({ all: 0, proportion: 0, bayes: 0 });
    expect(labels.name(told([[2, 3]]))).toEqual({ all: 1, proportion: 1, bayes: 1 });
    // Neurons 0 and 1 stand for class 0, which halves their mean; but neuron 1 knows class 1 as well.
    expect(
      labels.name(
        told([
          [1, 5],
          [2, 3],
        ]),
      ),
    ).toEqual({ all: 1, proportion: 1, bayes: 1 });
    expect(
      labels.name(
        told([
          [1, 9],
          [2, 2],
        ]),
      ),
    ).toMatchObject({ all: 0, proportion: 1 });
  });

  it('let the neuron that came nearest stand in for a silent sample', () => {
    const labels = new FrozenLabels(2, 2);
    labels.add(told([], 1), 1);
    labels.add(told([[0, 1]]), 0);
    labels.finish();
    expect(labels.name(told([], 1)).proportion).toBe(1);
  });

  it('name nothing by neurons that nobody has seen fire', () => {
    const labels = new FrozenLabels(2, 2);
    labels.add(told([[0, 1]]), 0);
    labels.finish();
    expect(labels.name(told([[1, 3]]))).toEqual({ all: -1, proportion: -1, bayes: -1 });
  });
});
