/** One neuron as plain numbers. */
export interface PlainNeuron {
  /** W_ij = scale · raw_i, i in scan order. */
  readonly raw: number[];
  scale: number;
  rawSum: number;
  theta: number;
  spikes: number;
  lastWin: number;
  renewedAt: number;
  /** R_c, M_c, Σ_c R_c. */
  readonly evidence: number[];
  readonly message: number[];
  evidenceSum: number;
  /** Class of the largest evidence, -1: none. */
  owner: number;
}

/** A neuron that has not formed yet. */
export function plainNeuron(inputs: number, classes: number): PlainNeuron {
  return {
    raw: Array<number>(inputs).fill(0),
    scale: 0,
    rawSum: 0,
    theta: 0,
    spikes: 0,
    lastWin: 0,
    renewedAt: 0,
    evidence: Array<number>(classes).fill(0),
    message: Array<number>(classes).fill(0),
    evidenceSum: 0,
    owner: -1,
  };
}
