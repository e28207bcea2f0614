import { beforeEach, describe, expect, it } from 'vitest';
import { LabelBuffer } from '../../src/classifier/label-buffer.js';
import type { Presentation } from '../../src/snn/presentation.js';

let memory: LabelBuffer;
beforeEach(() => {
  memory = new LabelBuffer(3, 8, 10);
});

const given = { answer: 4, classAnswer: 6 } as Presentation['given'];
const presentation = { answer: 2, learned: true, silent: false, firedCount: 2, nearestCount: 3, given } as Presentation;
const lists = { fired: Int32Array.of(7, 1), firedSpikes: Int32Array.of(4, 1), nearest: Int32Array.of(1, 7, 9) };
const add = (stamp: bigint, changed: Partial<Presentation> = {}): void => {
  memory.add(
    new Uint8Array(8).fill(Number(stamp)),
    stamp,
    { ...presentation, ...lists, ...changed },
    10 + Number(stamp),
  );
};

function fired(slot: number, of = memory): number[] {
  const [neurons, spikes] = [new Int32Array(40), new Int32Array(40)];
  of.readFired(slot, neurons, spikes);
  const count = of.firedCounts[slot];
  return [...neurons.subarray(0, count), ...spikes.subarray(0, count)];
}

describe('LabelBuffer', () => {
  it('stores what a label needs', () => {
    add(5n);
    const slot = memory.find(5n);
    expect([...memory.sample(slot)]).toEqual(Array(8).fill(5));
    expect([memory.answers[slot], memory.clocks[slot], memory.learned[slot], memory.silent[slot]]).toEqual([
      2, 15, 1, 0,
    ]);
    expect([memory.given[slot], memory.classAnswers[slot]]).toEqual([4, 6]);
    expect([...memory.nearest.subarray(0, 10)]).toEqual([1, 7, 9, 0, 0, 0, 0, 0, 0, 0]);
    expect(fired(slot)).toEqual([7, 1, 4, 1]);
  });

  it('keeps the lists of its samples apart, however long each is', () => {
    const memory = new LabelBuffer(5, 1, 40);
    const list = (k: number): Int32Array => Int32Array.from({ length: (k * 7) % 23 }, (_, at) => (k + at) % 40);
    for (let k = 0; k < 200; k++) {
      const own = list(k);
      const spikes = own.map((neuron) => neuron + 1);
      memory.add(
        Uint8Array.of(k),
        BigInt(k),
        { ...presentation, ...lists, fired: own, firedSpikes: spikes, firedCount: own.length },
        k,
      );
      for (let back = 0; back < Math.min(5, k + 1); back++) {
        const slot = memory.find(BigInt(k - back));
        expect(fired(slot, memory)).toEqual([...list(k - back), ...list(k - back).map((neuron) => neuron + 1)]);
      }
    }
  });

  it('finds the first sample whose window covers a stamp, before one that is only near', () => {
    const reach = { span: 100n, slop: 5n };
    [1000n, 1050n, 1100n].forEach((stamp) => {
      add(stamp);
    });
    const found = (stamp: bigint): bigint | undefined => {
      const slot = memory.find(stamp, reach);
      return slot < 0 ? undefined : memory.stamps[slot];
    };
    expect([1000n, 999n, 901n, 1001n, 1050n, 1051n].map(found)).toEqual([1000n, 1000n, 1000n, 1050n, 1050n, 1100n]);
    expect([900n, 895n, 894n, 1101n, 1105n, 1106n].map(found)).toEqual([
      ...[undefined, undefined, undefined, 1100n, 1100n, undefined],
    ]);
  });

  it('finds the nearest sample within the slop, but none between that stamp and one still to come', () => {
    const found = (stamp: bigint): bigint | undefined => {
      const slot = memory.find(stamp, { span: 0n, slop: 30n });
      return slot < 0 ? undefined : memory.stamps[slot];
    };
    add(1000n);
    expect([970n, 1030n, 969n, 1031n].map(found)).toEqual([1000n, 1000n, undefined, undefined]);
    add(1020n);
    // Ahead of all: at most half of the 20 between the last two.
    expect([1009n, 1011n, 1030n, 1031n].map(found)).toEqual([1000n, 1020n, 1020n, undefined]);
    add(1040n);
    expect([1031n, 1029n].map(found)).toEqual([1040n, 1020n]);
  });

  it('lists what it has around a stamp', () => {
    expect(memory.around(5n)).toBeUndefined();
    expect(memory.newest).toBeUndefined();
    [10n, 30n, 20n].forEach((stamp) => {
      add(stamp);
    });
    expect(memory.around(23n)).toEqual({ oldest: 10n, newest: 30n, nearest: 20n });
    expect(memory.newest).toBe(20n);
  });

  it('drops the oldest sample', () => {
    [1n, 2n, 3n].forEach((stamp) => {
      add(stamp);
    });
    expect([1n, 2n, 3n].map((stamp) => memory.find(stamp))).toEqual([0, 1, 2]);
    add(4n);
    expect([1n, 2n, 3n, 4n].map((stamp) => memory.find(stamp))).toEqual([-1, 1, 2, 0]);
    expect([memory.samples, memory.length]).toEqual([4, 3]);
  });

  it('finds the newer of two samples with one stamp, and nothing before the first', () => {
    expect(memory.find(0n)).toBe(-1);
    add(1n);
    add(1n);
    expect(memory.find(1n)).toBe(1);
  });

  it('accepts stamps of the whole signed 64-bit range', () => {
    for (const stamp of [-(2n ** 63n), 2n ** 63n - 1n, 1_764_000_000_123_456_789n]) {
      memory.add(new Uint8Array(8), stamp, { ...presentation, ...lists }, 0);
      expect(memory.find(stamp)).toBeGreaterThanOrEqual(0);
    }
  });

  it('reuses a slot without what was in it', () => {
    add(1n);
    memory.labelled[0] = 1;
    [2n, 3n, 4n].forEach((stamp) => {
      add(stamp, { nearestCount: 1, firedCount: 0 });
    });
    expect([memory.labelled[0], memory.firedCounts[0], memory.nearest[1]]).toEqual([0, 0, 0]);
  });
});
