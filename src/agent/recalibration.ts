import { atOnce, inTurns, type Slices } from '../base/slices.js';
import { joules, type CostTable } from '../energy/energy-account.js';
import type { OnlineClassifier } from '../classifier/online-classifier.js';
import { recalibrate } from '../classifier/recalibrate.js';
import { samePoint } from '../timestep/policy/operating-point.js';
import type { OperatingProfile } from '../timestep/controller/profile.js';
import type { EnergyController } from '../timestep/controller/energy-controller.js';
import type { RecalibrationEvent } from './events.js';
import type { RecalibrationState } from './recalibration-snapshot.js';

/** What {@link Recalibration} works with. */
export interface RecalibrationParts {
  readonly controller: EnergyController;
  readonly classifier: OnlineClassifier;
  readonly costs: CostTable;
  /** Monotonic time [s]. */
  readonly time: () => number;
  /** Finishes the sample in hand. */
  readonly finish: () => void;
  /** Hears what came of a measurement that {@link Recalibration.begin} began. */
  readonly done: (event: RecalibrationEvent) => void;
}

/** Keeps the profile true as the network learns: its operating points, measured on the last labelled samples. */
export class Recalibration {
  #measured: OperatingProfile | undefined;
  /** What {@link Recalibration.begin} began, until it has told what came of it. */
  #work: Slices<void> | undefined;

  constructor(readonly parts: RecalibrationParts) {}

  /** What a later life needs to go on; a copy. */
  get state(): RecalibrationState {
    return { samples: [...this.parts.classifier.labelled], measured: this.#measured };
  }

  /** Takes over what an earlier life left. Its measurements count where the points are still the same. */
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

  /** Measures beside the decisions, a slice in each turn of the event loop; does nothing where that is under way. */
  begin(): void {
    if (this.#work !== undefined) return;
    this.#work = this.#beside();
    void inTurns(this.#work);
  }

  /** Ends at once what {@link Recalibration.begin} began; whose turn comes later finds nothing left to do. */
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
   * Measures the points without learning, in slices between which samples are decided and learned; the controller chooses by
   * what was found from then on.
   *
   * @returns samples that it rests on; 0: nothing was done, since there is no profile or no labelled sample
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
