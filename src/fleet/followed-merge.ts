import type { Snapshot } from '../base/snapshot.js';
import { fleetRecordOf, withFleetRecord, type FleetRecord } from '../agent/fleet-record.js';
import { recalibrationOf, withRecalibration } from '../agent/recalibration-snapshot.js';
import { hearAgain } from '../classifier/hear-again.js';
import type { Heard } from '../classifier/heard.js';
import { mostLabelled, OnlineClassifier, type ClassifierOptions } from '../classifier/online-classifier.js';

// A robot decides and learns while its merge is computed. Nothing of that may be lost. The difference of two networks
// cannot be added to a third: a neuron that was renewed meanwhile is a new one, and a label is credited to the neurons
// that fired in its sample. So the merged network hears the same samples and labels again, in the same order. The
// result is that of a robot that was merged first and heard them afterwards, bit for bit.

/** A merged network that catches up with what its robot has heard meanwhile. */
export class FollowedMerge {
  readonly #classifier: OnlineClassifier;
  readonly #record: FleetRecord;
  /** D. */
  readonly #inputs: number;

  /**
   * @param merged - as {@link mergeTried} made it
   * @param options - of the robot's classifier
   * @throws TopsparkError where they do not fit
   */
  constructor(merged: Snapshot, options: ClassifierOptions) {
    this.#inputs = options.rows * options.columns;
    this.#classifier = new OnlineClassifier(options);
    this.#classifier.restore(merged);
    this.#classifier.labelled = recalibrationOf(merged, this.#inputs, mostLabelled).samples;
    this.#record = fleetRecordOf(merged);
  }

  /** Hears what the robot has heard. */
  hear(list: readonly Heard[]): void {
    for (const heard of list) hearAgain(this.#classifier, heard);
  }

  /** The network now. Of the robot's other state it contains only the labelled samples. */
  snapshot(): Snapshot {
    const samples = [...this.#classifier.labelled];
    const learned = withRecalibration(this.#classifier.snapshot(), { samples, measured: undefined }, this.#inputs);
    return withFleetRecord(learned, this.#record);
  }
}
