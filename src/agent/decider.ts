import type { Clock } from '../base/clock.js';
import type { Slices } from '../base/slices.js';
import type { Laps } from '../base/stages.js';
import type { EnergyAccount } from '../energy/energy-account.js';
import type { OnlineClassifier } from '../readout/online-classifier.js';
import type { Counters } from './counters.js';
import type { AgentEvent, LabelEvent, RefusalEvent } from './events.js';
import { labelRefusal } from './label-refusal.js';
import { PacedPresentation } from './paced-presentation.js';
import type { Pilot } from './pilot.js';
import type { Recalibration } from './recalibration.js';
import type { SampleSource } from './sample-source.js';
import type { Sample } from './synchroniser.js';
import type { Learning } from '../snn/presentation.js';

/** What takes part in a decision. */
export interface DeciderParts {
  readonly source: SampleSource;
  readonly classifier: OnlineClassifier;
  readonly pilot: Pilot;
  readonly energy: EnergyAccount;
  readonly recalibration: Recalibration;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly laps: Laps;
  /** What labels are refused by. */
  readonly limits: { readonly classes: number; readonly memory: number; readonly maxText: number };
}

/** The way of one sample from messages to a decision, and of one label to what it teaches; all who count are told. */
export class Decider {
  readonly #parts: DeciderParts;
  readonly #intensities: Uint8Array;
  readonly #presentation: PacedPresentation;

  constructor(parts: DeciderParts) {
    const { source, classifier, clock, laps } = parts;
    this.#parts = parts;
    this.#intensities = new Uint8Array(source.rows * source.columns);
    this.#presentation = new PacedPresentation(classifier, clock, laps);
  }

  /** Time that presenting samples took so far [s]. */
  get presentationTime(): number {
    return this.#presentation.time;
  }

  /**
   * Decides one sample at the point in force.
   *
   * @returns the decision, and what was refused of the sample's messages
   */
  *decide(sample: Sample, learn: Learning): Slices<AgentEvent[]> {
    const { source, classifier, pilot, energy: account, counters, clock, laps } = this.#parts;
    const { usable, refusals } = source.encode(sample, this.#intensities);
    laps.lap('encode');
    if (!usable) return [...refusals];
    const { stamp, frameId, taken } = sample;
    const { place } = pilot;
    const { point } = pilot.decision.settings;
    const answer = yield* this.#presentation.present(this.#intensities, stamp, point, learn);
    const energy = account.add(answer.operations);
    const latency = clock.monotonic() - taken;
    pilot.hearAnswer(answer, latency, place);
    const { label, confidence, timestepsRun, learned, familiar } = answer;
    counters.decided({ latency, learned, familiar });
    const { timesteps } = point;
    const { classes } = classifier;
    const scores = answer.scores.slice();
    const told = { label, confidence, classes, scores, timesteps, timestepsRun, latency, energy, learned };
    laps.lap('decide');
    return [...refusals, { kind: 'decision', stamp, frameId, ...told }];
  }

  /** Uses a label of an earlier sample; one that finds none to teach is refused. */
  hearLabel({ stamp, name }: LabelEvent, learn: boolean): RefusalEvent[] {
    const { classifier, pilot, energy, recalibration, counters, limits, laps } = this.#parts;
    // A name that is learned is told with every decision from then on.
    if (name.length > limits.maxText) return [labelRefusal('too_long', stamp, name, limits)];
    const outcome = classifier.label(stamp, name, learn);
    if (!outcome.found) return [labelRefusal(outcome.cause, stamp, name, limits)];
    energy.addLabel(outcome.labelUpdates);
    counters.labelled(outcome.correct);
    recalibration.hearLabel(stamp, name);
    pilot.hearLabel(outcome.sample, outcome.correct, name);
    laps.lap('learn');
    return [];
  }
}
