import { basename, join } from 'node:path';
import { sourceLost, type EnergyMeter, type MeterReading } from './energy-meter.js';
import { devices, numberIn } from './sysfs.js';
import { reasonOf } from '../base/errors.js';

// Running average power limit of Intel and AMD processors in the kernel's powercap: one folder per zone, with
//
//   energy_uj            counter [µJ], from 0 to max_energy_range_uj, then from 0 again
//   max_energy_range_uj  [µJ]
//   name                 package-N, core, uncore, dram, psys
//
// Packages and memory are added up. Core and uncore are parts of a package, and psys includes all of these.
// Source: Linux kernel, Documentation/power/powercap/powercap.rst; Intel SDM volume 3, section 15.10.

/** Most power of a package [W]: a counter that shows more was reset and did not wrap. */
const mostPower = 2000;
/** Time without a change after which a counter has stopped [s]: a processor that runs this program draws power. */
const patience = 10;
/** Name of the zone of the memory. */
const memory = 'dram';

class Zone {
  readonly #file: string;
  readonly #range: number;
  #last: number;
  /** When the counter last changed [s]. */
  #moved: number;

  constructor(
    readonly name: string,
    path: string,
    now: number,
  ) {
    this.#file = join(path, 'energy_uj');
    this.#range = numberIn(join(path, 'max_energy_range_uj'));
    this.#last = numberIn(this.#file);
    this.#moved = now;
  }

  /** Energy since the last call [J]. @param elapsed - time since that call [s] */
  take(now: number, elapsed: number): number {
    const counter = numberIn(this.#file);
    const passed = counter >= this.#last ? counter - this.#last : counter + this.#range - this.#last;
    if (counter !== this.#last) this.#moved = now;
    this.#last = counter;
    const joules = passed * 1e-6;
    return joules <= mostPower * Math.max(elapsed, 1) ? joules : 0;
  }

  /** Time since the counter of a package last changed [s]; 0 for memory, which may rest. */
  still(now: number): number {
    return this.name === memory ? 0 : now - this.#moved;
  }
}

/** Reads the energy counters of the processor, which count all processes on it. */
export class RaplMeter implements EnergyMeter {
  readonly source = 'rapl';
  readonly measured = true;
  readonly covers: string;
  readonly #zones: readonly Zone[];
  #joules = 0;
  #time: number;

  private constructor(zones: readonly Zone[], now: number) {
    this.#zones = zones;
    this.covers = `CPU ${zones.map(({ name }) => name).join(', ')}`;
    this.#time = now;
  }

  /**
   * @param sysfs - folder of the kernel's files, `/sys`
   * @returns the meter, or a sentence why there is none
   */
  static open(sysfs: string, now: number): RaplMeter | string {
    const found = devices(sysfs, 'class/powercap').filter(
      ({ path, name }) => basename(path).startsWith('intel-rapl:') && (name.startsWith('package') || name === memory),
    );
    if (found.length === 0) return 'no powercap zones of a processor';
    try {
      const zones = found.map(({ path, name }) => new Zone(name, path, now));
      return new RaplMeter(zones, now);
    } catch (error) {
      const hint = 'only root can read the counters unless their mode is changed';
      return `powercap is there but was not read: ${reasonOf(error)} (${hint})`;
    }
  }

  read(now: number): MeterReading {
    const elapsed = now - this.#time;
    let taken = 0;
    try {
      for (const zone of this.#zones) taken += zone.take(now, elapsed);
    } catch (error) {
      throw sourceLost(`powercap was lost: ${reasonOf(error)}`, error);
    }
    this.#time = now;
    this.#joules += taken;
    const stopped = this.#zones.find((zone) => zone.still(now) > patience);
    if (stopped) {
      const seconds = Math.round(stopped.still(now));
      throw sourceLost(`the counter of ${stopped.name} has stood still for ${seconds} s`);
    }
    return { joules: this.#joules, uncertainty: NaN };
  }
}
