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

/** Goals of the user; they may change at any time. */
export interface Goals {
  /** Accuracy or mean recall, 0..1. */
  readonly target: number;
  /** Maximum time from a message to its answer [s]; 0: no deadline. */
  readonly deadline: number;
  /** How long the battery must last. */
  readonly mission: {
    /** Time of day such as `18:00`, or ISO 8601 date and time with zone; empty: no mission. */
    readonly until: string;
    /** Time zone of a time of day, an IANA name. */
    readonly timeZone: string;
    /** Charge that must be left at the end, 0..1. */
    readonly reserve: number;
  };
}

/** Settings of {@link EnergyController}. */
export interface EnergyControllerSettings {
  readonly network: {
    /** Number of recent samples that a late label can still find, 1..4096. */
    readonly memory: number;
  };
  readonly modes: ModeTable;
  readonly battery: BatterySettings & {
    /** The charge must exceed a threshold by this much before a dearer mode returns, 0..0.2. */
    readonly hysteresis: number;
  };
  /** Measured operating points; `undefined`: every mode uses its own point. */
  readonly profile: OperatingProfile | undefined;
  readonly accuracy: AccuracySettings;
  /** Goals at the start. */
  readonly goals: Goals;
  /** Minimum time between changes of mode or point that are not urgent [s]. */
  readonly dwell: number;
  /** Which samples are learned where the mode allows learning. */
  readonly learning: Learning;
}

/** The choice in force. */
export interface Choice {
  readonly decision: ModeDecision;
  /** Point of the profile for samples that begin now. */
  readonly place: ProfilePlace;
}

/** Facts about the answers, in addition to their labels. */
export interface AnswerSigns {
  /** The alarm of the learning is on: known classes are suddenly answered wrong. */
  readonly alarm: boolean;
  /** Time from message to answer less the profile's time of the network [s]; NaN: unknown. */
  readonly overhead: number;
}

/** A position in the profile. */
export interface ProfilePlace {
  /** Index of the point; -1: not chosen from a profile. */
  readonly index: number;
  /** The profile's expectation. */
  readonly expected: ProfilePoint | undefined;
}

/** Deviation of the date from elapsed time that counts as a jump [s]. Smaller ones occur when a clock is slewed. */
const jump = 1;

/**
 * Chooses energy mode and operating point from battery, goals and observed answers. It runs beside the sample pipeline:
 * it publishes its choice and is not called for every sample.
 */
export class EnergyController {
  #settings: EnergyControllerSettings;
  readonly #battery: BatteryMonitor;
  /** Takes answers and their labels. */
  readonly monitor: AccuracyMonitor;
  /** Called with the choice, which may have changed. */
  onChoice: (choice: Choice) => void = () => undefined;
  #goals: Goals;
  #table: ControlTable;
  #forced: ModeName | 'AUTO' = 'AUTO';
  #state: ControllerState = firstState;
  #decision: ModeDecision;
  #used: ProfilePoint | undefined;
  /** Date less elapsed time at the last choice [s]. */
  #offset: number;
  /** What the choice in force rests on, where it does not depend on time; `undefined`: choose again. */
  #basedOn: ControllerInput | undefined;

  constructor(settings: EnergyControllerSettings, now: Moment) {
    this.#settings = settings;
    this.#goals = settings.goals;
    this.#battery = new BatteryMonitor(settings.battery);
    this.monitor = new AccuracyMonitor(settings.accuracy, settings.network.memory);
    this.#table = controlTable(settings.modes, settings.profile, settings.learning !== false);
    this.#offset = now.date - now.elapsed;
    this.#decision = this.#control(now, { alarm: false, overhead: 0 });
  }

  /** The choice in force. */
  get choice(): Choice {
    return { decision: this.#decision, place: { index: this.#state.point, expected: this.#used } };
  }

  /**
   * Takes a battery message; {@link EnergyController.choose} takes it into account.
   *
   * @param elapsed - time that has passed [s]
   * @returns a sentence for the user, once; `undefined`: none
   * @throws {@link TopsparkError} `battery_*`; the last reading stays in force, see {@link BatteryMonitor.hear}
   */
  hearBattery(message: BatteryMessage, elapsed: number): string | undefined {
    return this.#battery.hear(message, elapsed);
  }

  /** Forces a mode; `AUTO`: the controller chooses. {@link EnergyController.choose} takes it into account. */
  force(mode: ModeName | 'AUTO'): void {
    this.#forced = mode;
  }

  /** Sets the goals; {@link EnergyController.choose} takes them into account. */
  aim(goals: Goals): void {
    this.#goals = goals;
  }

  /**
   * Whether the robot is charging, by the last valid message.
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

  /** The profile that it chooses from; `undefined`: modes use their own points. */
  get profile(): OperatingProfile | undefined {
    return this.#settings.profile;
  }

  /**
   * Takes a profile that was measured again, with the same points in the same order. Observations are compared with its
   * expectation of the point in force, so that the observed level stays the same.
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

  /** Sets which samples may be learned. */
  setLearning(learning: Learning): void {
    this.#settings = { ...this.#settings, learning };
    this.#table = controlTable(this.#settings.modes, this.#settings.profile, learning !== false);
    this.#basedOn = undefined;
  }

  /** Forgets the estimate, since the network has been replaced. */
  forgetAccuracy(): void {
    this.monitor.reset();
  }

  /**
   * State from which a later run chooses as this one would; a copy. Times are dates, since elapsed time differs between
   * runs.
   */
  get state(): EnergyControllerState {
    const { point, pointSince, mission } = this.#state;
    const choice = { point, pointSince: pointSince + this.#offset, mission };
    return { basis: this.#basis, accuracy: this.monitor.state, choice };
  }

  /**
   * Restores the state of an earlier run; its profile must be restored before. Observations and point are restored
   * where measure and profile are the same. The mode is not restored, since the battery decides it.
   */
  restore(state: EnergyControllerState | undefined): void {
    this.forgetAccuracy();
    if (state === undefined) return;
    const { basis, accuracy, choice } = state;
    const same = JSON.stringify(basis) === JSON.stringify(this.#basis);
    if (same) this.monitor.state = accuracy;
    const pointSince = choice.pointSince - this.#offset;
    this.#basedOn = undefined;
    this.#state = { ...this.#state, mission: choice.mission, ...(same && { ...choice, pointSince }) };
    this.onChoice(this.choice);
  }

  /** Settings and profile that the estimate depends on. */
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
   * Chooses again.
   *
   * @param facts - facts about the answers, in addition to their labels
   * @returns whether the choice has changed in a way worth reporting
   */
  choose(now: Moment, facts: AnswerSigns): boolean {
    const before = this.#decision;
    const after = this.#control(now, facts);
    // The robot rests: the same facts give the same choice.
    if (after === before) return false;
    this.#decision = after;
    this.onChoice(this.choice);
    const same = before.mode === after.mode && before.forced === after.forced && samePoint(before.point, after.point);
    return !same || before.drift !== after.drift || before.inTime !== after.inTime;
  }

  #control(now: Moment, facts: AnswerSigns): ModeDecision {
    const { battery, dwell } = this.#settings;
    const offset = now.date - now.elapsed;
    // The line of the mission was computed with dates of the old clock, so it starts again from the charge now.
    if (Math.abs(offset - this.#offset) > jump) this.#state = { ...this.#state, mission: undefined };
    this.#offset = offset;
    const input = this.#input(now, facts);
    if (this.#basedOn !== undefined && sameFacts(this.#basedOn, input)) return this.#decision;
    const settings = { hysteresis: battery.hysteresis, dwell };
    const before = this.#state;
    const { state, decision } = control(this.#table, settings, before, input);
    this.#state = state;
    this.#used = this.#inProfile(decision.point);
    const settled = state.mode === before.mode && state.point === before.point && settledFor(state, now) >= dwell;
    this.#basedOn = settled && input.mission === undefined ? input : undefined;
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

/** How long mode and point have been as they are [s]: no change waits for the dwell any more once that is over. */
function settledFor({ modeSince, pointSince }: ControllerState, { elapsed }: Moment): number {
  return elapsed - Math.max(modeSince, pointSince);
}

/** Whether two inputs differ only in time. */
function sameFacts(one: ControllerInput, other: ControllerInput): boolean {
  const names = Object.keys(other) as (keyof ControllerInput)[];
  return names.every((name) => name === 'date' || name === 'elapsed' || Object.is(one[name], other[name]));
}
