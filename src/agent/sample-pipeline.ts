import type { Learning } from '../snn/presentation.js';
import type { Clock } from '../base/time.js';
import type { Slices } from '../base/slices.js';
import type { StageMarks } from './stages.js';
import type { Answer } from '../classifier/answer.js';
import type { OnlineClassifier } from '../classifier/online-classifier.js';
import type { OperatingPoint } from '../timestep/policy/operating-point.js';
import type { OperationCounts } from '../snn/operation-counts.js';
import type { EnergyAccount } from '../energy/energy-account.js';
import type { Counters } from './counters.js';
import type { DecisionLatencies } from './decision-latencies.js';
import type { AgentEvent, ClassCandidate, DecisionEvent, LabelEvent, PlaceEvent } from './events.js';
import { noSample, type LabelLimits } from './label-refusal.js';
import { candidatesOf } from './candidates.js';
import { lastAnswer, type LastAnswer } from './last-answer.js';
import { Labels } from './labels.js';
import type { Asking } from './asking.js';
import { PlaceFilter } from './place.js';
import { RouteMatcher } from '../classifier/route-matcher.js';
import { Teaching } from './teaching.js';
import type { AccuracyMonitor } from '../accuracy/accuracy-monitor.js';
import type { Choice } from '../timestep/controller/energy-controller.js';
import { quoted } from '../base/quoted.js';
import { TopsparkError } from '../base/errors.js';
import { refusal, type RefusalEvent } from '../base/refusal.js';
import type { SensorEvent } from '../sensing/sensor-event.js';
import type { SampleSource } from '../sensing/in-time/sample-source.js';
import type { LabelSettings } from './agent-settings.js';
import type { Sample } from '../sensing/in-time/synchroniser.js';

/** Time after which a slice ends [s]. A service is answered within two or three slices. */
const sliceTime = 0.002;

const mostSteps = 1000;

/** Classes listed in a question. */
const mostCandidates = 5;

/**
 * Estimates how many timesteps fit into a slice, from past slices: halved after long ones, doubled after short ones.
 */
export class Pace {
  #steps = 16;

  /** Timesteps of the next slice. */
  get steps(): number {
    return this.#steps;
  }

  /** @param seconds - time of a slice of {@link Pace.steps} steps, or of fewer where the sample had fewer left */
  took(seconds: number): void {
    if (seconds > sliceTime) this.#steps = Math.max(1, this.#steps >> 1);
    else if (seconds < sliceTime / 3) this.#steps = Math.min(mostSteps, this.#steps << 1);
  }
}

/** Presents samples in slices of about equal time, and sums their times. */
export class PacedPresentation {
  readonly #pace = new Pace();
  #time = 0;

  constructor(
    readonly classifier: OnlineClassifier,
    readonly clock: Clock,
    readonly marks: StageMarks,
  ) {}

  /** Total time of presenting, without the time between slices [s]. */
  get time(): number {
    return this.#time;
  }

  /** @param stamp - stamp by which a label finds the sample [ns] */
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

/** How {@link TaskQueue} treats inputs. */
export interface TaskQueueOptions<In extends object, Out> {
  /** Starts the work; it must not throw. */
  readonly begin: (input: In) => Slices<Out>;
  /** Whether the input always waits its turn. Any other input waits only until a newer one replaces it. */
  readonly patient: (input: In) => boolean;
  /** Output for an input that a newer one replaced. */
  readonly replaced: (input: In) => Out;
  /** Called with the output of each input as soon as it is done: at once where the work has no yield. */
  readonly done: (out: Out) => void;
}

/**
 * Works on one input at a time, in the order of arrival. It works in slices, and the event loop runs between them. A
 * replay that finishes each input before the next one therefore ends in the same state.
 *
 * The network could also run in a worker thread. Measurements favour slices: yielding the thread costs 3 µs of CPU time
 * per slice of 2 ms, and a sample of one slice pays nothing. A round trip to a worker costs 19 µs for every sample,
 * more than a lean decision, makes every read of the state wait, and takes a second core where robots have few. Either
 * way, another process is answered within milliseconds (`topspark bench overload`).
 */
export class TaskQueue<In extends object, Out> {
  readonly #options: TaskQueueOptions<In, Out>;
  readonly #line: In[] = [];
  #work: Slices<Out> | undefined;
  #timer: NodeJS.Immediate | undefined;

  constructor(options: TaskQueueOptions<In, Out>) {
    this.#options = options;
  }

  /** Takes an input, and works on it now or in its turn. */
  take(input: In): void {
    const before = this.#options.patient(input) ? undefined : this.#removeImpatient();
    this.#line.push(input);
    if (before !== undefined) this.#options.done(this.#options.replaced(before));
    if (this.#work === undefined) this.#go();
  }

  /**
   * Finishes the work in hand and all patient inputs at the head of the queue. An input that is not patient, and
   * everything after it, keeps waiting.
   */
  finish(): void {
    this.#workOff();
    while (this.#line.length > 0 && this.#options.patient(this.#line[0])) {
      this.#pick();
      this.#workOff();
    }
  }

  /** Finishes all work at once, but drops a waiting input that is not patient. */
  end(): void {
    this.#workOff();
    clearImmediate(this.#timer);
    this.#timer = undefined;
    const last = this.#removeImpatient();
    if (last !== undefined) this.#options.done(this.#options.replaced(last));
    this.finish();
  }

  #removeImpatient(): In | undefined {
    const at = this.#line.findIndex((input) => !this.#options.patient(input));
    return at < 0 ? undefined : this.#line.splice(at, 1)[0];
  }

  // Continues until a slice leaves work undone.
  #go(): void {
    for (let work = this.#pick(); work !== undefined; work = this.#pick()) {
      const rest = this.#slice(work);
      if (rest === 'none') continue;
      if (rest === undefined) {
        this.#timer ??= setImmediate(() => {
          this.#timer = undefined;
          this.#go();
        });
      } else {
        void rest.then(() => {
          // The work may have been finished meanwhile; another one under way continues by itself.
          if (this.#work === work || this.#work === undefined) this.#go();
        });
      }
      return;
    }
  }

  #pick(): Slices<Out> | undefined {
    if (this.#work !== undefined) return this.#work;
    const input = this.#line.shift();
    return (this.#work = input && this.#options.begin(input));
  }

  #workOff(): void {
    while (this.#work !== undefined) void this.#slice(this.#work);
  }

  // Returns 'none' where the work is done, `undefined` where it continues next turn, or a promise to wait for.
  #slice(work: Slices<Out>): 'none' | undefined | Promise<void> {
    const { done, value } = work.next();
    if (done !== true) return value;
    this.#work = undefined;
    this.#options.done(value);
    return 'none';
  }
}

/** There is no room for another picture along the route; its label has taught the network all the same. */
const routeFull: RefusalEvent = { kind: 'refusal', topic: 'label', cause: 'label_route_full', message: '' };

/** Parts of a decision. */
export interface SamplePipelineParts {
  readonly source: SampleSource;
  readonly classifier: OnlineClassifier;
  readonly monitor: AccuracyMonitor;
  readonly energy: EnergyAccount;
  readonly counters: Counters;
  readonly latencies: DecisionLatencies;
  readonly clock: Clock;
  readonly marks: StageMarks;
  readonly labels: LabelSettings;
  /** How long answers must agree before they become the place [s]. */
  readonly placeDwell: number;
  /** Pictures along a route by which the place is found; 0: the place is the answer. */
  readonly placePictures: number;
  readonly limits: LabelLimits;
  readonly asking: Asking;
}

/** Carries each sample from messages to a decision, and each label to learning; updates all counters. */
export class SamplePipeline {
  readonly labels: Labels;
  readonly teaching: Teaching;
  readonly place: PlaceFilter;
  /** Pictures along a route by which the place is found; absent: the place is the answer. */
  readonly route: RouteMatcher | undefined;
  /** Mode and point in force; the controller's owner sets it. */
  choice: Choice;
  /** The answer to repeat for samples that hardly differ; `undefined`: the next sample is decided. */
  last: LastAnswer | undefined;
  /** Position of the last sample on the route; empty: not known. */
  #onRoute = '';
  #learn: Learning = true;
  /** When the message of the last decided sample was taken, monotonic [s]. */
  #taken = -Infinity;
  readonly #parts: SamplePipelineParts;
  readonly #intensities: Uint8Array;
  readonly #presentation: PacedPresentation;

  constructor(parts: SamplePipelineParts, choice: Choice) {
    const { source, classifier, monitor, energy, clock, marks } = parts;
    this.#parts = parts;
    this.choice = choice;
    this.place = new PlaceFilter(parts.placeDwell);
    this.#intensities = new Uint8Array(source.rows * source.columns);
    const { placePictures } = parts;
    this.route = placePictures > 0 ? new RouteMatcher(placePictures, this.#intensities.length) : undefined;
    this.#presentation = new PacedPresentation(classifier, clock, marks);
    this.labels = new Labels({
      ...{ classifier, clock, settings: parts.labels, limits: parts.limits, span: source.span },
      maxRate: () => this.choice.decision.settings.maxRate,
      used: ({ outcome, name, fair, stamp, learn }) => {
        // A repeated label of a burst shows the same place.
        if (learn && !outcome.repeated) this.#keepOnRoute(stamp, name);
        // The answer to repeat may have changed.
        this.last = undefined;
        energy.addLabel(outcome);
        if (fair) {
          const right = outcome.correct && !outcome.abstained;
          monitor.labelled(outcome.sample, right, name, classifier.alarm);
        }
        marks.mark('learn');
      },
      takenBack: (stamp) => this.route?.drop((_, own) => own === stamp),
    });
    this.teaching = new Teaching({
      newest: () => ({ stamp: this.#newest, age: clock.monotonic() - this.#taken }),
      teach: (stamp, name) => {
        const before = this.labels.counts.labelled;
        const label = { stamp, name, kind: 'teaching' as const };
        const news = this.labels.hear(label, this.#learn !== false);
        const taught = this.labels.counts.labelled > before;
        return { taught, events: taught ? [...news, { kind: 'taught' as const, label }] : news };
      },
    });
  }

  /** Total time of presenting samples [s]. */
  get presentationTime(): number {
    return this.#presentation.time;
  }

  /**
   * Takes a message of a sensor.
   *
   * @returns the samples that it completes, and refusals
   */
  hear(event: SensorEvent): readonly (Sample | RefusalEvent)[] {
    const { source, limits } = this.#parts;
    try {
      checkFrameId(event.frameId, limits.maxText);
      return source.hear(event);
    } catch (error) {
      return [refusal(event.sensor, error)];
    }
  }

  /**
   * Decides one sample at the point in force.
   *
   * @returns the decision, refusals of the sample's messages, and refusals of labels that waited for it
   */
  *decide(sample: Sample, learn: Learning): Slices<AgentEvent[]> {
    const { source, classifier, monitor, energy: account, counters, latencies, clock, marks, asking } = this.#parts;
    const alike = source.alike(sample);
    // A sample that a lesson names, or that a waiting label may name, is decided rather than repeated.
    if (alike && this.last !== undefined && this.labels.waiting === 0 && this.teaching.lesson === undefined) {
      return this.#placed(this.#repeat(sample, this.last));
    }
    // The choice in force now applies to the whole sample, even if it changes while an embedding network runs.
    const { decision, place } = this.choice;
    const { point } = decision.settings;
    source.lookAt(point.resolution);
    const seen = source.begin(sample);
    if (seen !== undefined) {
      marks.mark('encode');
      yield seen;
      marks.resume();
    }
    const { usable, refusals } = source.encode(sample, this.#intensities);
    marks.mark('encode');
    const { stamp, frameId, taken } = sample;
    if (!usable) {
      account.addFrontEnd(source.work);
      return refusals.map((refusal) => ({ ...refusal, stamp }));
    }
    const { classes } = classifier;
    const answer = yield* this.#presentation.present(this.#intensities, stamp, point, learn);
    const { confidence: share, readout, timestepsRun, learned } = answer;
    const { index, expected } = place;
    monitor.answered({
      sample: answer.sample,
      confidence: share,
      expected: expected?.[decision.measure],
      point: index,
    });
    const energy = account.add(this.#matched(answer.operations), source.work);
    const latency = clock.monotonic() - taken;
    counters.decided(answer);
    latencies.decided(latency, expected?.latency[learned ? 'train' : 'infer'] ?? 0);
    const { timesteps } = point;
    const scores = answer.scores.slice();
    const { label, confidence, unknown, unknownScore } = answer.reported;
    marks.mark('decide');
    this.#learn = learn;
    this.#taken = taken;
    // Written out, without object spread: it runs for every sample, and the spread took longer than the rest here.
    const answered: DecisionEvent = {
      kind: 'decision',
      stamp,
      frameId,
      label,
      confidence,
      givenLabel: answer.label,
      unknown,
      unknownScore,
      readout,
      classes,
      scores,
      timesteps,
      timestepsRun,
      latency,
      energy,
      learned,
      repeated: false,
    };
    this.last = source.repeats ? lastAnswer(answered) : undefined;
    const events: AgentEvent[] = [...refusals];
    const moved = this.#moved(answered);
    events.push(answered);
    if (moved !== undefined) events.push(moved);
    const labelled = this.labels.counts.labelled;
    for (const each of this.labels.decided(stamp, learn !== false)) events.push(each);
    if (this.teaching.lesson !== undefined) events.push(...this.teaching.decided(stamp));
    const candidates = (): ClassCandidate[] =>
      candidatesOf(answer.label, confidence, classes, scores).slice(0, mostCandidates);
    const timeLeft = (): number => classifier.remembered.capacity * classifier.remembered.period;
    const taught = this.labels.counts.labelled > labelled;
    for (const each of asking.decided({ stamp, frameId, candidates, timeLeft }, answer, taught)) events.push(each);
    return events;
  }

  // Adds a place event where the answer, or the robot's position on the route, has changed the place.
  #placed(answered: DecisionEvent): AgentEvent[] {
    const moved = this.#moved(answered);
    return moved === undefined ? [answered] : [answered, moved];
  }

  #moved(answered: DecisionEvent): PlaceEvent | undefined {
    const { stamp, frameId } = answered;
    const found = this.route ? { stamp, frameId, label: this.#onRoute, confidence: NaN } : answered;
    return this.place.hear(found);
  }

  // Finds the sample on the route. @returns operations, including those of the search
  #matched(operations: Readonly<OperationCounts>): Readonly<OperationCounts> {
    const { route } = this;
    if (route === undefined) return operations;
    const found = route.match(this.#intensities);
    this.#onRoute = found === undefined ? '' : route.names[found];
    return { ...operations, labelUpdates: operations.labelUpdates + route.work };
  }

  #keepOnRoute(stamp: bigint, name: string): void {
    const sample = this.route && this.#parts.classifier.intensitiesOf(stamp);
    if (sample === undefined || this.route?.add(sample, name, stamp) !== false) return;
    this.#parts.counters.refused(routeFull);
  }

  // The network does not run and nothing is learned; the only cost is the comparison with the last sample.
  #repeat(sample: Sample, last: LastAnswer): DecisionEvent {
    const { source, counters, latencies, clock, marks, asking } = this.#parts;
    const { stamp, frameId, taken } = sample;
    source.repeat(sample);
    asking.repeated(stamp);
    marks.mark('encode');
    const latency = clock.monotonic() - taken;
    counters.repeated(last.unknown);
    latencies.repeated(latency);
    this.#taken = taken;
    this.labels.repeated(stamp, last.stamp);
    const scores = last.scores.slice();
    const what = { latency, energy: 0, learned: false, repeated: true, timestepsRun: 0 };
    return { kind: 'decision', ...last, ...what, stamp, frameId, scores };
  }

  /** Stamp of the last answered sample [ns]; `undefined`: none is remembered. */
  get #newest(): bigint | undefined {
    return this.labels.repeatedLast ?? this.#parts.classifier.remembered.newest;
  }

  /** Uses a label of an earlier sample, or keeps it for a later one. */
  hearLabel(label: LabelEvent, learn: boolean): AgentEvent[] {
    // An undone or refused label may change answers too; telling these cases apart is not worth it.
    this.last = undefined;
    if (label.stamp !== 0n) return this.labels.hear(label, learn);
    const newest = this.#newest;
    if (newest === undefined) return [noSample(label.name)];
    const before = this.labels.counts.labelled;
    const meant = { ...label, stamp: newest };
    const news = this.labels.hear(meant, learn);
    const refused = news.some(({ kind }) => kind === 'refusal');
    // An undone label has an effect too, which a recording must contain.
    const done =
      this.labels.counts.labelled > before || (label.kind === 'correction' && label.name.trim() === '' && !refused);
    return done ? [...news, { kind: 'taught', label: meant }] : news;
  }
}

/**
 * Refuses a message whose `frame_id` is too long: every decision contains it.
 *
 * @param maxText - most characters
 * @throws {@link TopsparkError} `frame_too_long`
 */
function checkFrameId(frameId: string, maxText: number): void {
  if (frameId.length <= maxText) return;
  const found = `frame_id is ${quoted(frameId)}, expected at most input.max_text = ${maxText} characters`;
  throw new TopsparkError('frame_too_long', 'data', found);
}
