import { noFrontEnd, type FrontEndCounts, type OperationCounts } from '../snn/operation-counts.js';

/** Power of a busy core [W] where it was not measured; cores of small computers take 2 to 10 W. */
export const corePower = 5;

/** Energy of each operation [pJ]. */
export type CostTable = Readonly<Record<keyof (OperationCounts & FrontEndCounts), number>>;

/**
 * 45 nm CMOS, 32-bit floating point: addition 0.9 pJ, multiplication 3.7 pJ, a 32-bit word from small SRAM 5 pJ.
 *
 * Source: M. Horowitz, Computing's energy problem (and what we can do about it), ISSCC 2014; the costs are composed as
 * in docs/method.md.
 */
export const cmos45: CostTable = {
  inputSpikes: 0, // counted with the weights that they read
  encoderUpdates: 10.8, // two of 5.4 per active input: cumulative sum, events placed
  synapticEvents: 5.9, // addition and one weight read
  neuronUpdates: 20.5, // leak, current, threshold; state read and written
  plasticityUpdates: 14.6, // multiply, add, weight read and written
  normalisationUpdates: 19.6, // a factor from a division, read and written
  thresholdUpdates: 3.7, // one multiplication
  labelUpdates: 4.6, // multiply-add
  outputSpikes: 0, // counted with the neurons that it inhibits
  frontEndAdditions: 2, // of 32-bit integers, with their share of reads and writes
  frontEndDivisions: 20,
  frontEndMicroseconds: 1e6 * corePower,
};

/** {@link cmos45} for spikes in time, whose encoders make one comparison or addition per active input and step. */
export const cmos45InTime: CostTable = { ...cmos45, encoderUpdates: 5.4 };

/** The table for a network. @param inTime - whether samples are presented by spikes in time */
export function costTable(inTime: boolean): CostTable {
  return inTime ? cmos45InTime : cmos45;
}

/** 45 nm CMOS with the weights in a large memory: 50 pJ per access, not 5; state and tables stay in small SRAM. */
export const cmos45LargeMemory: CostTable = {
  ...cmos45,
  synapticEvents: 50.9,
  plasticityUpdates: 104.6, // the weight is read and written
  normalisationUpdates: 109.6,
};

/**
 * Intel Loihi, 14 nm: 23.6 pJ per synaptic operation, 81 pJ per update of an active neuron, 120 pJ per update of
 * pairwise STDP, 1.7 pJ per spike within a tile; from SPICE simulation before silicon. Operations without a figure for
 * the chip (encoder, factors, labels) cost as in 45 nm CMOS.
 *
 * Source: M. Davies et al., Loihi: a neuromorphic manycore processor with on-chip learning, IEEE Micro 38(1), 2018,
 * table 2.
 */
export const loihi: CostTable = {
  ...cmos45,
  inputSpikes: 1.7,
  synapticEvents: 23.6,
  neuronUpdates: 81,
  plasticityUpdates: 120,
  outputSpikes: 1.7,
};

/**
 * IBM TrueNorth, 28 nm: 26 pJ per synaptic event. That is the power of the whole chip divided by its events, at 20 Hz
 * and 128 active synapses, so it includes neurons, spikes and leakage. The chip does not learn: learning costs as in
 * 45 nm CMOS.
 *
 * Source: P. A. Merolla et al., A million spiking-neuron integrated circuit with a scalable communication network and
 * interface, Science 345, 2014.
 */
export const trueNorth: CostTable = { ...cmos45, synapticEvents: 26, neuronUpdates: 0 };

/** The presets by the name of the parameter `energy.cost_table`. */
export const costTables = {
  cmos45,
  cmos45_large_memory: cmos45LargeMemory,
  loihi,
  truenorth: trueNorth,
} as const satisfies Readonly<Record<string, CostTable>>;

/** Energy of these operations [J]; of the network alone where counts of the front end are absent. */
export function joules(counts: Readonly<OperationCounts & Partial<FrontEndCounts>>, table: CostTable): number {
  // Written out, in the order of the table: it runs for every sample, and names as keys took longer than the sum.
  let picojoules = table.inputSpikes * counts.inputSpikes;
  picojoules += table.encoderUpdates * counts.encoderUpdates;
  picojoules += table.synapticEvents * counts.synapticEvents;
  picojoules += table.neuronUpdates * counts.neuronUpdates;
  picojoules += table.plasticityUpdates * counts.plasticityUpdates;
  picojoules += table.normalisationUpdates * counts.normalisationUpdates;
  picojoules += table.thresholdUpdates * counts.thresholdUpdates;
  picojoules += table.labelUpdates * counts.labelUpdates;
  picojoules += table.outputSpikes * counts.outputSpikes;
  picojoules += table.frontEndAdditions * (counts.frontEndAdditions ?? 0);
  picojoules += table.frontEndDivisions * (counts.frontEndDivisions ?? 0);
  picojoules += table.frontEndMicroseconds * (counts.frontEndMicroseconds ?? 0);
  return picojoules * 1e-12;
}

/** Energy of the front end alone [J]. */
export function frontEndJoules(counts: Readonly<FrontEndCounts>, table: CostTable): number {
  const work = counts.frontEndAdditions * table.frontEndAdditions + counts.frontEndDivisions * table.frontEndDivisions;
  return (work + counts.frontEndMicroseconds * table.frontEndMicroseconds) * 1e-12;
}

/** Cost of a label, in addition to that of its sample. */
export type LabelCost = Pick<OperationCounts, 'labelUpdates' | 'plasticityUpdates'>;

/** Energy of a label [J]. */
export function labelEnergy({ labelUpdates, plasticityUpdates }: LabelCost, table: CostTable): number {
  return (labelUpdates * table.labelUpdates + plasticityUpdates * table.plasticityUpdates) * 1e-12;
}

/** Mean power and energy per sample over a period of time. */
export interface EnergyRate {
  /** [W]; 0 where no time passed. */
  readonly power: number;
  /** [J]; NaN without a sample. */
  readonly perSample: number;
}

/** Timesteps of the unscaled network, 1 ms each. */
export const unscaledTimesteps = 350;
/** Input spikes per timestep: 128 Hz · 1 ms · Σ x̂ with Σ x̂ = 100. */
const spikesPerStep = 12.8;

/**
 * Energy of one sample in the unscaled network, spikes in time at T = 350 [J]:
 *
 *   (12.8 · T · N synaptic events) · c_syn + (N · T neuron updates) · c_neuron
 *
 * Plasticity, normalisation and the encoder are left out, so that a ratio against it is a lower bound. With N = 400 it
 * gives 13.4 µJ; the measured network takes 13.9 µJ in training and 13.7 µJ in inference on MNIST.
 *
 * @param neurons - N
 */
export function unscaledEnergy(neurons: number, table: CostTable): number {
  const synaptic = spikesPerStep * unscaledTimesteps * neurons * table.synapticEvents;
  return (synaptic + neurons * unscaledTimesteps * table.neuronUpdates) * 1e-12;
}

/** Sums the energy of front end and network, and the energy of the unscaled network for the same samples. */
export class EnergyAccount {
  #used = 0;
  /** Part of {@link EnergyAccount.used} that the front end took [J]. */
  #frontEnd = 0;
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

  /** Adds the cost of the front end alone, as for a sample that was not presented. */
  addFrontEnd(counts: Readonly<FrontEndCounts>): void {
    this.#see(counts);
  }

  #see(counts: Readonly<FrontEndCounts>): number {
    const energy = frontEndJoules(counts, this.table);
    this.#used += energy;
    this.#frontEnd += energy;
    return energy;
  }

  /**
   * Adds one presented sample.
   *
   * @param seeing - counts of the front end
   * @returns energy of front end and network [J]
   */
  add(counts: OperationCounts, seeing: Readonly<FrontEndCounts> = noFrontEnd): number {
    const seen = this.#see(seeing);
    const energy = joules(counts, this.table);
    this.#used += energy;
    this.#samples++;
    return energy + seen;
  }

  /** Adds the cost of a label; returns its energy [J]. */
  addLabel(cost: LabelCost): number {
    const energy = labelEnergy(cost, this.table);
    this.#used += energy;
    return energy;
  }

  /** Energy used so far [J]. */
  get used(): number {
    return this.#used;
  }

  /** Energy saved so far against the unscaled network at T = 350 with the same front end [J]. */
  get saved(): number {
    return this.#samples * this.#unscaled - (this.#used - this.#frontEnd);
  }

  /** Rates since the last call of this method, or since the start. */
  rate(now: number): EnergyRate {
    const { time, used, samples } = this.#since;
    this.#since = { time: now, used: this.#used, samples: this.#samples };
    const spent = this.#used - used;
    return { power: now > time ? spent / (now - time) : 0, perSample: spent / (this.#samples - samples) };
  }
}
