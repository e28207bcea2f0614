import { beforeEach, describe, expect, it } from 'vitest';
import { SampleMemory } from '../../src/readout/sample-memory.js';
import type { Presentation } from '../../src/snn/presentation.js';

let memory: SampleMemory;
beforeEach(() => {
  memory = new SampleMemory(3, 8, 10);
});

const told = { answer: 2, learned: true, silent: false, firedCount: 2, nearestCount: 3 } as Presentation;
const lists = { fired: Int32Array.of(7, 1), firedSpikes: Int32Array.of(4, 1), nearest: Int32Array.of(1, 7, 9) };
const add = (stamp: bigint, changed: Partial<Presentation> = {}): void => {
  memory.add(new Uint8Array(8).fill(Number(stamp)), stamp, { ...told, ...lists, ...changed }, 10 + Number(stamp));
};

describe('SampleMemory', () => {
  it('remembers what a label needs', () => {
    add(5n);
    const slot = memory.find(5n);
    expect([...memory.sample(slot)]).toEqual(Array(8).fill(5));
    expect([memory.answers[slot], memory.clocks[slot], memory.learned[slot], memory.silent[slot]]).toEqual([
      2, 15, 1, 0,
    ]);
    expect([...memory.nearest.subarray(0, 10)]).toEqual([1, 7, 9, 0, 0, 0, 0, 0, 0, 0]);
    expect([...memory.fired.subarray(0, 2), ...memory.firedSpikes.subarray(0, 2)]).toEqual([7, 1, 4, 1]);
  });

  it('forgets the oldest sample', () => {
    [1n, 2n, 3n].forEach((stamp) => {
      add(stamp);
    });
    expect([1n, 2n, 3n].map((stamp) => memory.find(stamp))).toEqual([0, 1, 2]);
    add(4n);
    expect([1n, 2n, 3n, 4n].map((stamp) => memory.find(stamp))).toEqual([-1, 1, 2, 0]);
    expect([memory.samples, memory.length]).toEqual([4, 3]);
  });

  it('finds the newest of two samples with one stamp, and nothing before the first', () => {
    expect(memory.find(0n)).toBe(-1);
    add(1n);
    add(1n);
    expect(memory.find(1n)).toBe(1);
  });

  it('takes stamps of the whole signed 64-bit range', () => {
    for (const stamp of [-(2n ** 63n), 2n ** 63n - 1n, 1_764_000_000_123_456_789n]) {
      memory.add(new Uint8Array(8), stamp, { ...told, ...lists }, 0);
      expect(memory.find(stamp)).toBeGreaterThanOrEqual(0);
    }
  });

  it('uses a slot again without what was there', () => {
    add(1n);
    memory.labelled[0] = 1;
    [2n, 3n, 4n].forEach((stamp) => {
      add(stamp, { nearestCount: 1, firedCount: 0 });
    });
    expect([memory.labelled[0], memory.firedCounts[0], memory.nearest[1]]).toEqual([0, 0, 0]);
  });
});
