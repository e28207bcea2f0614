/**
 * Cost of presenting one sample, counted where the work is done. The counts are exact integers. A cost table
 * (`energy/`) converts them to joules.
 */
export interface OperationCounts {
  /** Input events (spikes) of the sample. */
  inputSpikes: number;
  /** Updates of the encoder: active inputs once per sample; for Poisson and regular spikes in time, once per step. */
  encoderUpdates: number;
  /** Weights read and added: one per input event and per neuron that reads it. */
  synapticEvents: number;
  /** Neuron updates: members × steps, elimination (2 per neuron), ranking (1 per kept neuron). In time: N × steps. */
  neuronUpdates: number;
  /** STDP updates: active inputs × neurons that fired. With spikes in time: every change of a weight. */
  plasticityUpdates: number;
  /** Normalisations: one factor per neuron that fired, D more where a column is rewritten; in time D per neuron. */
  normalisationUpdates: number;
  /** Thresholds that decayed. */
  thresholdUpdates: number;
  /** Multiply-adds for votes, labels and the spreading of labels. */
  labelUpdates: number;
  /** Output spikes. */
  outputSpikes: number;
}

/**
 * Cost of the front end, which turns the messages of a sample into intensities before the network runs. Operations are
 * counted as in a scalar program. All are integers; all but times are exact.
 */
export interface FrontEndCounts {
  /** Additions, subtractions, comparisons and multiplications by small constants, all of integers. */
  frontEndAdditions: number;
  frontEndDivisions: number;
  /** CPU time of work whose operations are not counted, such as a pretrained network [µs]. */
  frontEndMicroseconds: number;
}

/** The names of {@link FrontEndCounts}. */
export const frontEndNames = [
  'frontEndAdditions',
  'frontEndDivisions',
  'frontEndMicroseconds',
] as const satisfies readonly (keyof FrontEndCounts)[];

/** A front end that costs nothing. */
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
