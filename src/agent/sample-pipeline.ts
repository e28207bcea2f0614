import type { Learning } from '../snn/presentation.js';
import type { Clock } from '../base/clock.js';
import type { Slices } from '../base/slices.js';
import type { StageMarks } from './stages.js';
import type { Answer } from '../classifier/answer.js';
import { fairKinds } from '../classifier/label-kinds.js';
import type { OnlineClassifier } from '../classifier/online-classifier.js';
import type { OperatingPoint } from '../timestep/policy/operating-point.js';
import type { EnergyAccount } from '../energy/energy-account.js';
import type { Counters } from './counters.js';
import type { AgentEvent, LabelEvent } from './events.js';
import { noSample, type LabelLimits } from './label-refusal.js';
import { Labels } from './labels.js';
import { Teaching } from './teaching.js';
import type { EnergyController } from '../timestep/controller/energy-controller.js';
import type { Recalibration } from './recalibration.js';
import type { SampleSource } from '../sensing/in-time/sample-source.js';
import type { LabelSettings } from './agent-settings.js';
import type { Sample } from '../sensing/in-time/synchroniser.js';

/** Time after which others get the thread [s]: a service is answered within two or three slices. */
const sliceTime = 0.002;

const mostSteps = 1000;

/** How many timesteps fit into a slice, learned from slices that were run: it halves and doubles. */
export class Pace {
  #steps = 16;

  /** Timesteps of the next slice. */
  get steps(): number {
    return this.#steps;
  }

  /** @param seconds - what a slice of {@link Pace.steps} took; less where the sample had fewer left */
  took(seconds: number): void {
    if (seconds > sliceTime) this.#steps = Math.max(1, this.#steps >> 1);
    else if (seconds < sliceTime / 3) this.#steps = Math.min(mostSteps, this.#steps << 1);
  }
}

/** Presents samples in slices of about the same time, and adds up how long they took. */
export class PacedPresentation {
  readonly #pace = new Pace();
  #time = 0;

  constructor(
    readonly classifier: OnlineClassifier,
    readonly clock: Clock,
    readonly marks: StageMarks,
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
      this.marks.mark('decide');
      yield;
      this.marks.resume();
      begun = this.clock.monotonic();
    }
    const answer = this.classifier.end();
    this.#time += this.clock.monotonic() - begun;
    return answer;
  }
}

/** What takes part in a decision. */
export interface SamplePipelineParts {
  readonly source: SampleSource;
  readonly classifier: OnlineClassifier;
  readonly controller: EnergyController;
  readonly energy: EnergyAccount;
  readonly recalibration: Recalibration;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly marks: StageMarks;
  readonly labels: LabelSettings;
  readonly limits: LabelLimits;
}

/** The way of one sample from messages to a decision, and of one label to what it teaches; all who count are told. */
export class SamplePipeline {
  readonly labels: Labels;
  readonly teaching: Teaching;
  /** Labels that were used so far. */
  #used = 0;
  #learn: Learning = true;
  /** When the message of the last sample that was decided was taken, monotonic [s]. */
  #taken = -Infinity;
  readonly #parts: SamplePipelineParts;
  readonly #intensities: Uint8Array;
  readonly #presentation: PacedPresentation;

  constructor(parts: SamplePipelineParts) {
    const { source, classifier, controller, energy, counters, recalibration, clock, marks } = parts;
    this.#parts = parts;
    this.#intensities = new Uint8Array(source.rows * source.columns);
    this.#presentation = new PacedPresentation(classifier, clock, marks);
    this.labels = new Labels({
      ...{ classifier, clock, settings: parts.labels, limits: parts.limits, span: source.span },
      maxRate: () => controller.decision.settings.maxRate,
      gaveWay: (name) => {
        recalibration.forgetClass(name);
      },
      used: ({ outcome, stamp, name, kind }) => {
        this.#used++;
        const { sample, correct, corrected } = outcome;
        energy.addLabel(outcome);
        const fair = fairKinds.has(kind) && corrected === undefined;
        counters.labelled(correct, fair);
        if (fair) {
          recalibration.hearLabel(stamp, name);
          controller.hearLabel(sample, correct, name);
        }
        marks.mark('learn');
      },
    });
    this.teaching = new Teaching({
      newest: () => ({ stamp: classifier.remembered.newest, age: clock.monotonic() - this.#taken }),
      teach: (stamp, name) => {
        const before = this.#used;
        const label = { stamp, name, kind: 'teaching' as const };
        const news = this.labels.hear(label, this.#learn !== false);
        const taught = this.#used > before;
        return { taught, events: taught ? [...news, { kind: 'taught' as const, label }] : news };
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
    const { source, classifier, controller, energy: account, counters, clock, marks } = this.#parts;
    const { usable, refusals } = source.encode(sample, this.#intensities);
    marks.mark('encode');
    const { stamp, frameId, taken } = sample;
    if (!usable) {
      account.addFrontEnd(source.work);
      return refusals.map((refusal) => ({ ...refusal, stamp }));
    }
    const { place } = controller;
    const { point } = controller.decision.settings;
    const answer = yield* this.#presentation.present(this.#intensities, stamp, point, learn);
    const energy = account.add(answer.operations, source.work);
    const latency = clock.monotonic() - taken;
    controller.hearAnswer(answer, latency, place);
    const { label, confidence, readout, timestepsRun, learned, familiar } = answer;
    counters.decided({ latency, learned, familiar });
    const { timesteps } = point;
    const { classes } = classifier;
    const scores = answer.scores.slice();
    const told = { label, confidence, readout, classes, scores, timesteps, timestepsRun, latency, energy, learned };
    marks.mark('decide');
    this.#learn = learn;
    this.#taken = taken;
    const events: AgentEvent[] = [...refusals, { kind: 'decision', stamp, frameId, ...told }];
    events.push(...this.labels.decided(stamp, learn !== false));
    if (this.teaching.lesson !== undefined) events.push(...this.teaching.decided(stamp));
    return events;
  }

  /** Uses a label of an earlier sample, or keeps it for one to come. */
  hearLabel(label: LabelEvent, learn: boolean): AgentEvent[] {
    if (label.stamp !== 0n) return this.labels.hear(label, learn);
    const { newest } = this.#parts.classifier.remembered;
    if (newest === undefined) return [noSample(label.name)];
    const before = this.#used;
    const meant = { ...label, stamp: newest };
    const news = this.labels.hear(meant, learn);
    const refused = news.some(({ kind }) => kind === 'refusal');
    // Taken back, too, it has done something that a recording must tell.
    const done = this.#used > before || (label.kind === 'correction' && label.name.trim() === '' && !refused);
    return done ? [...news, { kind: 'taught', label: meant }] : news;
  }
}
