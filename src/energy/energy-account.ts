import type { OperationCounts } from '../snn/operation-counts.js';
import { joules, type CostTable } from './cost-table.js';
import { unscaledEnergy } from './unscaled.js';

/** Mean power and energy per sample over a stretch of time. */
export interface EnergyRate {
  /** [W]; 0 where no time passed. */
  readonly power: number;
  /** [J]; NaN without a sample. */
  readonly perSample: number;
}

/** Adds up what the network spent, and what the unscaled network would have spent on the same samples. */
export class EnergyAccount {
  #used = 0;
  #samples = 0;
  readonly #unscaled: number;
  #since: { time: number; used: number; samples: number };

  /**
   * @param neurons - N of the network
   * @param now - time [s] from which rates are measured
   */
  constructor(
    neurons: number,
    readonly table: CostTable,
    now: number,
  ) {
    this.#unscaled = unscaledEnergy(neurons, table);
    this.#since = { time: now, used: 0, samples: 0 };
  }

  /** Enters one sample; returns its energy [J]. */
  add(counts: OperationCounts): number {
    const energy = joules(counts, this.table);
    this.#used += energy;
    this.#samples++;
    return energy;
  }

  /** Enters what a label cost beside its sample [multiply-adds]. */
  addLabel(labelUpdates: number): void {
    this.#used += labelUpdates * this.table.labelUpdates * 1e-12;
  }

  /** Energy used so far [J]. */
  get used(): number {
    return this.#used;
  }

  /** Energy saved so far against the unscaled network at T = 350 [J]. */
  get saved(): number {
    return this.#samples * this.#unscaled - this.#used;
  }

  /** Rates since the last call of this method, or since the start. */
  rate(now: number): EnergyRate {
    const { time, used, samples } = this.#since;
    this.#since = { time: now, used: this.#used, samples: this.#samples };
    const spent = this.#used - used;
    return { power: now > time ? spent / (now - time) : 0, perSample: spent / (this.#samples - samples) };
  }
}
