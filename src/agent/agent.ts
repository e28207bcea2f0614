import { connect, filter, finalize, ignoreElements, map, merge, mergeMap, Subject, tap, type Observable } from 'rxjs';
import { momentOf, type Clock } from '../base/clock.js';
import type { Copy } from '../base/kept-copies.js';
import { atOnce, type Slices } from '../base/slices.js';
import { noLaps, type Laps } from '../base/stages.js';
import type { Snapshot } from '../base/snapshot.js';
import type { BatteryMessage } from '../energy/battery.js';
import { cmos45 } from '../energy/cost-table.js';
import { EnergyAccount } from '../energy/energy-account.js';
import { OnlineClassifier } from '../classifier/online-classifier.js';
import type { Learning } from '../snn/presentation.js';
import { checkModes, type ModeName } from '../timestep/controller/modes.js';
import type { OperatingPoint } from '../timestep/policy/operating-point.js';
import type { OperatingProfile } from '../timestep/controller/profile.js';
import { attempt } from './attempt.js';
import { refusal, tried } from '../base/refusal.js';
import { checkFrameId } from './check-frame-id.js';
import type { AgentEvent, AgentInput, LabelEvent, ModeEvent, NoticeEvent } from './events.js';
import type { SensorEvent } from '../sensing/sensor-event.js';
import type { RefusalEvent } from '../base/refusal.js';
import { Counters } from './counters.js';
import { Decider } from './decider.js';
import { Memory } from './memory.js';
import { Pilot } from '../timestep/controller/energy-controller.js';
import { RateCap } from './rate-cap.js';
import { Recalibration } from './recalibration.js';
import { SampleSource } from '../sensing/in-time/sample-source.js';
import { standardLabels, type AgentSettings } from './agent-settings.js';
import { type Goals } from '../timestep/controller/energy-controller.js';
import type { AgentStatus } from './agent-status.js';
import type { Sample } from '../sensing/in-time/synchroniser.js';
import { Turns } from './turns.js';

type Task =
  { readonly kind: 'label'; readonly label: LabelEvent } | { readonly kind: 'sample'; readonly sample: Sample };

/**
 * Sensor messages in, decisions and energy modes out: encoder, network, readout, controller, energy and accuracy wired
 * together. It knows neither ROS nor files; time is passed in.
 */
export class Agent {
  readonly #classifier: OnlineClassifier;
  readonly #source: SampleSource;
  readonly #pilot: Pilot;
  readonly #energy: EnergyAccount;
  readonly #recalibration: Recalibration;
  readonly #cap = new RateCap();
  readonly #decider: Decider;
  readonly #memory: Memory;
  readonly #turns = new Turns<Task, readonly AgentEvent[]>({
    begin: (task) => this.#work(task),
    patient: ({ kind }) => kind === 'label',
    replaced: (task) => (task.kind === 'sample' ? [this.#skip(task.sample, 'busy')] : []),
  });
  readonly #counters = new Counters();
  readonly #changes = new Subject<ModeEvent>();
  #learning: Learning;

  /**
   * @param laps - hears where CPU time goes
   * @throws {@link TopsparkError} naming the setting that is wrong, its value and its bounds
   */
  constructor(
    readonly settings: AgentSettings,
    readonly clock: Clock,
    laps: Laps = noLaps,
  ) {
    checkModes(settings.modes);
    this.#source = new SampleSource(settings.sensors);
    const { rows, columns, polarity } = this.#source;
    this.#classifier = new OnlineClassifier({ ...settings.network, rows, columns, polarity });
    this.#pilot = new Pilot(settings, momentOf(clock));
    this.#energy = new EnergyAccount(settings.network.neurons, settings.costs ?? cmos45, clock.monotonic());
    this.#recalibration = new Recalibration({
      ...{ pilot: this.#pilot, classifier: this.#classifier, costs: this.#energy.table },
      time: () => clock.monotonic(),
      finish: () => {
        this.#turns.finish();
      },
    });
    this.#decider = new Decider({
      ...{ classifier: this.#classifier, source: this.#source, pilot: this.#pilot, energy: this.#energy },
      ...{ recalibration: this.#recalibration, counters: this.#counters, clock, laps },
      labels: settings.labels ?? standardLabels,
      limits: { ...settings.network, ...settings.input },
    });
    this.#memory = new Memory({
      ...{ classifier: this.#classifier, source: this.#source },
      ...{ recalibration: this.#recalibration, pilot: this.#pilot, labels: this.#decider.labels },
    });
    this.#learning = settings.learning;
  }

  /** The whole way from message to decision. It never errors: what is refused is counted and told as an event. */
  run(inputs: Observable<AgentInput>): Observable<AgentEvent> {
    return inputs.pipe(
      connect((input) =>
        merge(
          this.#changes,
          this.#turns.told.pipe(mergeMap((events) => events)),
          input.pipe(
            filter((each) => each.topic === 'battery_state'),
            attempt('battery_state', ({ event }) => this.#hearBattery(event)),
            map((event) => this.#onceAbsent(event)),
          ),
          input.pipe(
            filter((each) => each.topic === 'label'),
            tap(({ event }) => {
              this.#turns.take({ kind: 'label', label: event });
            }),
            ignoreElements(),
          ),
          input.pipe(
            filter((each) => each.topic === 'sensor'),
            mergeMap(({ event }) => this.#hearSensor(event)),
          ),
          input.pipe(
            filter((each) => each.topic === 'unread'),
            map(({ event }) => event),
          ),
        ),
      ),
      mergeMap((event) => (event.kind === 'refusal' ? [event, ...this.#missed(event)] : [event])),
      tap((event) => {
        if (event.kind === 'refusal') this.#counters.refused(event);
      }),
      filter((event) => event.kind !== 'refusal' || event.message !== ''),
      // What waits for a match waits for nothing any more.
      finalize(() => {
        for (const each of this.#source.reset()) this.#counters.refused(each);
      }),
    );
  }

  /** Finishes the sample in hand at once, and drops the one that waits; what comes of it is told. */
  finish(): void {
    this.#turns.end();
  }

  /** Time until a sample will be admitted [s]; 0: now. What comes earlier would only be dropped. */
  get wait(): number {
    return this.#cap.wait(this.clock.elapsed(), this.#pilot.decision.settings.maxRate);
  }

  /** The mode in force. */
  get mode(): ModeEvent {
    return { kind: 'mode', ...this.#pilot.decision };
  }

  /** Sets a mode, or hands the choice back to the controller; the change is told by {@link Agent.run} as well. */
  forceMode(mode: ModeName | 'AUTO'): ModeEvent {
    this.#pilot.force(mode);
    this.tick();
    return this.mode;
  }

  /** Sets what is asked for. */
  aim(goals: Goals): void {
    this.#pilot.aim(goals);
    this.tick();
  }

  /** Sets what is learned; a mode that does not learn still does not. */
  setLearning(learning: Learning): void {
    this.#learning = learning;
    this.#pilot.setLearning(learning);
  }

  /** Looks at battery and mode again; call it once a second, so that a silent battery is noticed. */
  tick(): void {
    if (this.#pilot.choose(momentOf(this.clock), this.#classifier.alarm)) this.#changes.next(this.mode);
  }

  /** On mains, as the last believable message of the battery told. */
  get charging(): boolean {
    return this.#pilot.charging(this.clock.elapsed());
  }

  /** The profile from which operating points are chosen; absent: the modes' own points. */
  get profile(): OperatingProfile | undefined {
    return this.#pilot.profile;
  }

  /**
   * Measures the operating points of the profile anew on the last labelled samples, without learning, and chooses by that
   * from then on. In slices, between which samples are decided and learned.
   *
   * @returns samples that it rests on; 0: nothing was done, since there is no profile or no labelled sample
   */
  recalibrate(): Slices<number> {
    return this.#recalibration.run();
  }

  /**
   * Answers intensities as if nothing had been asked: nothing is learned, counted or told.
   *
   * @param intensities - bytes as the sensors' encoders make them, row-major
   * @returns the name of the class; empty: unknown
   * @throws {@link TopsparkError} `wrong_length`, or `out_of_range` naming the field of the point
   */
  probe(intensities: Uint8Array, point: OperatingPoint): string {
    this.#turns.finish();
    return this.#classifier.probe(intensities, point, 0).label;
  }

  /** Energy of the network so far [J], by its operations. */
  get energyUsed(): number {
    return this.#energy.used;
  }

  /** Time that presenting samples took so far [s]. */
  get presentationTime(): number {
    return this.#decider.presentationTime;
  }

  /** What was done so far; rates are those since the last call. */
  status(): AgentStatus {
    const { power, perSample } = this.#energy.rate(this.clock.monotonic());
    const { waiting, overdue } = this.#decider.labels;
    const { capacity, period } = this.#classifier.remembered;
    return {
      ...this.#counters.status,
      labelsWaiting: waiting,
      labelsOverdue: overdue,
      remembered: { samples: capacity, seconds: capacity * period },
      received: this.#source.received,
      sensors: this.#source.accounts,
      neuronsUsed: this.#classifier.neuronsUsed,
      neurons: this.settings.network.neurons,
      classes: this.#classifier.classes,
      accuracy: this.#pilot.accuracy,
      energyUsed: this.#energy.used,
      energySaved: this.#energy.saved,
      power,
      energyPerSample: perSample,
      weightsHash: this.#memory.weightsHash,
    };
  }

  /** Everything that was learned, and what late labels, recalibration and changes in time need. */
  snapshot(): Snapshot {
    return atOnce(this.capture());
  }

  /**
   * The same, copied now; its hash is worked out in slices, so that decisions go on meanwhile.
   *
   * @param copy - copies the large arrays; each into memory of its own where not given
   */
  capture(copy?: Copy): Slices<Snapshot> {
    this.#turns.finish();
    return this.#memory.capture(copy);
  }

  /** SHA-256 (hex) of weights, thresholds and class evidence as they are now. */
  weightsHash(): string {
    this.#turns.finish();
    return this.#classifier.hash();
  }

  /**
   * Replaces what was learned.
   *
   * @throws {@link TopsparkError} where the snapshot does not fit this network; nothing has changed then
   */
  restore(snapshot: Snapshot): void {
    this.#turns.finish();
    this.#memory.restore(snapshot);
  }

  /** Forgets everything that was learned; counters and energy stay. */
  reset(): void {
    this.#turns.finish();
    this.#memory.reset();
  }

  #hearSensor(event: SensorEvent): RefusalEvent[] {
    const heard = tried(event.sensor, () => {
      checkFrameId(event.frameId, this.settings.input.maxText);
      return this.#source.hear(event);
    });
    if (!Array.isArray(heard)) return [heard];
    return heard.flatMap((each) => ('parts' in each ? this.#admit(each) : each));
  }

  #admit(sample: Sample): RefusalEvent[] {
    const { maxRate } = this.#pilot.decision.settings;
    if (!this.#cap.admits(this.clock.elapsed(), maxRate)) return [this.#skip(sample, 'rate_cap')];
    this.#turns.take({ kind: 'sample', sample });
    return [];
  }

  // Labels that wait for a sample hear that it is none.
  #missed({ stamp, cause }: RefusalEvent): RefusalEvent[] {
    return stamp === undefined ? [] : this.#decider.labels.missed(stamp, cause);
  }

  // Ordinary: counted, but no warning.
  #skip(sample: Sample, cause: string): RefusalEvent {
    this.#source.skip(sample);
    return { kind: 'refusal', topic: sample.parts[0].sensor, cause, message: '', stamp: sample.stamp };
  }

  *#work(task: Task): Slices<readonly AgentEvent[]> {
    try {
      const learn = this.#pilot.decision.settings.learning && this.#learning;
      if (task.kind === 'label') return this.#decider.hearLabel(task.label, learn !== false);
      return yield* this.#decider.decide(task.sample, learn);
    } catch (error) {
      return [refusal(task.kind === 'label' ? 'label' : task.sample.parts[0].sensor, error)];
    }
  }

  /** A robot without a battery may say so with every message: each is counted, the first is told. */
  #onceAbsent<Event extends NoticeEvent | RefusalEvent>(event: Event): Event {
    if (event.kind !== 'refusal' || event.cause !== 'battery_absent') return event;
    const told = this.#counters.dropped.has(event.cause);
    return told ? { ...event, message: '' } : event;
  }

  #hearBattery(message: BatteryMessage): NoticeEvent | undefined {
    const told = this.#pilot.hearBattery(message, this.clock.elapsed());
    this.tick();
    return told === undefined ? undefined : { kind: 'notice', topic: 'battery_state', message: told };
  }
}
