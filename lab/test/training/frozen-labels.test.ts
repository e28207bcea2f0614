import { describe, expect, it } from 'vitest';
import { FrozenLabels } from '../../src/training/frozen-labels.js';
import type { Firing } from '../../../src/snn/presentation.js';

/** A presentation with these spike counts of neurons. If none fired, `nearest` came nearest to its threshold. */
const told = (fired: readonly (readonly [number, number])[], nearest = 0): Firing => ({
  fired: Int32Array.from(fired, ([j]) => j),
  firedSpikes: Int32Array.from(fired, ([, n]) => n),
  firedCount: fired.length,
  nearest: Int32Array.of(nearest),
  nearestCount: fired.length === 0 ? 1 : 0,
});

describe('FrozenLabels', () => {
  it('uses shares of mean counts, so that frequent classes do not weigh more', () => {
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

  it('decides by proportion, by the mean of the neurons of a class, and by likelihood', () => {
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
    // Neurons 0 and 1 belong to class 0, which halves their mean. But neuron 1 also fired for class 1.
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

  it('uses the neuron nearest to its threshold for a sample without spikes', () => {
    const labels = new FrozenLabels(2, 2);
    labels.add(told([], 1), 1);
    labels.add(told([[0, 1]]), 0);
    labels.finish();
    expect(labels.name(told([], 1)).proportion).toBe(1);
  });

  it('decides nothing from neurons that never fired while they were labelled', () => {
    const labels = new FrozenLabels(2, 2);
    labels.add(told([[0, 1]]), 0);
    labels.finish();
    expect(labels.name(told([[1, 3]]))).toEqual({ all: -1, proportion: -1, bayes: -1 });
  });
});
