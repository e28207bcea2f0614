import type { EnergyMeter, MeterReading } from './energy-meter.js';

/** Inputs of an estimate by operations; each is a total so far. */
export interface Spending {
  /** Energy of the network by its operations and a cost table [J]. */
  readonly network: () => number;
  /** CPU time of presenting samples on this machine [s]; left out, since `network` covers it. */
  readonly networkTime: () => number;
  /** CPU time of the whole process [s]. */
  readonly processTime: () => number;
}

/**
 * Estimates the energy of the network by its operations, and that of the rest of the process by CPU time.
 *
 *   E = E_network + P_core (t_process − t_network)
 *
 * with P_core the declared power of one busy core [W].
 */
export class OperationsMeter implements EnergyMeter {
  readonly source = 'operations';
  readonly measured = false;
  readonly covers = 'the network by operations, the rest of the process by CPU time';
  readonly #start: number;

  /** @param wattsPerCore - P_core [W] */
  constructor(
    readonly spending: Spending,
    readonly wattsPerCore: number,
  ) {
    this.#start = this.#total();
  }

  read(): MeterReading {
    return { joules: this.#total() - this.#start, uncertainty: NaN };
  }

  #total(): number {
    const { network, networkTime, processTime } = this.spending;
    return network() + this.wattsPerCore * Math.max(0, processTime() - networkTime());
  }
}
