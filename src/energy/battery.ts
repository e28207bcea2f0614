import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';
import { percent } from '../base/units.js';
import { chargeAt, type VoltageCurve } from './voltage-curve.js';

/** The fields of sensor_msgs/BatteryState that are read. */
export interface BatteryMessage {
  /** Many drivers never set it and leave it false. */
  readonly present: boolean;
  /** 0..1, NaN when unmeasured. */
  readonly percentage: number;
  /** [Ah], NaN when unmeasured. */
  readonly charge: number;
  /** [Ah], NaN when unmeasured. */
  readonly capacity: number;
  /** POWER_SUPPLY_STATUS_*: 0 unknown, 1 charging, 2 discharging, 3 not charging, 4 full. */
  readonly status: number;
  /** [V], NaN when unmeasured. */
  readonly voltage?: number;
  /** [A], negative when discharging, NaN when unmeasured. */
  readonly current?: number;
  /** Identify the battery: frame_id, location and serial_number; each empty where a driver does not set it. */
  readonly names?: readonly string[];
}

/** State of the battery. */
export interface BatteryReading {
  /** State of charge, 0..1. */
  readonly charge: number;
  /** Voltage from which the charge was derived [V]; absent where the message contained the charge. */
  readonly fromVoltage?: number;
  /** Whether the robot is on mains: charging or full. */
  readonly charging: boolean;
}

const charging = 1;
const full = 4;

/** A charge up to this far beyond 0 or 1 counts as 0 or 1: integrated currents and voltages never end exactly there. */
const overshoot = 0.05;

/** Whether a POWER_SUPPLY_STATUS_* says that the robot is on mains. */
function onMains(status: number): boolean {
  return status === charging || status === full;
}

/**
 * Reads a battery message. A NaN percentage is derived from charge and capacity. A charge of −0.05..0 is 0, one of
 * 1..1.05 is 1. `present: false` counts only where nothing is measured: many drivers never set it. Where a curve is
 * given, and the message has neither a percentage (NaN, 0 or below counts as unset) nor charge and capacity, the
 * voltage gives the charge.
 *
 * @param most - percentage of a full battery: 1, or 100 for a driver that counts to 100
 * @param curve - charge by voltage
 * @throws {@link TopsparkError} `battery_out_of_range` above `most` or below 0 (a percentage of 0..100 is not guessed),
 *   `battery_voltage` beyond the curve, `battery_unmeasured` where nothing gives the charge, `battery_absent` where
 *   `present` is false too
 */
export function readBattery(message: BatteryMessage, most = 1, curve?: VoltageCurve): BatteryReading {
  const { percentage, status, voltage = NaN } = message;
  if (curve !== undefined && voltage > 0 && !(percentage > 0) && counted(message) === undefined) {
    return { charge: chargeAt(curve, voltage), fromVoltage: voltage, charging: onMains(status) };
  }
  if (Number.isNaN(percentage)) return { charge: fromCharge(message), charging: onMains(status) };
  const charge = clamped(percentage / most);
  if (charge === undefined) {
    const hint =
      most === 1 && percentage > 1 && percentage <= 100
        ? '; this looks like a percentage of 0..100: set battery.full to 100 if the driver counts to 100'
        : '';
    throw data('battery_out_of_range', `percentage is ${percentage}, expected 0..${most}${hint}`);
  }
  return { charge, charging: onMains(status) };
}

/** Charge divided by capacity; `undefined` where the two are not usable. */
function counted({ charge, capacity }: BatteryMessage): number | undefined {
  return capacity > 0 ? clamped(charge / capacity) : undefined;
}

function fromCharge(message: BatteryMessage): number {
  const { charge, capacity, voltage = NaN, present } = message;
  const ratio = counted(message);
  if (ratio !== undefined) return ratio;
  if (!present && !(voltage > 0)) throw batteryAbsent(message);
  const alone = voltage > 0 ? `, and ${voltage} V alone give no charge without battery.voltage_curve` : '';
  throw data(
    'battery_unmeasured',
    `percentage is NaN and charge ${charge} Ah of capacity ${capacity} Ah give none${alone}, expected a percentage of 0..1`,
  );
}

/** Limits a charge to 0..1; `undefined` where it is beyond the overshoot. */
function clamped(charge: number): number | undefined {
  return charge >= -overshoot && charge <= 1 + overshoot ? Math.min(1, Math.max(0, charge)) : undefined;
}

/** The refusal of a message without any measurement. */
function batteryAbsent({ percentage, voltage = NaN }: BatteryMessage): TopsparkError {
  const found = `present is false, percentage ${percentage} and voltage ${voltage}`;
  return data('battery_absent', `${found}, expected a percentage: nothing is measured, or there is no battery`);
}

/** Which readings of a battery are trusted. */
export interface BatterySettings {
  /** Age at which a reading expires [s]. */
  readonly timeout: number;
  /** Percentage of a full battery: 1 as in sensor_msgs/BatteryState, 100 for a driver that counts to 100. */
  readonly full?: number;
  /** Charge by voltage, for a battery that reports nothing else; absent: a voltage alone gives no charge. */
  readonly voltageCurve?: VoltageCurve | undefined;
}

/** Percentage above which a driver counts to 100: one that counts to 1 never sends it, however badly calibrated. */
const surelyPercent = 2;

/** Number of such percentages in a row that prove it: a single one may be a transmission error. */
const shows = 2;

/** A charge below this is doubtful as the first one, or after one above {@link nearlyEmpty}: drivers start with 0. */
const empty = 0.01;

/** A charge that falls by more than this within this many seconds is doubtful. */
const fall = 0.5;
const fallTime = 5;

/** Time for which a doubtful charge must last to be trusted [s]. */
const lasting = 2;

/** Charge below which a battery may really be at 0 with the next message. */
const nearlyEmpty = 0.1;

/** Names are compared up to this length [character]. */
const longest = 128;

/** State of the battery from its messages: the last valid charge and the power drawn, each until it expires. */
export class BatteryMonitor {
  readonly #timeout: number;
  readonly #full: number;
  readonly #curve: VoltageCurve | undefined;
  #reading: BatteryReading | undefined;
  #heard = 0;
  #names: readonly string[] = [];
  /** Number of percentages in a row that only a driver of 0..100 sends. */
  #percents = 0;
  #doubtSince: number | undefined;
  /** Power drawn, by the last message [W], and when that came [s]. */
  #power = NaN;
  #powerHeard = -Infinity;
  #absenceReported = false;
  #voltageReported = false;

  constructor({ timeout, full = 1, voltageCurve }: BatterySettings) {
    this.#timeout = timeout;
    this.#full = full;
    this.#curve = voltageCurve;
  }

  /**
   * Takes a message.
   *
   * @param now - elapsed time [s]
   * @returns a sentence for the user, once; `undefined`: none
   * @throws {@link TopsparkError} as {@link readBattery}; `battery_scale` from a driver that has shown that it counts
   *   to 100; `battery_unconfirmed` where a charge must last to be trusted; `battery_other` from another battery than
   *   before. The last reading stays in force, unless the driver has just shown that it counts to 100
   */
  hear(message: BatteryMessage, now: number): string | undefined {
    const last = this.at(now);
    if (last !== undefined) this.#checkSame(message);
    // The power counts even where there is no charge.
    this.#power = drawnBy(message);
    this.#powerHeard = now;
    this.#checkScale(message);
    const reading = readBattery(message, this.#full, this.#curve);
    if (reading.fromVoltage === undefined) this.#checkPresent(message, last);
    this.#checkDoubt(reading, last, now);
    this.#reading = reading;
    this.#heard = now;
    this.#names = (message.names ?? []).map((name) => name.slice(0, longest));
    if (reading.fromVoltage !== undefined && !this.#voltageReported) {
      this.#voltageReported = true;
      const { fromVoltage, charge } = reading;
      return `the battery reports only a voltage: ${fromVoltage.toFixed(2)} V is ${percent(charge)} by battery.voltage_curve`;
    }
    if (message.present || this.#absenceReported) return undefined;
    this.#absenceReported = true;
    return `present is false though the charge is ${percent(reading.charge)}: the charge is used, since many drivers never set present`;
  }

  /** The reading in force; `undefined` while there is none. A reading also expires where time goes back. */
  at(now: number): BatteryReading | undefined {
    const age = now - this.#heard;
    return age >= 0 && age <= this.#timeout ? this.#reading : undefined;
  }

  /** Power that the robot draws from the battery [W]; NaN while unknown, as during charging. */
  power(now: number): number {
    const age = now - this.#powerHeard;
    return age >= 0 && age <= this.#timeout ? this.#power : NaN;
  }

  /** Refuses another battery than before; a name that one of them lacks proves nothing. */
  #checkSame({ names = [] }: BatteryMessage): void {
    const other = names.findIndex((name, k) => {
      const own = this.#names[k] ?? '';
      return name !== '' && own !== '' && name.slice(0, longest) !== own;
    });
    if (other < 0) return;
    const found = `a message of battery ${quoted(names[other])} came after messages of ${quoted(this.#names[other])}`;
    throw data('battery_other', `${found}, expected one battery on the topic`);
  }

  /** Refuses 0..2 from a driver that counts to 100: its last per cent would look like a full battery. */
  #checkScale({ percentage }: BatteryMessage): void {
    if (this.#full !== 1 || Number.isNaN(percentage)) return;
    const shown = this.#percents >= shows;
    if (percentage > surelyPercent && percentage <= 105) {
      this.#percents = Math.min(shows, this.#percents + 1);
      // Everything read from this driver before was wrong.
      if (this.#percents === shows) this.#reading = undefined;
    } else if (shown && percentage >= 0 && percentage <= surelyPercent) {
      const found = `percentage is ${percentage} from a driver that counts to 100`;
      throw data('battery_scale', `${found}: ${percentage} % or ${percent(percentage)}? Set battery.full to 100`);
    } else if (!shown) this.#percents = 0;
  }

  /** Refuses a message of zeros: its driver has no battery, unless the battery was nearly empty before. */
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
    throw data('battery_unconfirmed', `the charge is ${percent(charge)} ${why}: it is used once it lasts ${lasting} s`);
  }
}

/**
 * Power drawn from the battery [W]; NaN while unknown. On mains the battery supplies at most a part of the power. A
 * current of 0 comes from a driver that does not measure it, since a running robot draws some. `present` is ignored,
 * since many drivers never set it.
 */
function drawnBy({ status, voltage = NaN, current = NaN }: BatteryMessage): number {
  return !onMains(status) && voltage > 0 && current < 0 ? -voltage * current : NaN;
}

const data = (code: string, message: string): TopsparkError => new TopsparkError(code, 'data', message);
