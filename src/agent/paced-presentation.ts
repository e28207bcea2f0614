import type { Learning } from '../snn/presentation.js';
import type { Clock } from '../base/clock.js';
import type { Slices } from '../base/slices.js';
import type { Laps } from '../base/stages.js';
import type { Answer } from '../classifier/answer.js';
import type { OnlineClassifier } from '../classifier/online-classifier.js';
import type { OperatingPoint } from '../timestep/policy/operating-point.js';
import { Pace } from './pace.js';

/** Presents samples in slices of about the same time, and adds up how long they took. */
export class PacedPresentation {
  readonly #pace = new Pace();
  #time = 0;

  constructor(
    readonly classifier: OnlineClassifier,
    readonly clock: Clock,
    readonly laps: Laps,
  ) {}

  /** Time that presenting took so far, without what came between slices [s]. */
  get time(): number {
    return this.#time;
  }

  /** @param stamp - by which a label will find the sample [ns] */
  *present(intensities: Uint8Array, stamp: bigint, point: OperatingPoint, learn: Learning): Slices<Answer> {
    let begun = this.clock.monotonic();
    let more = this.classifier.begin(intensities, stamp, point, learn);
    while (more) {
      const stepping = this.clock.monotonic();
      more = this.classifier.advance(this.#pace.steps);
      const now = this.clock.monotonic();
      this.#pace.took(now - stepping);
      if (!more) break;
      this.#time += now - begun;
      this.laps.lap('decide');
      yield;
      this.laps.resume();
      begun = this.clock.monotonic();
    }
    const answer = this.classifier.end();
    this.#time += this.clock.monotonic() - begun;
    return answer;
  }
}
