import type { Copy } from '../base/buffer-pool.js';
import { momentOf, type Clock } from '../base/time.js';
import { TopsparkError } from '../base/errors.js';
import { didYouMean, quoted } from '../base/quoted.js';
import { atOnce, type Slices } from '../base/slices.js';
import { noMarks, type StageMarks } from './stages.js';
import type { Snapshot } from '../base/snapshot.js';
import type { BatteryMessage } from '../energy/battery.js';
import { cmos45, EnergyAccount, frontEndJoules } from '../energy/energy-account.js';
import { checkName, cleanName, type ClassFacts } from '../classifier/class-roster.js';
import { linearParts } from '../classifier/linear-use.js';
import { hearAgain } from '../classifier/hear-again.js';
import { HeardMeanwhile } from '../classifier/heard.js';
import type { SampleSpikes } from '../classifier/network-view.js';
import { OnlineClassifier, type ClassifierOptions } from '../classifier/online-classifier.js';
import type { Learning } from '../snn/presentation.js';
import { checkModes, type ModeName } from '../timestep/controller/modes.js';
import type { OperatingPoint } from '../timestep/policy/operating-point.js';
import type { OperatingProfile } from '../timestep/controller/profile.js';
import { modesAt, profileAt } from '../timestep/controller/sights.js';
import { noFrontEnd } from '../snn/operation-counts.js';
import type { Sight } from '../sensing/sensor.js';
import { refusal, type RefusalEvent } from '../base/refusal.js';
import type {
  AgentEvent,
  AgentInput,
  ClassEditEvent,
  LabelEvent,
  ModeEvent,
  MotionEvent,
  NoticeEvent,
  PlaceEvent,
} from './events.js';
import type { SensorEvent } from '../sensing/sensor-event.js';
import { Counters } from './counters.js';
import { DecisionLatencies } from './decision-latencies.js';
import { SamplePipeline, TaskQueue } from './sample-pipeline.js';
import { AgentState } from './agent-state.js';
import type { FleetRecord } from './fleet-record.js';
import { Asking, noAsking, type QuestionSettings } from './asking.js';
import { EnergyController, type Goals } from '../timestep/controller/energy-controller.js';
import { Joystick } from './joystick.js';
import { prototypePicture, type PrototypePicture } from './prototype-picture.js';
import { RateCap } from './rate-cap.js';
import { Recalibration } from './recalibration.js';
import { SampleSource } from '../sensing/in-time/sample-source.js';
import { standardLabels, standardPlaceDwell, type AgentSettings } from './agent-settings.js';
import type { AgentStatus } from './agent-status.js';
import type { Sample } from '../sensing/in-time/synchroniser.js';
import type { Lesson } from './teaching.js';

type Task =
  { readonly kind: 'label'; readonly label: LabelEvent } | { readonly kind: 'sample'; readonly sample: Sample };

/** Longest time that a held button teaches [s]: a joystick may disconnect before it reports the release. */
const longestPress = 60;

/**
 * Turns sensor messages into decisions and energy modes: connects encoder, network, readout, controller, energy account
 * and accuracy monitor. It depends on neither ROS nor files; time is passed in.
 */
export class Agent {
  readonly #classifier: OnlineClassifier;
  readonly #source: SampleSource;
  readonly #controller: EnergyController;
  readonly #energy: EnergyAccount;
  readonly #recalibration: Recalibration;
  readonly #cap = new RateCap();
  readonly #pipeline: SamplePipeline;
  readonly #state: AgentState;
  readonly #queue = new TaskQueue<Task, readonly AgentEvent[]>({
    begin: (task) => this.#work(task),
    patient: ({ kind }) => kind === 'label',
    replaced: (task) => (task.kind === 'sample' ? [this.#skip(task.sample, 'busy')] : []),
    done: (events) => {
      for (const event of events) this.#emit(event);
    },
  });
  readonly #counters = new Counters();
  readonly #latencies = new DecisionLatencies();
  readonly #joystick: Joystick;
  readonly #asking: Asking;
  readonly #classifierOptions: ClassifierOptions;
  /** Record of samples and labels heard while a merge is computed; absent: no merge is under way. */
  #meanwhile: HeardMeanwhile | undefined;
  #learning: Learning;
  #charging = false;

  /** Receives every event, in order. Set it before the first input. */
  onEvent: (event: AgentEvent) => void = () => undefined;

  /**
   * @param marks - receives the marks of stages, to attribute CPU time
   * @throws {@link TopsparkError} naming the setting that is wrong, its value and its bounds
   */
  constructor(
    readonly settings: AgentSettings,
    readonly clock: Clock,
    marks: StageMarks = noMarks,
  ) {
    checkModes(settings.modes);
    const costs = settings.costs ?? cmos45;
    this.#joystick = new Joystick(settings.buttons ?? []);
    this.#asking = new Asking(settings.questions ?? noAsking);
    this.#source = new SampleSource(settings.sensors);
    const { rows, columns, polarity } = this.#source;
    const { linearReadout = 'auto', timed } = settings.network;
    const linear = timed ? undefined : linearParts(linearReadout, this.#source);
    this.#classifierOptions = {
      ...settings.network,
      rows,
      columns,
      polarity,
      unknownRate: settings.unknownRate ?? 0,
      features: this.#source.features,
      ...(linear && { linear }),
    };
    this.#classifier = new OnlineClassifier(this.#classifierOptions);
    const { sights } = this.#source;
    const looking = (microseconds: number): number =>
      frontEndJoules({ ...noFrontEnd, frontEndMicroseconds: microseconds }, costs);
    const modes = modesAt(settings.modes, sights);
    const profile = settings.profile && profileAt(settings.profile, sights, looking);
    this.#controller = new EnergyController({ ...settings, modes, profile }, momentOf(clock));
    this.#energy = new EnergyAccount(settings.network.neurons, costs, clock.monotonic());
    this.#recalibration = new Recalibration({
      ...{ controller: this.#controller, classifier: this.#classifier, costs: this.#energy.table },
      time: () => clock.monotonic(),
      finish: () => {
        this.#queue.finish();
      },
      done: (event) => {
        this.#emit(event);
      },
    });
    const parts = {
      classifier: this.#classifier,
      source: this.#source,
      monitor: this.#controller.monitor,
      energy: this.#energy,
      counters: this.#counters,
      latencies: this.#latencies,
      clock,
      marks,
      labels: settings.labels ?? standardLabels,
      placeDwell: settings.placeDwell ?? standardPlaceDwell,
      placePictures: settings.placePictures ?? 0,
      limits: { ...settings.network, ...settings.input },
      asking: this.#asking,
    };
    this.#pipeline = new SamplePipeline(parts, this.#controller.choice);
    this.#controller.onChoice = (choice) => {
      this.#pipeline.choice = choice;
    };
    this.#state = new AgentState({
      ...{ classifier: this.#classifier, source: this.#source },
      ...{ recalibration: this.#recalibration, controller: this.#controller, labels: this.#pipeline.labels },
      ...{ asking: this.#asking, repetition: this.#pipeline, route: this.#pipeline.route },
    });
    this.#learning = settings.learning;
  }

  /**
   * Takes one input and works on it up to the decision, at once where the sample fits into a slice. It never throws for
   * an input: refusals are counted and reported.
   */
  take(input: AgentInput): void {
    switch (input.topic) {
      case 'sensor':
        this.#takeSensor(input.event);
        break;
      case 'label':
        this.#queue.take({ kind: 'label', label: input.event });
        break;
      case 'odom':
        this.#takeMotion(input.event);
        break;
      case 'battery_state':
        this.#takeBattery(input.event);
        break;
      case 'class_edit':
        this.#takeEdit(input.event);
        break;
      case 'joy':
        this.#takeButtons(input.event.buttons);
        break;
      case 'unread':
        this.#emit(input.event);
        break;
    }
  }

  /** Finishes the sample in hand at once and drops the one that waits; events report the outcome. */
  finish(): void {
    this.#queue.end();
    this.#recalibration.finish();
  }

  /** No input comes for now: finishes the sample in hand, ends the lesson, drops and counts unmatched messages. */
  rest(): void {
    this.finish();
    this.#pipeline.teaching.end();
    for (const each of this.#source.reset()) this.#counters.refused(each);
  }

  /** Time until a sample will be admitted [s]; 0: now. Earlier ones would be dropped. */
  get wait(): number {
    const { maxRate } = this.#pipeline.choice.decision.settings;
    return maxRate > 0 ? this.#cap.wait(this.clock.elapsed(), maxRate) : 0;
  }

  /** Available resolutions of pictures with their costs, the largest first; empty: there is no choice. */
  get sights(): readonly Sight[] {
    return this.#source.sights;
  }

  /** The mode in force. */
  get mode(): ModeEvent {
    return { kind: 'mode', ...this.#pipeline.choice.decision };
  }

  /** Where the robot is, by its answers. */
  get place(): PlaceEvent {
    return this.#pipeline.place.now;
  }

  /** Sets how long answers must agree before they become the place [s]. */
  setPlaceDwell(dwell: number): void {
    this.#pipeline.place.dwell = dwell;
  }

  /** Sets a mode, or returns the choice to the controller; {@link Agent.onEvent} reports the change too. */
  forceMode(mode: ModeName | 'AUTO'): ModeEvent {
    this.#controller.force(mode);
    this.#choose();
    return this.mode;
  }

  /** Sets the goals. Mode and point follow at the next beat or battery message. */
  aim(goals: Goals): void {
    this.#controller.aim(goals);
  }

  /**
   * Names the newest sample and those that come within a duration, and ends an earlier lesson. Events report the
   * outcome.
   *
   * @throws {@link TopsparkError} `teach_*`, `label_empty`, `label_too_long`, `learning_off`; nothing is taught then
   */
  teach(lesson: Lesson): void {
    this.#queue.finish();
    const name = this.#className(lesson.name);
    const learn = this.#pipeline.choice.decision.settings.learning && this.#learning;
    if (learn === false) {
      const found = `nothing is learned now, in mode ${this.#pipeline.choice.decision.mode}`;
      const expected = 'learning.enabled, and a mode that learns';
      throw new TopsparkError('learning_off', 'usage', `${found}, expected ${expected}`);
    }
    for (const event of this.#pipeline.teaching.begin({ ...lesson, name }, this.clock.elapsed())) this.#emit(event);
  }

  /** Ends the lesson. */
  endTeaching(): void {
    this.#queue.finish();
    this.#pipeline.teaching.end();
  }

  /** Spikes of the network for the last sample; `undefined`: there was none. */
  get spikes(): SampleSpikes | undefined {
    return this.#classifier.view.spikes();
  }

  /** The prototype of each class, as a picture. */
  get prototypes(): readonly PrototypePicture[] {
    return this.#classifier.view.prototypes.map((each) => prototypePicture(each, this.#source.shown));
  }

  /** Facts about each class, in the order in which the classes first came. */
  get classFacts(): readonly ClassFacts[] {
    return this.#classifier.classFacts;
  }

  /**
   * Forgets a class, or renames it; renaming to an existing class merges the two.
   *
   * @returns a sentence about what was done
   * @throws {@link TopsparkError} `class_unknown`, `label_too_long`; nothing has changed then
   */
  editClass(edit: ClassEditEvent): string {
    this.#queue.finish();
    this.#pipeline.last = undefined;
    const name = cleanName(edit.name);
    const newName = edit.newName === '' ? '' : this.#className(edit.newName);
    const said = newName === '' ? this.#forgetClass(name) : this.#renameClass(name, newName);
    if (said === undefined) {
      const found = `there is no class ${quoted(name)}${didYouMean(name, this.#classifier.classes)}`;
      const known = this.#classifier.classes.map((each) => quoted(each)).join(', ');
      throw new TopsparkError('class_unknown', 'usage', `${found}; known are ${known === '' ? 'none' : known}`);
    }
    this.#emit({ kind: 'classes', edit: { name, newName } });
    const { place, route } = this.#pipeline;
    if (newName === '') route?.drop((each) => each === name);
    else route?.rename(name, newName);
    this.#moved(place.edit({ name, newName }));
    return said;
  }

  #forgetClass(name: string): string | undefined {
    const labels = this.#classifier.forgetClass(name);
    if (labels === undefined) return undefined;
    return `class ${quoted(name)}, which had ${labels} labels, is forgotten`;
  }

  #renameClass(name: string, newName: string): string | undefined {
    const united = this.#classifier.renameClass(name, newName);
    if (united === undefined) return undefined;
    this.#controller.monitor.renameClass(name, newName);
    return `class ${quoted(name)} is ${united ? 'one with' : 'called'} ${quoted(newName)} now`;
  }

  #className(written: string): string {
    const name = cleanName(written);
    checkName(name, 'the class', this.settings.input.maxText);
    return name;
  }

  #takeButtons(buttons: ArrayLike<number>): void {
    const name = this.#joystick.hear(buttons);
    if (name === '') this.endTeaching();
    if (name === undefined || name === '') return;
    const done = (taught: number, why: string): void => {
      if (taught > 0) return;
      const message = `no sample was taught to be ${quoted(name)} while its button was held: ${why}`;
      this.#emit({ kind: 'notice', topic: 'joy', message });
    };
    try {
      this.teach({ name, duration: longestPress, done });
    } catch (error) {
      this.#emit(refusal('joy', error));
    }
  }

  #takeMotion(motion: MotionEvent): void {
    try {
      this.#asking.moved(motion);
    } catch (error) {
      this.#emit(refusal('odom', error));
    }
  }

  #takeEdit(edit: ClassEditEvent): void {
    try {
      this.editClass(edit);
    } catch (error) {
      this.#emit(refusal('class_edit', error));
    }
  }

  /** Sets the share of known samples that may be reported as unknown, 0..1; 0: none are. */
  setUnknownRate(rate: number): void {
    this.#queue.finish();
    this.#pipeline.last = undefined;
    this.#classifier.unknownRate = rate;
  }

  /** Sets when people are asked about samples, and how often. */
  setQuestions(settings: QuestionSettings): void {
    this.#queue.finish();
    this.#asking.settings = settings;
  }

  /** Sets which samples are learned; a mode that does not learn still does not. */
  setLearning(learning: Learning): void {
    this.#learning = learning;
    this.#controller.setLearning(learning);
  }

  /**
   * Called once a second. Chooses the mode by battery and goals, so that a silent battery is noticed; ends a lesson
   * whose time is over; and measures the operating points when charging begins, where the settings ask for it.
   */
  tick(): void {
    this.#choose();
    this.#pipeline.teaching.tick(this.clock.elapsed());
    const { charging } = this;
    if (charging && !this.#charging && this.settings.recalibrateAtCharger === true) this.#recalibration.begin();
    this.#charging = charging;
  }

  #choose(): void {
    const signs = { alarm: this.#classifier.alarm, overhead: this.#latencies.overhead };
    if (this.#controller.choose(momentOf(this.clock), signs)) this.#emit(this.mode);
  }

  /** Whether the robot is on mains, by the last valid battery message. */
  get charging(): boolean {
    return this.#controller.charging(this.clock.elapsed());
  }

  /** Power that the robot draws from its battery [W], by the last battery message; NaN while unknown. */
  get batteryPower(): number {
    return this.#controller.batteryPower(this.clock.elapsed());
  }

  /** The profile from which operating points are chosen; absent: the modes' own points are used. */
  get profile(): OperatingProfile | undefined {
    return this.#controller.profile;
  }

  /**
   * Measures the operating points of the profile again on the last labelled samples, without learning, and chooses by
   * the result from then on. Samples are decided and learned between the slices.
   *
   * @returns number of samples used; 0: nothing was measured, for lack of a profile or of labelled samples
   */
  recalibrate(): Slices<number> {
    return this.#recalibration.run();
  }

  /**
   * Starts {@link Agent.recalibrate} in the background; {@link Agent.onEvent} reports the outcome. Does nothing while
   * one is under way.
   */
  beginRecalibration(): void {
    this.#recalibration.begin();
  }

  /**
   * Answers intensities without a trace: nothing is learned, counted or reported.
   *
   * @param intensities - bytes as the sensors' encoders make them, row-major
   * @returns the name of the class; empty: unknown
   * @throws {@link TopsparkError} `wrong_length`, or `out_of_range` naming the field of the point
   */
  probe(intensities: Uint8Array, point: OperatingPoint): string {
    this.#queue.finish();
    return this.#classifier.probe(intensities, point, 0).label;
  }

  /** Total energy of the sensors' encoders and the network [J], by their operations. */
  get energyUsed(): number {
    return this.#energy.used;
  }

  /** Total time of presenting samples [s]. */
  get presentationTime(): number {
    return this.#pipeline.presentationTime;
  }

  /** Totals and current figures; power and energy per sample are means since the last call. */
  status(): AgentStatus {
    const { power, perSample } = this.#energy.rate(this.clock.monotonic());
    const { waiting, overdue } = this.#pipeline.labels;
    const { capacity, period } = this.#classifier.remembered;
    return {
      ...this.#counters.status,
      ...this.#latencies.quantiles,
      ...this.#pipeline.labels.counts,
      questions: this.#asking.asked,
      labelsWaiting: waiting,
      labelsOverdue: overdue,
      remembered: { samples: capacity, seconds: capacity * period },
      received: this.#source.received,
      sensors: this.#source.accounts,
      neuronsUsed: this.#classifier.neuronsUsed,
      neurons: this.settings.network.neurons,
      classes: this.#classifier.classes,
      accuracy: this.#controller.monitor.estimate(),
      energyUsed: this.#energy.used,
      energySaved: this.#energy.saved,
      power,
      energyPerSample: perSample,
      weightsHash: this.#state.weightsHash,
    };
  }

  /** Everything learned, including waiting labels, recalibration, questions and the state of the sensors. */
  snapshot(): Snapshot {
    return atOnce(this.capture());
  }

  /**
   * The same as {@link Agent.snapshot}, copied now. The hash is computed in slices, so that decisions continue
   * meanwhile.
   *
   * @param copy - copies the large arrays; by default each copy is allocated
   */
  capture(copy?: Copy): Slices<Snapshot> {
    this.#queue.finish();
    return this.#state.capture(copy);
  }

  /** Record of merges with other robots. */
  get fleet(): FleetRecord {
    return this.#state.fleet;
  }

  /** Size and settings of the classifier, for another one that hears the same samples and labels. */
  get classifierOptions(): ClassifierOptions {
    return { ...this.#classifierOptions, unknownRate: this.#classifier.unknownRate };
  }

  /**
   * Begins a merge, which is computed in the background: copies everything now, and records samples and labels from now
   * on. Decisions and learning continue; an earlier merge is cancelled.
   */
  beginMerge(): { readonly capture: Slices<Snapshot>; readonly meanwhile: HeardMeanwhile } {
    const capture = this.capture();
    this.#breakMerge('another merge was begun');
    const meanwhile = new HeardMeanwhile();
    this.#meanwhile = meanwhile;
    this.#classifier.onHeard = meanwhile.add.bind(meanwhile);
    return { capture, meanwhile };
  }

  /** Ends a merge without its outcome. */
  endMerge(meanwhile: HeardMeanwhile): void {
    if (this.#meanwhile !== meanwhile) return;
    this.#meanwhile = undefined;
    this.#classifier.onHeard = undefined;
  }

  /**
   * Adopts the outcome of a merge. Nothing decided or learned since {@link Agent.beginMerge} is lost: the merged
   * network hears everything still in `meanwhile` again, at once and without events. The state is then bit for bit that
   * of a robot that was merged first and heard everything afterwards. A later label finds its sample, whether the
   * sample was decided before, during or after the merge.
   *
   * @param merged - made from the snapshot of that call; has heard everything already taken from `meanwhile`
   * @throws {@link TopsparkError} `fleet_overtaken` where the merge was ended, by another merge, a restore, a reset or
   *   too many samples, or `bad_state` and `bad_profile` where the snapshot does not fit; nothing has changed then
   */
  takeMerged(merged: Snapshot, meanwhile: HeardMeanwhile): void {
    this.#queue.finish();
    if (meanwhile.broken !== undefined || this.#meanwhile !== meanwhile) {
      const found = `the merge is of no use: ${meanwhile.broken ?? 'it was ended'}`;
      throw new TopsparkError('fleet_overtaken', 'usage', `${found}; nothing was changed, merge again`);
    }
    this.#state.takeMerged(merged);
    this.endMerge(meanwhile);
    for (const heard of meanwhile.take()) hearAgain(this.#classifier, heard);
  }

  #breakMerge(why: string): void {
    const meanwhile = this.#meanwhile;
    if (meanwhile === undefined) return;
    meanwhile.broken = why;
    this.endMerge(meanwhile);
  }

  /** SHA-256 (hex) of the current weights, thresholds and class evidence. */
  weightsHash(): string {
    this.#queue.finish();
    return this.#classifier.hash();
  }

  /**
   * Replaces everything learned.
   *
   * @throws {@link TopsparkError} where the snapshot does not fit this network; nothing has changed then
   */
  restore(snapshot: Snapshot): void {
    this.#queue.finish();
    this.#state.restore(snapshot);
    this.#breakMerge('a checkpoint was loaded meanwhile');
    this.#moved(this.#pipeline.place.reset());
  }

  /** Forgets everything learned; counters and energy stay. */
  reset(): void {
    this.#queue.finish();
    this.#state.reset();
    this.#breakMerge('everything learned was forgotten meanwhile');
    this.#moved(this.#pipeline.place.reset());
  }

  #takeSensor(event: SensorEvent): void {
    for (const each of this.#pipeline.hear(event)) {
      if ('parts' in each) this.#admit(each);
      else this.#emit(each);
    }
  }

  #admit(sample: Sample): void {
    const { maxRate } = this.#pipeline.choice.decision.settings;
    if (maxRate > 0 && !this.#cap.admits(this.clock.elapsed(), maxRate)) this.#emit(this.#skip(sample, 'rate_cap'));
    else this.#queue.take({ kind: 'sample', sample });
  }

  #takeBattery(message: BatteryMessage): void {
    const event = this.#hearBattery(message);
    if (event?.kind !== 'refusal') this.#choose();
    if (event !== undefined) this.#emit(event);
  }

  #hearBattery(message: BatteryMessage): NoticeEvent | RefusalEvent | undefined {
    try {
      const notice = this.#controller.hearBattery(message, this.clock.elapsed());
      return notice === undefined ? undefined : { kind: 'notice', topic: 'battery_state', message: notice };
    } catch (error) {
      return this.#onceAbsent(refusal('battery_state', error));
    }
  }

  /**
   * Reports an event. Refusals are counted, and so are those of labels that wait for the refused sample; refusals
   * without a message are counted only.
   */
  #emit(event: AgentEvent): void {
    if (event.kind !== 'refusal') {
      this.onEvent(event);
      return;
    }
    for (const each of [event, ...this.#missed(event)]) {
      this.#counters.refused(each);
      if (each.message !== '') this.onEvent(each);
    }
  }

  #moved(place: PlaceEvent | undefined): void {
    if (place !== undefined) this.onEvent(place);
  }

  // Refuses the labels that wait for this sample.
  #missed({ stamp, cause }: RefusalEvent): RefusalEvent[] {
    return stamp === undefined ? [] : this.#pipeline.labels.missed(stamp, cause);
  }

  // An ordinary cause: counted, without a warning.
  #skip(sample: Sample, cause: string): RefusalEvent {
    this.#source.skip(sample);
    return { kind: 'refusal', topic: sample.parts[0].sensor, cause, message: '', stamp: sample.stamp };
  }

  *#work(task: Task): Slices<readonly AgentEvent[]> {
    try {
      const learn = this.#pipeline.choice.decision.settings.learning && this.#learning;
      if (task.kind === 'label') return this.#pipeline.hearLabel(task.label, learn !== false);
      return yield* this.#pipeline.decide(task.sample, learn);
    } catch (error) {
      return [refusal(task.kind === 'label' ? 'label' : task.sample.parts[0].sensor, error)];
    }
  }

  /** A robot without a battery may say so with every message: each is counted, the first is reported. */
  #onceAbsent(event: RefusalEvent): RefusalEvent {
    const again = event.cause === 'battery_absent' && this.#counters.dropped.has(event.cause);
    return again ? { ...event, message: '' } : event;
  }
}
