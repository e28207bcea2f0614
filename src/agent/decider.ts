import type { Clock } from '../base/clock.js';
import type { Slices } from '../base/slices.js';
import type { Laps } from '../base/stages.js';
import type { EnergyAccount } from '../energy/energy-account.js';
import type { OnlineClassifier } from '../classifier/online-classifier.js';
import type { Counters } from './counters.js';
import type { AgentEvent, LabelEvent } from './events.js';
import type { RefusalEvent } from '../base/refusal.js';
import type { LabelLimits } from './label-refusal.js';
import { Labels } from './labels.js';
import { PacedPresentation } from './paced-presentation.js';
import type { Pilot } from '../timestep/controller/energy-controller.js';
import type { Recalibration } from './recalibration.js';
import type { SampleSource } from '../sensing/in-time/sample-source.js';
import type { LabelSettings } from './agent-settings.js';
import type { Sample } from '../sensing/in-time/synchroniser.js';
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
  readonly labels: LabelSettings;
  readonly limits: LabelLimits;
}

/** The way of one sample from messages to a decision, and of one label to what it teaches; all who count are told. */
export class Decider {
  readonly labels: Labels;
  readonly #parts: DeciderParts;
  readonly #intensities: Uint8Array;
  readonly #presentation: PacedPresentation;

  constructor(parts: DeciderParts) {
    const { source, classifier, pilot, energy, counters, recalibration, clock, laps } = parts;
    this.#parts = parts;
    this.#intensities = new Uint8Array(source.rows * source.columns);
    this.#presentation = new PacedPresentation(classifier, clock, laps);
    this.labels = new Labels({
      ...{ classifier, clock, settings: parts.labels, limits: parts.limits, span: source.span },
      maxRate: () => pilot.decision.settings.maxRate,
      gaveWay: (name) => {
        recalibration.forgetClass(name);
      },
      used: ({ sample, correct, labelUpdates }, stamp, name) => {
        energy.addLabel(labelUpdates);
        counters.labelled(correct);
        recalibration.hearLabel(stamp, name);
        pilot.hearLabel(sample, correct, name);
        laps.lap('learn');
      },
    });
  }

  /** Time that presenting samples took so far [s]. */
  get presentationTime(): number {
    return this.#presentation.time;
  }

  /**
   * Decides one sample at the point in force.
   *
   * @returns the decision, what was refused of the sample's messages, and of labels that waited for it
   */
  *decide(sample: Sample, learn: Learning): Slices<AgentEvent[]> {
    const { source, classifier, pilot, energy: account, counters, clock, laps } = this.#parts;
    const { usable, refusals } = source.encode(sample, this.#intensities);
    laps.lap('encode');
    const { stamp, frameId, taken } = sample;
    if (!usable) return refusals.map((refusal) => ({ ...refusal, stamp }));
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
    return [...refusals, { kind: 'decision', stamp, frameId, ...told }, ...this.labels.decided(stamp, learn !== false)];
  }

  /** Uses a label of an earlier sample, or keeps it for one to come. */
  hearLabel(label: LabelEvent, learn: boolean): RefusalEvent[] {
    return this.labels.hear(label, learn);
  }
}
