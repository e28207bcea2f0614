import { atOnce, inTurns, type Slices } from '../base/slices.js';
import { joules, type CostTable } from '../energy/energy-account.js';
import type { OnlineClassifier } from '../classifier/online-classifier.js';
import { recalibrate } from '../classifier/recalibrate.js';
import { samePoint } from '../timestep/policy/operating-point.js';
import type { OperatingProfile } from '../timestep/controller/profile.js';
import type { EnergyController } from '../timestep/controller/energy-controller.js';
import type { RecalibrationEvent } from './events.js';
import type { RecalibrationState } from './recalibration-snapshot.js';

/** Parts that {@link Recalibration} works with. */
export interface RecalibrationParts {
  readonly controller: EnergyController;
  readonly classifier: OnlineClassifier;
  readonly costs: CostTable;
  /** Monotonic time [s]. */
  readonly time: () => number;
  /** Finishes the sample in hand. */
  readonly finish: () => void;
  /** Called with the outcome of a measurement started by {@link Recalibration.begin}. */
  readonly done: (event: RecalibrationEvent) => void;
}

/** Keeps the profile valid while the network learns: measures its operating points on the last labelled samples. */
export class Recalibration {
  #measured: OperatingProfile | undefined;
  /** The work started by {@link Recalibration.begin}, until its outcome is reported. */
  #work: Slices<void> | undefined;

  constructor(readonly parts: RecalibrationParts) {}

  /** The state for a later run; a copy. */
  get state(): RecalibrationState {
    return { samples: [...this.parts.classifier.labelled], measured: this.#measured };
  }

  /** Restores the state of an earlier run. Its profile is used only where the points are still the same. */
  restore({ samples, measured }: RecalibrationState): void {
    this.parts.classifier.labelled = samples;
    const points = this.parts.controller.profile?.points ?? [];
    const same = measured?.points.length === points.length;
    if (same && measured.points.every(({ point }, at) => samePoint(point, points[at].point))) this.#adopt(measured);
  }

  #adopt(profile: OperatingProfile): void {
    this.#measured = profile;
    this.parts.controller.adopt(profile);
  }

  /**
   * Measures in the background, one slice per turn of the event loop. Does nothing while a measurement is under way.
   */
  begin(): void {
    if (this.#work !== undefined) return;
    this.#work = this.#beside();
    void inTurns(this.#work);
  }

  /** Finishes the work started by {@link Recalibration.begin} at once; its later turns find nothing left to do. */
  finish(): void {
    if (this.#work !== undefined) atOnce(this.#work);
  }

  *#beside(): Slices<void> {
    const event = yield* this.#outcome();
    this.#work = undefined;
    this.parts.done(event);
  }

  *#outcome(): Slices<RecalibrationEvent> {
    try {
      return { kind: 'recalibration', samples: yield* this.run() };
    } catch (error) {
      return { kind: 'recalibration', samples: 0, error };
    }
  }

  /**
   * Measures the points without learning. Samples are decided and learned between the slices; afterwards the controller
   * chooses by the result.
   *
   * @returns number of samples used; 0: nothing was measured, for lack of a profile or of labelled samples
   */
  *run(): Slices<number> {
    const { controller, classifier, costs, time, finish } = this.parts;
    const { labelled: samples } = classifier;
    const { profile } = controller;
    if (profile === undefined || samples.length === 0) return 0;
    const probe: OnlineClassifier['probe'] = (...asked) => {
      finish();
      return classifier.probe(...asked);
    };
    const rest = samples.length;
    const gauge = {
      classifier: { probe },
      energy: (counts: Parameters<typeof joules>[0]) => joules(counts, costs),
      time,
    };
    this.#adopt(yield* recalibrate(profile, samples, gauge));
    return rest;
  }
}
