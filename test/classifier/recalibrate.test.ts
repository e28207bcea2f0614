import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { atOnce } from '../../src/base/slices.js';
import { cmos45, joules } from '../../src/energy/energy-account.js';
import { LabelledReservoir } from '../../src/classifier/label-buffer.js';
import { OnlineClassifier } from '../../src/classifier/online-classifier.js';
import type { TimedOptions } from '../../src/classifier/network-binding.js';
import { recalibrate, type Gauge } from '../../src/classifier/recalibrate.js';
import type { OperatingPoint } from '../../src/timestep/policy/operating-point.js';
import type { OperatingProfile, ProfilePoint } from '../../src/timestep/controller/profile.js';
import { prototypes } from '../reference/sources.js';

const size = { neurons: 30, rows: 6, columns: 10, classes: 8, polarity: false, memory: 20 };
const dear: OperatingPoint = { timesteps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 };
const cheap: OperatingPoint = { timesteps: 5, events: 16, keep: 2, exitFirst: 0, exit: 0 };
const stale = (point: OperatingPoint): ProfilePoint => ({
  ...{ point, samples: 9, accuracy: 0.1, accuracyLow: 0, accuracyHigh: 0.4, recall: 0.1 },
  ...{ energy: { train: 3, infer: 2 }, latency: { train: 1, infer: 0.5 } },
});
const profile: OperatingProfile = { policy: 'lean', points: [stale(dear), stale(cheap)] };

/** A classifier that has learned four classes, and its samples. */
function learned(timed?: TimedOptions) {
  const classifier = new OnlineClassifier({ ...size, ...(timed && { timed }) });
  const reservoir = new LabelledReservoir(60);
  const random = new Random(5);
  const source = prototypes(60, 4, (k) => k);
  for (let k = 0; k < 200; k++) {
    const { pixels, name } = source(k, random);
    classifier.decide(pixels, BigInt(k), dear, true);
    classifier.label(BigInt(k), name);
    reservoir.add(classifier.labelled.at(-1)?.intensities ?? new Uint8Array(), name);
  }
  return { classifier, reservoir };
}

const gauge = (classifier: OnlineClassifier, time: () => number): Gauge => ({
  ...{ classifier, time, energy: (counts) => joules(counts, cmos45) },
});

describe('recalibration', () => {
  it('leaves the cost of the front end unchanged: it has already processed a kept sample', () => {
    const { classifier, reservoir } = learned();
    const measure = (known: OperatingProfile): OperatingProfile =>
      atOnce(
        recalibrate(
          known,
          reservoir.samples,
          gauge(classifier, () => 0),
        ),
      );
    const without = measure(profile).points[0].energy;
    const frontEndEnergy = 3e-8;
    const behind = profile.points.map(({ energy: { train, infer }, ...point }) => {
      return { ...point, energy: { train: train + frontEndEnergy, infer: infer + frontEndEnergy }, frontEndEnergy };
    });
    const [point] = measure({ ...profile, points: behind }).points;
    expect(point.frontEndEnergy).toBe(frontEndEnergy);
    expect(point.energy.infer).toBeCloseTo(without.infer + frontEndEnergy, 15);
    expect(point.energy.train).toBeCloseTo(without.train + frontEndEnergy, 15);
  });

  it('keeps the difference between points that differ only in resolution, and the front-end cost', () => {
    const { classifier, reservoir } = learned();
    const seen = [224, 96].map((resolution, at): ProfilePoint => {
      const front =
        at === 0 ? { frontEndEnergy: 5e-2, frontEndLatency: 1e-2 } : { frontEndEnergy: 1e-2, frontEndLatency: 2e-3 };
      const { frontEndEnergy, frontEndLatency } = front;
      return {
        ...stale({ ...dear, resolution }),
        ...{ accuracy: 0.9 - 0.2 * at, recall: 0.8 - 0.1 * at, ...front },
        energy: { train: 2e-7 + frontEndEnergy, infer: 1e-7 + frontEndEnergy },
        latency: { train: 2e-5 + frontEndLatency, infer: 1e-5 + frontEndLatency },
      };
    });
    let clock = 0;
    const time = (): number => (clock += 0.001);
    const found = atOnce(
      recalibrate({ policy: 'lean', points: [...seen].reverse() }, reservoir.samples, gauge(classifier, time)),
    );
    const [small, large] = found.points;
    expect([small, large].map(({ point }) => point.resolution)).toEqual([96, 224]);
    expect(large.accuracy).toBeGreaterThan(0.5);
    expect(small.accuracy).toBeCloseTo(large.accuracy - 0.2, 10);
    expect(small.recall).toBeCloseTo(large.recall - 0.1, 10);
    expect(small.samples).toBe(large.samples);
    expect(large.energy.infer - small.energy.infer).toBeCloseTo(4e-2, 10);
    expect(large.latency.infer).toBeCloseTo(1e-2 + 1e-3, 5);
    expect(small.latency.infer).toBeCloseTo(2e-3 + 1e-3, 5);
  });

  it('measures every point as if it decided the samples', () => {
    const { classifier, reservoir } = learned();
    let clock = 0;
    const { policy, points } = atOnce(
      recalibrate(
        profile,
        reservoir.samples,
        gauge(classifier, () => (clock += 0.001)),
      ),
    );
    expect(policy).toBe('lean');
    expect(points.map(({ point }) => point)).toEqual([dear, cheap]);
    for (const measured of points) {
      let right = 0;
      let energy = 0;
      const twin = new OnlineClassifier(size);
      twin.restore(classifier.snapshot());
      for (const [k, { intensities, name }] of reservoir.samples.entries()) {
        const answer = twin.decide(intensities, BigInt(k), measured.point, false);
        right += Number(answer.label === name);
        energy += joules(answer.operations, cmos45);
      }
      expect(measured.samples).toBe(60);
      expect(measured.accuracy).toBeCloseTo(right / 60, 12);
      expect(measured.accuracyLow).toBeLessThan(measured.accuracy);
      expect(measured.energy.infer).toBeCloseTo(energy / 60, 15);
      expect(measured.energy.train / measured.energy.infer).toBeCloseTo(1.5, 9);
      expect(measured.latency.infer).toBeCloseTo(0.001, 9);
      expect(measured.latency.train).toBeCloseTo(0.002, 9);
    }
    expect(points[0].accuracy).toBeGreaterThan(0.9);
    expect(points[1].energy.infer).toBeLessThan(points[0].energy.infer / 3);
  });

  it('keeps latencies when the clock stands still', () => {
    const { classifier, reservoir } = learned();
    const { points } = atOnce(
      recalibrate(
        profile,
        reservoir.samples,
        gauge(classifier, () => 5),
      ),
    );
    expect(points.map(({ latency }) => latency)).toEqual(profile.points.map(({ latency }) => latency));
  });

  it.each([
    ['lean', undefined],
    ['spikes in time', { policy: 'paper', seed: 4 } as const],
  ])('changes nothing in a life: %s', (_, timed) => {
    const [{ classifier, reservoir }, { classifier: other }] = [learned(timed), learned(timed)];
    const live = (each: OnlineClassifier): void => {
      const random = new Random(77);
      const source = prototypes(60, 4, (k) => k);
      for (let k = 200; k < 240; k++) {
        const { pixels, name } = source(k, random);
        each.decide(pixels, BigInt(k), dear, true);
        each.label(BigInt(k - 3), name);
      }
    };
    const work = recalibrate(
      profile,
      reservoir.samples,
      gauge(classifier, () => performance.now() / 1000),
    );
    // One slice before, and the rest after further samples.
    work.next();
    live(classifier);
    atOnce(work);
    live(other);
    expect(classifier.snapshot()).toEqual(other.snapshot());
  });

  it('yields the thread every few milliseconds', () => {
    const { classifier, reservoir } = learned();
    let clock = 0;
    // Every read of the clock takes 0.4 ms: a slice of 2 ms holds a few samples.
    const work = recalibrate(
      profile,
      reservoir.samples,
      gauge(classifier, () => (clock += 0.0004)),
    );
    let longest = 0;
    let pieces = 0;
    for (let before = clock; work.next().done !== true; before = clock, pieces++) {
      longest = Math.max(longest, clock - before);
    }
    expect(pieces).toBeGreaterThan(20);
    expect(longest).toBeLessThan(0.005);
  });
});

describe('a reservoir of labelled samples', () => {
  const names = (reservoir: LabelledReservoir): string[] => reservoir.samples.map(({ name }) => name);

  it('keeps the newest, and some of every class', () => {
    const reservoir = new LabelledReservoir(4);
    for (const name of ['hall', 'hall', 'kitchen', 'hall', 'hall', 'hall', 'hall'])
      reservoir.add(Uint8Array.of(1), name);
    expect(names(reservoir)).toEqual(['kitchen', 'hall', 'hall', 'hall']);
    reservoir.add(Uint8Array.of(2), 'office');
    reservoir.add(Uint8Array.of(3), 'office');
    expect(names(reservoir)).toEqual(['kitchen', 'hall', 'office', 'office']);
    expect(reservoir.samples.at(-1)?.intensities).toEqual(Uint8Array.of(3));
    reservoir.clear();
    expect(names(reservoir)).toEqual([]);
  });

  it('counts a class that is renamed to its own name as before', () => {
    const reservoir = new LabelledReservoir(4);
    for (const name of ['hall', 'hall', 'kitchen', 'hall']) reservoir.add(Uint8Array.of(1), name);
    reservoir.rename('hall', 'hall');
    reservoir.add(Uint8Array.of(2), 'office');
    expect(names(reservoir)).toEqual(['hall', 'kitchen', 'hall', 'office']);
  });

  it('holds copies', () => {
    const reservoir = new LabelledReservoir(2);
    const view = Uint8Array.of(1, 2);
    reservoir.add(view, 'a');
    view.fill(9);
    expect(reservoir.samples[0].intensities).toEqual(Uint8Array.of(1, 2));
  });
});
