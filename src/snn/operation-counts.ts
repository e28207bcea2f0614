/**
 * What the presentation of one sample cost, counted where the work is done. Exact integers. Together with a cost table
 * (`energy/`) they give joules.
 */
export interface OperationCounts {
  /** Input events (spikes) of the sample. */
  inputSpikes: number;
  /** Updates of the encoder: active inputs, once a sample or, for Poisson and regular spikes in time, once a step. */
  encoderUpdates: number;
  /** Weights read and added: one per input event and neuron that reads it. */
  synapticEvents: number;
  /** Neuron updates: members × steps, elimination (2 per neuron), ranking (1 per kept neuron); in time N × steps. */
  neuronUpdates: number;
  /** STDP updates: active inputs × neurons that fired; with spikes in time every change of a weight. */
  plasticityUpdates: number;
  /** Normalisations: one factor per neuron that fired, D more when a column is rewritten; in time D per such neuron. */
  normalisationUpdates: number;
  /** Thresholds that decayed. */
  thresholdUpdates: number;
  /** Multiply-adds of votes, labels and their spreading. */
  labelUpdates: number;
  /** Output spikes. */
  outputSpikes: number;
}

/**
 * What it cost to turn the messages of a sample into intensities, counted as a scalar program does it: the front end, which
 * works before the network does. Integers, exact but for times.
 */
export interface FrontEndCounts {
  /** Additions, subtractions, comparisons and multiplications by small constants, of whole numbers. */
  frontEndAdditions: number;
  frontEndDivisions: number;
  /** CPU time of what nobody counts, as a pretrained network [µs]; a time, not a count. */
  frontEndMicroseconds: number;
}

/** The names of {@link FrontEndCounts}. */
export const frontEndNames = [
  'frontEndAdditions',
  'frontEndDivisions',
  'frontEndMicroseconds',
] as const satisfies readonly (keyof FrontEndCounts)[];

/** Of a sample that has cost nothing yet. */
export const noFrontEnd: Readonly<FrontEndCounts> = {
  frontEndAdditions: 0,
  frontEndDivisions: 0,
  frontEndMicroseconds: 0,
};

/** What several front ends cost together. */
export function sumOfFrontEnds(all: readonly Readonly<FrontEndCounts>[]): FrontEndCounts {
  const sum = { ...noFrontEnd };
  for (const each of all) for (const name of frontEndNames) sum[name] += each[name];
  return sum;
}

/** The names of {@link OperationCounts}, in the order in which the kernel stores them. */
export const operationNames = [
  'inputSpikes',
  'encoderUpdates',
  'synapticEvents',
  'neuronUpdates',
  'plasticityUpdates',
  'normalisationUpdates',
  'thresholdUpdates',
  'labelUpdates',
  'outputSpikes',
] as const satisfies readonly (keyof OperationCounts)[];
