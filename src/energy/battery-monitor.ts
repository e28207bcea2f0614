import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { percent } from '../base/units.js';
import { batteryAbsent, readBattery, type BatteryMessage, type BatteryReading } from './battery.js';

/** Which readings of a battery are believed. */
export interface BatterySettings {
  /** Age at which a reading is no longer believed [s]. */
  readonly timeout: number;
  /** Percentage of a full battery: 1 as sensor_msgs/BatteryState has it, 100 of a driver that counts so. */
  readonly full?: number;
}

/** A percentage that no driver of 0..1 sends, however badly it is calibrated: it counts to 100. */
const surelyPercent = 2;

/** How many of these in a row show what the driver is: one may be a fault of transmission. */
const shows = 2;

/** A charge below this is doubtful where none or more than {@link nearlyEmpty} came before: drivers start with 0. */
const empty = 0.01;

/** A charge that falls by more than this within so many seconds is doubtful. */
const fall = 0.5;
const fallTime = 5;

/** Time for which a doubtful charge must last to be believed [s]. */
const lasting = 2;

/** Charge from which on a battery may really reach 0 with the next message. */
const nearlyEmpty = 0.1;

/** Names are compared up to this length [character]. */
const longest = 128;

/** Remembers the last believable battery reading, and forgets it when it is too old. */
export class BatteryMonitor {
  readonly #timeout: number;
  readonly #full: number;
  #reading: BatteryReading | undefined;
  #heard = 0;
  #names: readonly string[] = [];
  /** Percentages in a row that only a driver of 0..100 sends. */
  #percents = 0;
  #doubtSince: number | undefined;
  #told = false;

  constructor({ timeout, full = 1 }: BatterySettings) {
    this.#timeout = timeout;
    this.#full = full;
  }

  /**
   * Hears a message.
   *
   * @param now - time that has passed [s]
   * @returns what the user should hear of it, once; `undefined`: nothing
   * @throws {@link TopsparkError} `battery_out_of_range`, `battery_unmeasured`, `battery_absent`; `battery_scale` from a
   *   driver that has shown that it counts to 100; `battery_unconfirmed` where a charge must last to be believed;
   *   `battery_other` where another battery is followed. The last reading stays in force
   */
  hear(message: BatteryMessage, now: number): string | undefined {
    const last = this.at(now);
    if (last !== undefined) this.#checkSame(message);
    this.#checkScale(message);
    const reading = readBattery(message, this.#full);
    this.#checkPresent(message, last);
    this.#checkDoubt(reading, last, now);
    this.#reading = reading;
    this.#heard = now;
    this.#names = (message.names ?? []).map((name) => name.slice(0, longest));
    if (message.present || this.#told) return undefined;
    this.#told = true;
    return `present is false though the charge is ${percent(reading.charge)}: believed, many drivers never set it`;
  }

  /** The reading in force; `undefined` while none is believable. Time that jumped back makes a reading unknown too. */
  at(now: number): BatteryReading | undefined {
    const age = now - this.#heard;
    return age >= 0 && age <= this.#timeout ? this.#reading : undefined;
  }

  /** Another battery than the one that is followed; a name that is missing in one of them tells nothing. */
  #checkSame({ names = [] }: BatteryMessage): void {
    const other = names.findIndex((name, k) => {
      const own = this.#names[k] ?? '';
      return name !== '' && own !== '' && name.slice(0, longest) !== own;
    });
    if (other < 0) return;
    const found = `a message of battery ${quoted(names[other])} while ${quoted(this.#names[other])} is followed`;
    throw data('battery_other', `${found}, expected one battery on the topic`);
  }

  /** What a driver of 0..100 sends as its last per cent would be a full battery. */
  #checkScale({ percentage }: BatteryMessage): void {
    if (this.#full !== 1 || Number.isNaN(percentage)) return;
    const shown = this.#percents >= shows;
    if (percentage > surelyPercent && percentage <= 105) {
      this.#percents = Math.min(shows, this.#percents + 1);
      // What was read of this driver before was wrong.
      if (this.#percents === shows) this.#reading = undefined;
    } else if (shown && percentage >= 0 && percentage <= surelyPercent) {
      const found = `percentage is ${percentage} from a driver that counts to 100`;
      throw data('battery_scale', `${found}: ${percentage} % or ${percent(percentage)}? Set battery.full to 100`);
    } else if (!shown) this.#percents = 0;
  }

  /** A message of zeros is that of a driver without a battery, but for the end of one that is nearly empty. */
  #checkPresent(message: BatteryMessage, last: BatteryReading | undefined): void {
    const { present, percentage, voltage = NaN } = message;
    if (present || percentage !== 0) return;
    if (last === undefined || (last.charge > nearlyEmpty && !(voltage > 0))) throw batteryAbsent(message);
  }

  #checkDoubt(reading: BatteryReading, last: BatteryReading | undefined, now: number): void {
    const { charge } = reading;
    const before = last !== undefined && now - this.#heard > fallTime ? charge : last?.charge;
    const empties = charge < empty && (before === undefined || before > nearlyEmpty);
    const falls = before !== undefined && before - charge > fall;
    const since = this.#doubtSince !== undefined && this.#doubtSince <= now ? this.#doubtSince : now;
    const doubtful = !reading.charging && (empties || falls) && now - since < lasting;
    this.#doubtSince = doubtful ? since : undefined;
    if (!doubtful) return;
    const why = last === undefined ? 'in the first reading' : `but was ${percent(last.charge)} a moment ago`;
    throw data('battery_unconfirmed', `the charge is ${percent(charge)} ${why}: believed if it lasts ${lasting} s`);
  }
}

const data = (code: string, message: string): TopsparkError => new TopsparkError(code, 'data', message);
