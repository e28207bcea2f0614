import type { Slices } from '../base/slices.js';
import { joules, type CostTable } from '../energy/cost-table.js';
import { LabelledReservoir } from '../classifier/labelled-reservoir.js';
import type { OnlineClassifier } from '../classifier/online-classifier.js';
import { recalibrate } from '../classifier/recalibrate.js';
import { samePoint } from '../timestep/policy/operating-point.js';
import type { OperatingProfile } from '../timestep/controller/profile.js';
import type { Pilot } from '../timestep/controller/energy-controller.js';
import type { RecalibrationState } from './recalibration-snapshot.js';

/** Labelled samples that are kept to measure operating points anew. */
export const mostLabelled = 500;

/** What {@link Recalibration} works with. */
export interface RecalibrationParts {
  readonly pilot: Pilot;
  readonly classifier: OnlineClassifier;
  readonly costs: CostTable;
  /** Monotonic time [s]. */
  readonly time: () => number;
  /** Finishes the sample in hand. */
  readonly finish: () => void;
}

/** Keeps the profile true as the network learns: its operating points, measured on the last labelled samples. */
export class Recalibration {
  readonly #reservoir = new LabelledReservoir(mostLabelled);
  #measured: OperatingProfile | undefined;

  constructor(readonly parts: RecalibrationParts) {}

  /** A label has found the sample of that stamp [ns]. */
  hearLabel(stamp: bigint, name: string): void {
    const shown = this.parts.classifier.sampleOf(stamp);
    if (shown) this.#reservoir.add(shown, name);
  }

  /** A class is not known any more. */
  forgetClass(name: string): void {
    this.#reservoir.drop(name);
  }

  /** Forgets the labelled samples. */
  clear(): void {
    this.#reservoir.clear();
  }

  /** What a later life needs to go on; a copy. */
  get state(): RecalibrationState {
    return { samples: [...this.#reservoir.samples], measured: this.#measured };
  }

  /** Takes over what an earlier life left. Its measurements count where the points are still the same. */
  restore({ samples, measured }: RecalibrationState): void {
    this.clear();
    for (const { intensities, name } of samples) this.#reservoir.add(intensities, name);
    const points = this.parts.pilot.profile?.points ?? [];
    const same = measured?.points.length === points.length;
    if (same && measured.points.every(({ point }, at) => samePoint(point, points[at].point))) this.#adopt(measured);
  }

  #adopt(profile: OperatingProfile): void {
    this.#measured = profile;
    this.parts.pilot.adopt(profile);
  }

  /**
   * Measures the points without learning, in slices between which samples are decided and learned; the pilot chooses by
   * what was found from then on.
   *
   * @returns samples that it rests on; 0: nothing was done, since there is no profile or no labelled sample
   */
  *run(): Slices<number> {
    const { pilot, classifier, costs, time, finish } = this.parts;
    const { samples } = this.#reservoir;
    const { profile } = pilot;
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
