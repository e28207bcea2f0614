/**
 * Cost of presenting one sample, counted where the work is done. Exact integers. With a cost table (`energy/`) they give
 * joules.
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
 * Cost of turning the messages of a sample into intensities, counted as in a scalar program: the front end, which runs
 * before the network. Integers, exact apart from times.
 */
export interface FrontEndCounts {
  /** Additions, subtractions, comparisons and multiplications by small constants, of whole numbers. */
  frontEndAdditions: number;
  frontEndDivisions: number;
  /** CPU time of work that is not counted, such as a pretrained network [µs]. */
  frontEndMicroseconds: number;
}

/** The names of {@link FrontEndCounts}. */
export const frontEndNames = [
  'frontEndAdditions',
  'frontEndDivisions',
  'frontEndMicroseconds',
] as const satisfies readonly (keyof FrontEndCounts)[];

/** A front end without cost. */
export const noFrontEnd: Readonly<FrontEndCounts> = {
  frontEndAdditions: 0,
  frontEndDivisions: 0,
  frontEndMicroseconds: 0,
};

/** Total cost of several front ends. */
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
