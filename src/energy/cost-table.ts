import type { OperationCounts } from '../snn/operation-counts.js';

/** Energy of each operation [pJ]. */
export type CostTable = Readonly<Record<keyof OperationCounts, number>>;

/**
 * 45 nm CMOS, 32-bit floating point: addition 0.9 pJ, multiplication 3.7 pJ, a 32-bit word from small SRAM 5 pJ.
 *
 * Source: M. Horowitz, Computing's energy problem (and what we can do about it), ISSCC 2014; composed per operation as
 * in docs/method.md.
 */
export const cmos45: CostTable = {
  inputSpikes: 0, // counted with the weights that it reads
  encoderUpdates: 10.8, // two of 5.4 per active input: cumulative sum, events placed
  synapticEvents: 5.9, // addition and one weight read
  neuronUpdates: 20.5, // leak, current, threshold; state read and written
  plasticityUpdates: 14.6, // multiply, add, weight read and written
  normalisationUpdates: 19.6, // a factor from a division, read and written
  thresholdUpdates: 3.7, // one multiplication
  labelUpdates: 4.6, // multiply-add
  outputSpikes: 0, // counted with the neurons that it inhibits
};

/** The same for spikes in time, whose encoders make one comparison or addition per active input and step. */
export const cmos45InTime: CostTable = { ...cmos45, encoderUpdates: 5.4 };

/** The table for a network. @param inTime - it is presented with spikes in time */
export function costTable(inTime: boolean): CostTable {
  return inTime ? cmos45InTime : cmos45;
}

/** Energy of these operations [J]. */
export function joules(counts: OperationCounts, table: CostTable): number {
  let picojoules = 0;
  for (const [name, cost] of Object.entries(table)) picojoules += cost * counts[name as keyof OperationCounts];
  return picojoules * 1e-12;
}
