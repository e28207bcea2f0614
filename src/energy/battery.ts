import { TopsparkError } from '../base/errors.js';

/** The fields of sensor_msgs/BatteryState that matter here. */
export interface BatteryMessage {
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

/** Whether a POWER_SUPPLY_STATUS_* says that the robot is on mains. */
export function onMains(status: number): boolean {
  return status === charging || status === full;
}

/**
 * Reads a battery message; `undefined` where no battery is present.
 *
 * A NaN percentage is derived from charge and capacity if both are finite.
 *
 * @throws {@link TopsparkError} `battery_out_of_range` above 1 (it looks like 0..100; nothing is guessed) or below 0,
 *   `battery_unmeasured` where nothing tells the charge
 */
export function readBattery(message: BatteryMessage): BatteryReading | undefined {
  if (!message.present) return undefined;
  const { percentage } = message;
  const mains = onMains(message.status);
  if (Number.isNaN(percentage)) return { charge: fromCharge(message), charging: mains };
  if (percentage < 0 || percentage > 1) {
    const hint = percentage > 1 && percentage <= 100 ? '; this looks like a percentage of 0..100' : '';
    throw new TopsparkError('battery_out_of_range', 'data', `percentage is ${percentage}, expected 0..1${hint}`);
  }
  return { charge: percentage, charging: mains };
}

function fromCharge({ charge, capacity }: BatteryMessage): number {
  const ratio = charge / capacity;
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw new TopsparkError(
    'battery_unmeasured',
    'data',
    `percentage is NaN and charge ${charge} Ah of capacity ${capacity} Ah give none, expected a percentage of 0..1`,
  );
}
