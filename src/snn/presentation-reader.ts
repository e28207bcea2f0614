import type { Kernel } from './kernel-module.js';
import { operationNames } from './operation-counts.js';
import type { Presentation } from './presentation.js';

/** Neurons that vote and are credited without a spike (kernel/constants.ts). */
export const mostNearest = 10;

/** Reads what the kernel tells after a call (kernel/result.ts) into one preallocated {@link Presentation}. */
export class PresentationReader {
  readonly #numbers: Int32Array;
  readonly #votes: Float32Array;
  readonly #counts: Int32Array;
  readonly #told: Presentation;

  /** @param neurons - N: room for neurons that fired */
  constructor(kernel: Kernel, neurons: number) {
    this.#numbers = kernel.view(Int32Array, 'result', 8);
    this.#votes = kernel.view(Float32Array, 'result', 8);
    this.#counts = kernel.view(Int32Array, 'counts', operationNames.length);
    this.#told = {
      answer: -1,
      confidence: 0,
      lead: 0,
      timestepsRun: 0,
      learned: false,
      silent: false,
      fired: kernel.view(Int32Array, 'fired', neurons),
      firedSpikes: kernel.view(Int32Array, 'firedSpikes', neurons),
      firedCount: 0,
      nearest: kernel.view(Int32Array, 'nearest', mostNearest),
      nearestCount: 0,
      operations: {
        inputSpikes: 0,
        encoderUpdates: 0,
        synapticEvents: 0,
        neuronUpdates: 0,
        plasticityUpdates: 0,
        normalisationUpdates: 0,
        thresholdUpdates: 0,
        labelUpdates: 0,
        outputSpikes: 0,
      },
    };
  }

  /** The last presentation. */
  read(): Presentation {
    const told = this.#told;
    const numbers = this.#numbers;
    told.answer = numbers[0];
    told.confidence = this.#votes[1];
    told.lead = this.#votes[2];
    told.timestepsRun = numbers[3];
    told.learned = numbers[4] === 1;
    told.silent = numbers[5] === 1;
    told.firedCount = numbers[6];
    told.nearestCount = numbers[7];
    operationNames.forEach((name, field) => (told.operations[name] = this.#counts[field]));
    return told;
  }

  /** Hands the neurons of an earlier sample to the kernel. */
  recall(fired: Int32Array, firedSpikes: Int32Array, nearest: Int32Array): void {
    this.#told.fired.set(fired);
    this.#told.firedSpikes.set(firedSpikes);
    this.#told.nearest.set(nearest);
  }

  /** Label updates of the last call. */
  labelUpdates(): number {
    return this.#counts[operationNames.indexOf('labelUpdates')];
  }
}
