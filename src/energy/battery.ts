import { TopsparkError } from '../base/errors.js';

/** The fields of sensor_msgs/BatteryState that matter here. */
export interface BatteryMessage {
  /** Many drivers never set it, so that it is false. */
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
  /** What says which battery it is: frame_id, location and serial_number; empty where a driver does not say. */
  readonly names?: readonly string[];
}

/** What is known of the battery. */
export interface BatteryReading {
  /** State of charge, 0..1. */
  readonly charge: number;
  /** On mains: charging or full. */
  readonly charging: boolean;
}

const charging = 1;
const full = 4;

/** By how much a charge may pass its ends and is taken for the end: sums of currents and voltages never end exactly there. */
const overshoot = 0.05;

/** Whether a POWER_SUPPLY_STATUS_* says that the robot is on mains. */
export function onMains(status: number): boolean {
  return status === charging || status === full;
}

/**
 * Reads a battery message. A NaN percentage is derived from charge and capacity. A charge of −0.05..0 is 0, one of 1..1.05
 * is 1. `present: false` counts only where nothing is measured: many drivers never set it.
 *
 * @param most - percentage of a full battery: 1, or 100 of a driver that counts so
 * @throws {@link TopsparkError} `battery_out_of_range` above 1 (it looks like 0..100; nothing is guessed) or below 0,
 *   `battery_unmeasured` where nothing tells the charge, `battery_absent` where that is so and `present` is false
 */
export function readBattery(message: BatteryMessage, most = 1): BatteryReading {
  const { percentage, status } = message;
  if (Number.isNaN(percentage)) return { charge: fromCharge(message), charging: onMains(status) };
  const charge = clamped(percentage / most);
  if (charge === undefined) {
    const hint =
      most === 1 && percentage > 1 && percentage <= 100
        ? '; this looks like a percentage of 0..100: set battery.full to 100 where the driver counts so'
        : '';
    throw data('battery_out_of_range', `percentage is ${percentage}, expected 0..${most}${hint}`);
  }
  return { charge, charging: onMains(status) };
}

function fromCharge(message: BatteryMessage): number {
  const { charge, capacity, voltage = NaN, present } = message;
  const ratio = capacity > 0 ? clamped(charge / capacity) : undefined;
  if (ratio !== undefined) return ratio;
  if (!present && !(voltage > 0)) throw batteryAbsent(message);
  const alone = voltage > 0 ? `, and ${voltage} V alone tell no charge` : '';
  throw data(
    'battery_unmeasured',
    `percentage is NaN and charge ${charge} Ah of capacity ${capacity} Ah give none${alone}, expected a percentage of 0..1`,
  );
}

/** A charge of 0..1; `undefined` where it is farther off than it can overshoot. */
function clamped(charge: number): number | undefined {
  return charge >= -overshoot && charge <= 1 + overshoot ? Math.min(1, Math.max(0, charge)) : undefined;
}

/** The refusal of a message in which nothing is measured. */
export function batteryAbsent({ percentage, voltage = NaN }: BatteryMessage): TopsparkError {
  const found = `present is false, percentage ${percentage} and voltage ${voltage}`;
  return data('battery_absent', `${found}, expected a percentage: nothing is measured, or there is no battery`);
}

const data = (code: string, message: string): TopsparkError => new TopsparkError(code, 'data', message);
