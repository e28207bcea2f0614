import { storedArray, type Snapshot, type Tensor } from '../base/snapshot.js';

/** Notes on the samples that a label may still name, in the same slots as in the label buffer. */
export class SampleNotes {
  /** Lead of the given answer [votes], and its share of them, 0..1. */
  readonly leads: Float32Array;
  readonly shares: Float32Array;
  /** Weight by which silence has confirmed the net answer, 0..1. */
  readonly confirmed: Float32Array;
  /** Score of {@link Certainty}, and 1 where the reported answer was 'unknown', 2: of a group without a name. */
  readonly scores: Float32Array;
  readonly unknown: Float32Array;

  /** @param capacity - most samples remembered */
  constructor(readonly capacity: number) {
    this.leads = new Float32Array(capacity);
    this.shares = new Float32Array(capacity);
    this.confirmed = new Float32Array(capacity);
    this.scores = new Float32Array(capacity);
    this.unknown = new Float32Array(capacity);
  }

  /** Forgets everything. */
  reset(): void {
    for (const [name] of bounds) this[name].fill(0);
  }

  /** Copies, named `notes.…`, of that many slots. */
  tensors(length: number): Record<string, Tensor> {
    const entries = bounds.map(([name]): [string, Tensor] => {
      return [`notes.${name}`, { shape: [length], data: this[name].slice(0, length) }];
    });
    return Object.fromEntries(entries);
  }

  /**
   * Reads them from a snapshot; notes that an older file lacks are 0.
   *
   * @param samples - number of all samples seen
   * @param capacity - capacity of the stored buffer
   * @returns a function that restores them; its argument: number of the last samples to restore
   * @throws TopsparkError `bad_state`; nothing has changed then
   */
  read(tensors: Snapshot['tensors'], samples: number, capacity: number): (remembered: number) => void {
    const length = Math.min(samples, capacity);
    const stored = bounds.map(([name, least, most]) => {
      const tensor = `notes.${name}`;
      return tensor in tensors ? storedArray(tensors, tensor, this[name], length, least, most) : undefined;
    });
    return (remembered) => {
      this.reset();
      for (let sample = samples - Math.min(remembered, this.capacity); sample < samples; sample++) {
        bounds.forEach(([name], at) => {
          this[name][sample % this.capacity] = stored[at]?.[sample % capacity] ?? 0;
        });
      }
    };
  }
}

/** The notes, and their bounds. */
const bounds = [
  ['leads', 0, 1e9],
  ['shares', 0, 1],
  ['confirmed', 0, 1],
  ['scores', 0, 1e9],
  ['unknown', 0, 2],
] as const;
