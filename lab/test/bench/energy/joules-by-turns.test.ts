import { afterEach, describe, expect, it } from 'vitest';
import { RaplMeter } from 'topspark/energy/rapl-meter.js';
import { joulesByTurns, type MeteredMachine } from '../../../src/bench/energy/joules-by-turns.js';
import { packageCounter, rapl, SysfsTree } from '../../../../test/energy/sysfs-tree.js';

// The counters of a processor are not available here. A folder like the kernel's stands in for them, and time is passed
// in, so the right result is known.
const range = 3_000_000;

/** A processor that draws 5 W when idle and 15 W when working. */
class Processor {
  readonly tree = new SysfsTree(rapl(0, range));
  time = 0;
  /** Energy drawn so far, without wraps [µJ]. */
  drawn = 0;

  spend(seconds: number, watts: number): void {
    this.time += seconds;
    this.drawn += seconds * watts * 1e6;
    this.tree.write({ [packageCounter]: Math.round(this.drawn) % range });
  }
}

/** A machine on which another process works while this one waits. */
function machine(one: Processor, meter: RaplMeter): MeteredMachine {
  const spend = (seconds: number): void => {
    one.spend(seconds, 5);
  };
  const later = async (seconds: number): Promise<void> => {
    await Promise.resolve();
    one.spend(seconds, 15);
  };
  return { meter, now: () => one.time, idle: spend, later };
}

describe('joulesByTurns', () => {
  let processor: Processor | undefined;
  afterEach(() => processor?.tree.remove());

  it('subtracts the idle energy of the machine, even when the counter wraps', async () => {
    const one = (processor = new Processor());
    const meter = RaplMeter.open(one.tree.root, 0);
    if (typeof meter === 'string') throw new Error(meter);
    const work = [100e-6, 250e-6].map((seconds, k) => ({
      name: `work ${k}`,
      batch: 10,
      run: (samples: number): number => {
        one.spend(samples * seconds, 15);
        return samples;
      },
    }));
    let turns = 0;
    const { joules, idlePower } = await joulesByTurns(work, machine(one, meter), 3, 0.1, () => turns++);
    expect(one.drawn).toBeGreaterThan(2 * range);
    expect(idlePower).toBeCloseTo(5, 3);
    expect(joules.map(({ perSample }) => perSample)).toEqual([
      expect.closeTo(10 * 100e-6, 6),
      expect.closeTo(10 * 250e-6, 6),
    ]);
    expect(joules[0]?.rounds).toHaveLength(3);
    expect(turns).toBe(9);
  });

  it('reads the meter while another process works, and misses no wrap', async () => {
    const one = (processor = new Processor());
    const meter = RaplMeter.open(one.tree.root, 0);
    if (typeof meter === 'string') throw new Error(meter);
    // Half a second at 15 W wraps the counter twice.
    const run = async (samples: number): Promise<number> => {
      const end = one.time + samples * 0.1;
      while (one.time < end) await Promise.resolve();
      return samples;
    };
    const work = [{ name: 'other process', batch: 5, run }];
    const { joules } = await joulesByTurns(work, machine(one, meter), 2, 0.1, () => undefined);
    expect(joules[0]?.perSample).toBeCloseTo(10 * 0.1, 1);
  });

  it('stops with the reason if the meter is lost', async () => {
    const one = (processor = new Processor());
    const meter = RaplMeter.open(one.tree.root, 0);
    if (typeof meter === 'string') throw new Error(meter);
    const run = (): number => {
      one.spend(0.1, 15);
      one.tree.block(packageCounter);
      return 1;
    };
    const measure = (): Promise<unknown> =>
      joulesByTurns([{ name: 'work', batch: 1, run }], machine(one, meter), 1, 1, () => undefined);
    await expect(measure()).rejects.toThrow('powercap was lost');
  });
});
