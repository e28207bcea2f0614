import type { Kernel } from './kernel-module.js';
import type { OperationCounts } from './operation-counts.js';
import type { Presentation } from './presentation.js';

/** Neurons that vote and are credited without a spike (kernel/constants.ts). */
export const mostNearest = 10;

/** Fields that the kernel tells (kernel/result.ts). */
const fields = 18;

/** Reads what the kernel tells after a call into one preallocated {@link Presentation}. */
export class PresentationReader {
  /** The last presentation. */
  readonly told: Presentation;
  readonly #numbers: Int32Array;
  readonly #votes: Float32Array;

  /** @param neurons - N: room for neurons that fired */
  constructor(kernel: Kernel, neurons: number) {
    this.#numbers = kernel.view(Int32Array, 'result', fields);
    this.#votes = kernel.view(Float32Array, 'result', fields);
    this.told = {
      answer: -1,
      confidence: 0,
      lead: 0,
      timestepsRun: 0,
      learned: false,
      silent: false,
      familiar: false,
      fired: kernel.view(Int32Array, 'fired', neurons),
      firedSpikes: kernel.view(Int32Array, 'firedSpikes', neurons),
      firedCount: 0,
      nearest: kernel.view(Int32Array, 'nearest', mostNearest),
      nearestCount: 0,
      operations: this.operations(),
    };
  }

  /** Reads the last presentation. */
  read(): Presentation {
    const told = this.told;
    const numbers = this.#numbers;
    told.answer = numbers[0];
    told.confidence = this.#votes[1];
    told.lead = this.#votes[2];
    told.timestepsRun = numbers[3];
    told.learned = numbers[4] === 1;
    told.silent = numbers[5] === 1;
    told.firedCount = numbers[6];
    told.nearestCount = numbers[7];
    told.familiar = numbers[8] === 1;
    told.operations = this.operations();
    return told;
  }

  /** Operations of the last call, a new object. */
  operations(): OperationCounts {
    const numbers = this.#numbers;
    return {
      inputSpikes: numbers[9],
      encoderUpdates: numbers[10],
      synapticEvents: numbers[11],
      neuronUpdates: numbers[12],
      plasticityUpdates: numbers[13],
      normalisationUpdates: numbers[14],
      thresholdUpdates: numbers[15],
      labelUpdates: numbers[16],
      outputSpikes: numbers[17],
    };
  }
}
