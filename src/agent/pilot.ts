import { PrequentialAccuracy, type AccuracyEstimate } from '../accuracy/prequential.js';
import type { BatteryMessage } from '../energy/battery.js';
import { chooseMode, type ModeDecision } from '../timestep/controller.js';
import type { ModeName } from '../timestep/modes.js';
import { BatteryMonitor } from './battery-monitor.js';
import type { AgentSettings } from './settings.js';

/** What the pilot needs of the agent's settings. */
export type PilotSettings = Pick<AgentSettings, 'modes' | 'battery' | 'accuracy'>;

/** Stands beside the way of a sample: battery and accuracy in, energy mode and operating point out. */
export class Pilot {
  readonly #settings: PilotSettings;
  readonly #battery: BatteryMonitor;
  readonly #accuracy: PrequentialAccuracy;
  #forced: ModeName | 'AUTO' = 'AUTO';
  #decision: ModeDecision;

  /** @param now - time of the robot [s] */
  constructor(settings: PilotSettings, now: number) {
    this.#settings = settings;
    this.#battery = new BatteryMonitor(settings.battery.timeout);
    this.#accuracy = new PrequentialAccuracy(settings.accuracy.window);
    this.#decision = this.#choose('FULL', now);
  }

  /** What is in force. */
  get decision(): ModeDecision {
    return this.#decision;
  }

  /** What the labels say of the answers. */
  get accuracy(): AccuracyEstimate {
    return this.#accuracy.estimate();
  }

  /**
   * Hears of the battery; {@link Pilot.choose} takes it into account.
   *
   * @throws {@link TopsparkError} `battery_out_of_range`, `battery_unmeasured`; the last reading stays in force
   */
  hearBattery(message: BatteryMessage, now: number): void {
    this.#battery.hear(message, now);
  }

  /** Hears whether an answer was right. */
  hearLabel(right: boolean): void {
    this.#accuracy.add(right);
  }

  /** Sets a mode, or hands the choice back; {@link Pilot.choose} takes it into account. */
  force(mode: ModeName | 'AUTO'): void {
    this.#forced = mode;
  }

  /** Forgets what was estimated of the network: it is another one now. */
  forgetAccuracy(): void {
    this.#accuracy.reset();
  }

  /**
   * Chooses anew.
   *
   * @returns whether the choice is one to tell of
   */
  choose(now: number): boolean {
    const before = this.#decision;
    this.#decision = this.#choose(before.mode, now);
    return before.mode !== this.#decision.mode || before.forced !== this.#decision.forced;
  }

  #choose(current: ModeName, now: number): ModeDecision {
    const { modes, battery } = this.#settings;
    const reading = this.#battery.at(now);
    const input = { charge: reading?.charge, charging: reading?.charging ?? false, forced: this.#forced };
    return chooseMode(modes, current, input, battery.hysteresis);
  }
}
