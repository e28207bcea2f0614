import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SensorEvent } from '../../src/sensing/sensor-event.js';
import { SampleSource } from '../../src/sensing/in-time/sample-source.js';
import type { SyncPolicy } from '../../src/sensing/in-time/synchroniser.js';
import { expectProportional } from '../sensing/proportional.js';
import { movingSensors } from './sensor-messages.js';

const second = 1_000_000_000n;

/** Sensors with the encoding change, and the outcomes of their samples: intensities, or the cause of a refusal. */
class Changes {
  readonly source: SampleSource;
  readonly seen: (Uint8Array | string)[] = [];

  constructor(
    readonly names: readonly string[],
    policy: SyncPolicy = 'wait',
  ) {
    const use = names.map((name) => ({ name, values: { ...sensor(name).values, encoding: 'change' } }));
    this.source = new SampleSource({ use, sync: { slop: 0.1, policy, queue: 8 } });
  }

  hear(name: string, stamp: bigint, message: object): void {
    const event: SensorEvent = { sensor: name, stamp, frameId: '', taken: 0, message };
    for (const each of this.source.hear(event)) {
      const into = new Uint8Array(this.source.rows * this.source.columns).fill(9);
      if (!('parts' in each)) continue;
      const { usable, refusals } = this.source.encode(each, into);
      this.seen.push(usable ? into : refusals.map(({ cause }) => cause).join());
    }
  }

  /** Expects that a message is refused when it is heard. */
  refused(name: string, stamp: bigint, cause: string): void {
    expect(() => {
      this.hear(name, stamp, sensor(name).message(0));
    }).toThrow(expect.objectContaining({ code: cause }) as Error);
  }

  /** One sample of all sensors at a second: message `k` of each, or the given one. */
  all(at: number, k: number, given: Readonly<Record<string, object | undefined>> = {}): void {
    for (const name of this.names) {
      const message = name in given ? given[name] : sensor(name).message(k);
      if (message !== undefined) this.hear(name, BigInt(at) * second, message);
    }
  }

  get last(): Uint8Array | string | undefined {
    return this.seen.at(-1);
  }
}

const sensor = (name: string): (typeof movingSensors)[number] => {
  const found = movingSensors.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no messages of ${name}`);
  return found;
};

describe('change in time of a single sensor', () => {
  it.each([
    ['image', 16, 8],
    ['scan', 1, 2 * 8 * 16],
    ['points', 8, 8],
    ['features', 1, 4 * 12],
  ])('has two planes for %s', (name, rows, columns) => {
    expect(new Changes([name]).source).toMatchObject({ rows, columns, polarity: false });
  });

  it('is zero in the first sample and in a repeated one', () => {
    const scan = new Changes(['scan']);
    scan.all(1, 0);
    scan.all(2, 1);
    scan.all(3, 1);
    expect(scan.seen).toEqual(['scan_still', expect.any(Uint8Array), 'scan_still']);
  });

  it.each(['image', 'scan', 'range', 'points', 'features'])('skips refused messages of %s', (name) => {
    const message = fc.oneof({ weight: 3, arbitrary: fc.nat(9) }, { weight: 1, arbitrary: fc.constant('wrong') });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), (sent) => {
        const [some, clean] = [new Changes([name]), new Changes([name])];
        for (const [at, k] of sent.entries()) {
          if (typeof k === 'number') {
            some.all(at, k);
            clean.all(at, k);
          } else some.all(at, 0, { [name]: sensor(name).wrong });
        }
        const usable = some.seen.filter((_, at) => sent[at] !== 'wrong');
        expect(usable).toEqual(clean.seen);
      }),
      { numRuns: 30 },
    );
  });

  it('sees that everything disappeared, and that something came back', () => {
    const range = new Changes(['range']);
    const nothing = { min_range: 0.1, max_range: 5, range: Infinity };
    range.all(1, 0);
    range.all(2, 0, { range: nothing });
    range.all(3, 0);
    const [, gone, back] = range.seen as [string, Uint8Array, Uint8Array];
    expect(gone.subarray(0, 16)).toEqual(new Uint8Array(16));
    expect(back).toEqual(Uint8Array.of(...gone.subarray(16), ...gone.subarray(0, 16)));
    range.all(4, 0, { range: nothing });
    range.all(5, 0, { range: nothing });
    expect(range.last).toBe('range_still');
  });

  it('starts over when stamps start again', () => {
    const scan = new Changes(['scan']);
    scan.all(9, 0);
    for (const at of [2, 3, 4, 5]) scan.all(at, at);
    expect(scan.seen).toEqual(['scan_still', 'scan_late', 'scan_late', 'scan_still', expect.any(Uint8Array)]);
  });

  it.each(['image', 'scan', 'range', 'points', 'features'])('skips late messages of %s', (name) => {
    const [some, clean] = [new Changes([name]), new Changes([name])];
    const at = (k: number): bigint => BigInt(k) * 20_000_000n;
    const order = [0, 1, 3, 2, 4, 5, 7, 6, 8];
    for (const k of order) some.hear(name, at(k), sensor(name).message(k));
    for (const k of order) if (k !== 2 && k !== 6) clean.hear(name, at(k), sensor(name).message(k));
    expect([some.seen[3], some.seen[7]]).toEqual([`${name}_late`, `${name}_late`]);
    expect(some.seen.filter((_, k) => k !== 3 && k !== 7)).toEqual(clean.seen);
  });

  it('ignores a second publisher that is behind, and one stamp that is far ahead', () => {
    const [some, clean] = [new Changes(['scan']), new Changes(['scan'])];
    for (let k = 10; k < 30; k++) {
      for (const each of [some, clean]) each.all(k, k);
      some.all(k - 7, k + 1);
      if (k === 15) some.refused('scan', 40_000_000n * second, 'scan_ahead');
    }
    expect(some.seen.filter((each) => each !== 'scan_late')).toEqual(clean.seen);
    expect(some.seen).toHaveLength(40);
  });

  it('continues from the state of another, and starts over after a reset', () => {
    const [first, second] = [new Changes(['scan']), new Changes(['scan'])];
    first.all(1, 0);
    second.source.remember(first.source.state);
    for (const each of [first, second]) each.all(2, 1);
    expect(second.last).toEqual(first.last);
    second.source.forget();
    second.all(3, 0);
    expect(second.last).toBe('scan_still');
  });

  it('survives clearing what waits', () => {
    const scan = new Changes(['scan']);
    scan.all(1, 0);
    scan.source.reset();
    scan.all(2, 1);
    expect(scan.last).toBeInstanceOf(Uint8Array);
  });
});

describe('change in time of several sensors', () => {
  const names = ['range', 'scan'];
  const rangePart = 2 * 16;
  const part = (sample: Uint8Array | string | undefined, from: number, end?: number): Uint8Array => {
    if (!(sample instanceof Uint8Array)) throw new Error(`the sample is ${String(sample)}`);
    return sample.subarray(from, end);
  };

  it('keeps nothing of a refused sample, not even of its valid messages', () => {
    const [both, clean] = [new Changes(names), new Changes(names)];
    for (const each of [both, clean]) each.all(1, 0);
    both.all(2, 1, { scan: sensor('scan').wrong });
    expect(both.last).toBe('scan_empty');
    for (const each of [both, clean]) each.all(3, 2);
    expect(both.last).toEqual(clean.last);
  });

  it('shows the change since a sensor was last heard when it was missing or refused', () => {
    const both = new Changes(names, 'without');
    both.all(1, 0);
    both.all(2, 1, { scan: sensor('scan').wrong });
    expect(part(both.last, rangePart)).toEqual(new Uint8Array(256));
    both.all(3, 2, { scan: undefined });
    // The third waits until the fourth passes it; the fourth then goes without at once.
    both.all(4, 3);
    for (const at of [2, 3]) expect(part(both.seen[at], rangePart)).toEqual(new Uint8Array(256));
    both.all(5, 4);
    const scan = new Changes(['scan']);
    scan.all(1, 0);
    scan.all(5, 4);
    expectProportional(part(both.last, rangePart), part(scan.last, 0));
  });

  it('shows no change the second time that a message is part of a sample', () => {
    const both = new Changes(names);
    both.all(1, 0);
    both.hear('scan', 2n * second, sensor('scan').message(1));
    both.hear('range', 2n * second, sensor('range').message(1));
    both.hear('range', 2n * second + 1n, sensor('range').message(2));
    expect(part(both.seen[1], rangePart).some((byte) => byte > 0)).toBe(true);
    expect(part(both.seen[2], rangePart)).toEqual(new Uint8Array(256));
  });
});
