import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Json, Snapshot, Tensor } from '../../src/base/snapshot.js';
import { OnlineClassifier } from '../../src/classifier/online-classifier.js';
import { stepsOf, traces, type Trace, type TraceStep } from '../reference/traces.js';

const make = (trace: Trace): OnlineClassifier => new OnlineClassifier(trace);

function live(classifier: OnlineClassifier, steps: readonly TraceStep[]): void {
  for (const { pixels, stamp, point, learn, labels } of steps) {
    classifier.decide(pixels, stamp, point, learn);
    for (const label of labels) classifier.label(label.stamp, label.name);
  }
}

/** All bytes of a snapshot as one number: comparing large arrays element by element takes seconds. */
function digest({ tensors, meta, weightsHash }: Snapshot): string {
  const hash = createHash('sha256').update(JSON.stringify([meta, weightsHash]));
  for (const [name, { shape, data }] of Object.entries(tensors))
    hash.update(JSON.stringify([name, shape])).update(data);
  return hash.digest('hex');
}

describe('a life that continues in another classifier is the same life', () => {
  it.each(traces.filter(({ labels }) => labels > 0))('$name', (trace) => {
    const steps = [...stepsOf(trace)];
    const whole = make(trace);
    live(whole, steps);
    for (const share of [0, 0.2, 0.75]) {
      const stop = Math.floor(share * steps.length);
      const first = make(trace);
      live(first, steps.slice(0, stop));
      const stored = structuredClone(first.snapshot());
      const second = make(trace);
      live(second, steps.slice(0, 20));
      second.restore(stored);
      expect(digest(second.snapshot())).toBe(digest(stored));
      live(second, steps.slice(stop));
      expect(digest(second.snapshot())).toBe(digest(whole.snapshot()));
      expect(second.hash()).toBe(whole.hash());
    }
  });
});

const [, , trace] = traces;
const lived = make(trace);
live(lived, [...stepsOf(trace)].slice(0, 300));
const sound = lived.snapshot();

it('a snapshot of a format without class alarms is restored, and every class is watched from then on', () => {
  const classifier = make(trace);
  live(classifier, [...stepsOf(trace)]);
  const tensors = Object.entries(sound.tensors).filter(([name]) => !name.startsWith('class_alarms.'));
  classifier.restore({ ...sound, tensors: Object.fromEntries(tensors) });
  expect(classifier.hash()).toBe(sound.weightsHash);
  const { data } = classifier.snapshot().tensors['class_alarms.labels'];
  expect(data.every((count) => count === 0)).toBe(true);
});

describe('a snapshot of a classifier with another buffer size', () => {
  it.each([
    [24, 100],
    [100, 24],
    [24, 7],
    [1, 24],
    [24, 1],
  ])('written with %i, restored with %i: late labels find what both keep', (wrote, reads) => {
    const steps = [...stepsOf(trace)].slice(0, 400);
    const writer = make({ ...trace, memory: wrote });
    live(writer, steps.slice(0, 300));
    const reader = make({ ...trace, memory: reads });
    live(reader, steps.slice(0, 20));
    reader.restore(structuredClone(writer.snapshot()));
    expect(reader.hash()).toBe(writer.hash());
    // It continues: what was moved is stored and moved again.
    const again = make({ ...trace, memory: 40 });
    again.restore(structuredClone(reader.snapshot()));
    const both = Math.min(wrote, reads);
    for (const [k, { stamp }] of steps.slice(0, 300).entries()) {
      const expected = k < 300 - both ? { found: false, cause: 'unknown_stamp' } : writer.label(stamp, 'late');
      expect([k, reader.label(stamp, 'late')]).toEqual([k, expected]);
      expect([k, again.label(stamp, 'late')]).toEqual([k, expected]);
    }
    expect(reader.hash()).toBe(writer.hash());
    expect(again.hash()).toBe(writer.hash());
    live(again, steps.slice(300));
    const { stamp } = steps[399 - 39];
    expect(again.label(stamp, 'late').found || again.find(stamp) === stamp).toBe(true);
  });
});

it('a snapshot is a copy that later samples do not change', () => {
  const classifier = make(trace);
  classifier.restore(sound);
  const before = structuredClone(sound);
  live(classifier, [...stepsOf(trace)].slice(300, 350));
  expect(sound).toEqual(before);
  expect(classifier.hash()).not.toBe(sound.weightsHash);
});

const withMeta = (change: Record<string, Json>): Snapshot => ({ ...sound, meta: { ...sound.meta, ...change } });
const withTensor = (name: string, change: (data: Tensor['data']) => Tensor['data']): Snapshot => {
  const tensor = sound.tensors[name];
  return { ...sound, tensors: { ...sound.tensors, [name]: { ...tensor, data: change(structuredClone(tensor.data)) } } };
};
const without = (name: string): Snapshot => {
  const tensors = Object.entries(sound.tensors).filter(([other]) => other !== name);
  return { ...sound, tensors: Object.fromEntries(tensors) };
};

describe('a snapshot that does not fit is refused, and nothing changes', () => {
  it.each<[Snapshot, string]>([
    [withMeta({ neurons: 14 }), 'neurons of the stored classifier is 14, expected 13'],
    [withMeta({ columns: 38 }), 'columns of the stored classifier is 38, expected 37'],
    [withMeta({ memory: 256 }), 'memory.firedCounts.length of the stored classifier is 24, expected 256'],
    [withMeta({ memory: 0 }), 'memory of the stored classifier is 0, expected a count from 1'],
    [withMeta({ remembered: 25 }), 'remembered of the stored classifier is 25, expected at most 24'],
    [withMeta({ polarity: true }), 'polarity of the stored classifier is true, expected false'],
    [withMeta({ class_names: ['a', 'a'] }), 'class_names of the stored classifier is ["a","a"], expected'],
    [withMeta({ class_names: 'abc' }), 'class_names of the stored classifier is "abc"'],
    [withMeta({ class_names: ['a', ''] }), 'class_names of the stored classifier is ["a",""]'],
    [withMeta({ class_names: [] }), 'expected -1..-1'],
    [withMeta({ touched: 14 }), 'touched of the stored network is 14, expected an integer in 0..13'],
    [withMeta({ touched: 'many' }), 'touched of the stored classifier is "many", expected a count'],
    [withMeta({ samples: -1 }), 'samples of the stored classifier is -1, expected a count'],
    [withMeta({ samples: 3 }), 'remembered of the stored classifier is 24, expected at most 3'],
    [withMeta({ alarm: null }), 'alarm.labelled of the stored classifier is missing, expected a number from 0'],
    [withMeta({ alarm: { labelled: 1, fast: 0, slow: -1, renewed: 0, alarm: false } }), 'alarm.slow of the stored'],
    [without('network.theta'), 'network.theta of the stored classifier is missing, expected Float32Array'],
    [without('labels_of'), 'labels_of of the stored classifier is missing, expected Float64Array'],
    [withTensor('class_alarms.errors', (data) => data.fill(-1 as never)), 'class_alarms.errors[0] of the stored'],
    [without('memory.stamps'), 'memory.stamps of the stored classifier is missing, expected BigInt64Array'],
    [withTensor('network.weights', (data) => data.slice(4)), 'network.weights.length of the stored classifier is 516'],
    [
      withTensor('network.scale', (data) => data.fill(NaN as never)),
      'network.scale[0] of the stored classifier is NaN',
    ],
    [withTensor('network.owner', (data) => data.fill(7 as never)), 'owner[0] of the stored network is 7'],
    [
      withTensor('memory.nearest', (data) => data.fill(13 as never)),
      'memory.nearest[0] of the stored classifier is 13',
    ],
    [withTensor('memory.fired', (data) => data.fill(-1 as never)), 'memory.fired[0] of the stored classifier is -1'],
    [withTensor('memory.firedSpikes', (data) => data.slice(1)), 'memory.firedSpikes.length of the stored classifier'],
    [withTensor('memory.firedCounts', (data) => data.fill(99 as never)), 'memory.firedCounts[0] of the stored'],
    [withTensor('memory.answers', (data) => data.fill(6 as never)), 'memory.answers[0] of the stored classifier is 6'],
    [
      withTensor('memory.labelled', (data) => data.fill(3 as never)),
      'memory.labelled[0] of the stored classifier is 3',
    ],
  ])('%#', (snapshot, message) => {
    const classifier = make(trace);
    live(classifier, [...stepsOf(trace)].slice(0, 100));
    const before = classifier.snapshot();
    expect(() => {
      classifier.restore(snapshot);
    }).toThrow(message);
    expect(classifier.snapshot()).toEqual(before);
  });
});
