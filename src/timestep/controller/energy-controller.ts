import { AccuracyMonitor, type AccuracySettings } from '../../accuracy/accuracy-monitor.js';
import type { Moment } from '../../base/time.js';
import type { Json } from '../../base/snapshot.js';
import { BatteryMonitor, type BatteryMessage, type BatterySettings } from '../../energy/battery.js';
import type { Learning } from '../../snn/presentation.js';
import { controlTable, type ControlTable } from './control-table.js';
import { firstState, type ControllerInput, type ControllerState } from './controller-input.js';
import { control, type ModeDecision } from './controller.js';
import { missionEnd } from './mission.js';
import type { ModeName, ModeTable } from './modes.js';
import { samePoint, type OperatingPoint } from '../policy/operating-point.js';
import type { OperatingProfile, ProfilePoint } from './profile.js';
import type { EnergyControllerState } from './energy-controller-snapshot.js';

/** What the user asks for; it may change at any time. */
export interface Goals {
  /** Accuracy or mean recall, 0..1. */
  readonly target: number;
  /** Latest answer after its message [s]; 0: any. */
  readonly deadline: number;
  /** How long the battery must last. */
  readonly mission: {
    /** Time of day as `18:00`, or date and time of ISO 8601 with its zone; empty: no mission. */
    readonly until: string;
    /** Zone of a time of day, an IANA name. */
    readonly timeZone: string;
    /** Charge that must be left then, 0..1. */
    readonly reserve: number;
  };
}

/** What the controller needs to know. */
export interface EnergyControllerSettings {
  readonly network: {
    /** Recent samples that a late label can still find, 1..4096. */
    readonly memory: number;
  };
  readonly modes: ModeTable;
  readonly battery: BatterySettings & {
    /** The charge must pass a threshold by this much before a dearer mode returns, 0..0.2. */
    readonly hysteresis: number;
  };
  /** What is measured of the network at the points that may be used; `undefined`: every mode uses its own point. */
  readonly profile: OperatingProfile | undefined;
  readonly accuracy: AccuracySettings;
  /** What is asked for at first. */
  readonly goals: Goals;
  /** Time before a change of mode or point that nothing urgent asks for [s]. */
  readonly dwell: number;
  /** Samples are learned, all or those that are novel, where the mode allows it too. */
  readonly learning: Learning;
}

/** What is in force. */
export interface Choice {
  readonly decision: ModeDecision;
  /** Where in the profile samples are answered that are begun now. */
  readonly place: ProfilePlace;
}

/** What the controller hears of the answers beside their labels. */
export interface AnswerSigns {
  /** The learning's own alarm is on: known classes are suddenly answered wrong. */
  readonly alarm: boolean;
  /** Time that answers take beside what the profile says of the network [s]; NaN: not known. */
  readonly overhead: number;
}

/** A place in the profile. */
export interface ProfilePlace {
  /** Index of the point, -1 where it was not chosen from a profile. */
  readonly index: number;
  /** What the profile says of it. */
  readonly expected: ProfilePoint | undefined;
}

/** By how much the date must part from the time that passed to be another one [s]: clocks are slewed, too. */
const jump = 1;

/**
 * Stands beside the way of a sample: battery, goals and what is observed of the answers in, energy mode and operating point out.
 * It tells what it chose; nobody asks it for every sample.
 */
export class EnergyController {
  #settings: EnergyControllerSettings;
  readonly #battery: BatteryMonitor;
  /** Hears of the answers and their labels. */
  readonly monitor: AccuracyMonitor;
  /** Hears of everything that changes the choice. */
  onChoice: (choice: Choice) => void = () => undefined;
  #goals: Goals;
  #table: ControlTable;
  #forced: ModeName | 'AUTO' = 'AUTO';
  #state: ControllerState = firstState;
  #decision: ModeDecision;
  #used: ProfilePoint | undefined;
  /** Date less the time that has passed, as last seen [s]. */
  #offset: number;

  constructor(settings: EnergyControllerSettings, now: Moment) {
    this.#settings = settings;
    this.#goals = settings.goals;
    this.#battery = new BatteryMonitor(settings.battery);
    this.monitor = new AccuracyMonitor(settings.accuracy, settings.network.memory);
    this.#table = controlTable(settings.modes, settings.profile, settings.learning !== false);
    this.#offset = now.date - now.elapsed;
    this.#decision = this.#control(now, { alarm: false, overhead: 0 });
  }

  /** What is in force. */
  get choice(): Choice {
    return { decision: this.#decision, place: { index: this.#state.point, expected: this.#used } };
  }

  /**
   * Hears of the battery; {@link EnergyController.choose} takes it into account.
   *
   * @param elapsed - time that has passed [s]
   * @returns what the user should hear of it, once; `undefined`: nothing
   * @throws {@link TopsparkError} `battery_*`; the last reading stays in force, see {@link BatteryMonitor.hear}
   */
  hearBattery(message: BatteryMessage, elapsed: number): string | undefined {
    return this.#battery.hear(message, elapsed);
  }

  /** Sets a mode, or hands the choice back; {@link EnergyController.choose} takes it into account. */
  force(mode: ModeName | 'AUTO'): void {
    this.#forced = mode;
  }

  /** Sets what is asked for; {@link EnergyController.choose} takes it into account. */
  aim(goals: Goals): void {
    this.#goals = goals;
  }

  /**
   * On mains, as the last believable message told.
   *
   * @param elapsed - time that has passed [s]
   */
  charging(elapsed: number): boolean {
    return this.#battery.at(elapsed)?.charging ?? false;
  }

  /**
   * Power that the robot draws from its battery [W]; NaN while unknown.
   *
   * @param elapsed - time that has passed [s]
   */
  batteryPower(elapsed: number): number {
    return this.#battery.power(elapsed);
  }

  /** What it chooses from; absent: the modes' own points. */
  get profile(): OperatingProfile | undefined {
    return this.#settings.profile;
  }

  /**
   * Takes a profile that was measured anew: the same points in the same order. What was observed is compared with what it
   * expects of the point in force, so that the level stays the observed one.
   */
  adopt(profile: OperatingProfile): void {
    const { measure } = this.#settings.accuracy;
    const before = this.#used;
    this.#settings = { ...this.#settings, profile };
    this.setLearning(this.#settings.learning);
    this.#used = this.#inProfile(this.#decision.point);
    if (before && this.#used) this.monitor.expectMore(this.#used[measure] - before[measure]);
    this.onChoice(this.choice);
  }

  /** Hears what may be learned. */
  setLearning(learning: Learning): void {
    this.#settings = { ...this.#settings, learning };
    this.#table = controlTable(this.#settings.modes, this.#settings.profile, learning !== false);
  }

  /** Forgets what was estimated of the network: it is another one now. */
  forgetAccuracy(): void {
    this.monitor.reset();
  }

  /** What a later life needs to choose as this one would; a copy. Its times are dates: what has passed is another's. */
  get state(): EnergyControllerState {
    const { point, pointSince, mission } = this.#state;
    const choice = { point, pointSince: pointSince + this.#offset, mission };
    return { basis: this.#basis, accuracy: this.monitor.state, choice };
  }

  /**
   * Takes over what an earlier life left, after its profile. What was observed and chosen counts where the measure and what
   * the profile says are the same. The mode is not taken over: the battery says what it is.
   */
  restore(state: EnergyControllerState | undefined): void {
    this.forgetAccuracy();
    if (state === undefined) return;
    const { basis, accuracy, choice } = state;
    const same = JSON.stringify(basis) === JSON.stringify(this.#basis);
    if (same) this.monitor.state = accuracy;
    const pointSince = choice.pointSince - this.#offset;
    this.#state = { ...this.#state, mission: choice.mission, ...(same && { ...choice, pointSince }) };
    this.onChoice(this.choice);
  }

  /** What an estimate is an estimate of. */
  get #basis(): Json {
    const { accuracy, profile } = this.#settings;
    const points = profile?.points.map(({ point, accuracy: right, recall }) => {
      const { timesteps, events, keep, exitFirst, exit, resolution } = point;
      const sides = resolution === undefined ? [] : [resolution];
      return [timesteps, events, keep, exitFirst, exit, right, recall, ...sides];
    });
    return [accuracy.measure, accuracy.window, accuracy.fading, points ?? null];
  }

  /**
   * Chooses anew.
   *
   * @param facts - what is known of the answers beside their labels
   * @returns whether the choice is one to tell of
   */
  choose(now: Moment, facts: AnswerSigns): boolean {
    const before = this.#decision;
    const after = (this.#decision = this.#control(now, facts));
    this.onChoice(this.choice);
    const same = before.mode === after.mode && before.forced === after.forced && samePoint(before.point, after.point);
    return !same || before.drift !== after.drift || before.inTime !== after.inTime;
  }

  #control(now: Moment, facts: AnswerSigns): ModeDecision {
    const { battery, dwell } = this.#settings;
    const offset = now.date - now.elapsed;
    // The line of a mission that is under way leads through dates that are no more: it starts anew from the charge now.
    if (Math.abs(offset - this.#offset) > jump) this.#state = { ...this.#state, mission: undefined };
    this.#offset = offset;
    const settings = { hysteresis: battery.hysteresis, dwell };
    const { state, decision } = control(this.#table, settings, this.#state, this.#input(now, facts));
    this.#state = state;
    this.#used = this.#inProfile(decision.point);
    return decision;
  }

  #inProfile(wanted: OperatingPoint): ProfilePoint | undefined {
    return this.#settings.profile?.points.find(({ point }) => samePoint(point, wanted));
  }

  #input(now: Moment, { alarm, overhead }: AnswerSigns): ControllerInput {
    const { target, deadline, mission } = this.#goals;
    const reading = this.#battery.at(now.elapsed);
    const until = missionEnd(mission.until, mission.timeZone, now.date);
    const observed = this.monitor.observed();
    return {
      ...{ ...now, charge: reading?.charge, charging: reading?.charging ?? false, forced: this.#forced },
      ...{
        target,
        deadline,
        overhead,
        ...observed,
        drift: observed.drift || alarm,
        measure: this.#settings.accuracy.measure,
      },
      mission: until === undefined ? undefined : { until, reserve: mission.reserve },
    };
  }
}
