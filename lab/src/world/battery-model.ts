/** Cells in series. */
const cells = 3;
/** Capacity when full, equal to the design capacity [Ah]. */
const capacity = 5.2;
/** Current of a small robot while it drives [A]. */
const load = 1.8;
/** Internal resistance of a cell [Ω]. */
const resistance = 0.025;

/** Fields of sensor_msgs/BatteryState that the model fills. */
export interface BatteryFields {
  voltage: number;
  temperature: number;
  current: number;
  charge: number;
  capacity: number;
  design_capacity: number;
  percentage: number;
  power_supply_status: number;
  power_supply_health: number;
  power_supply_technology: number;
  present: boolean;
  cell_voltage: Float32Array;
  cell_temperature: Float32Array;
  location: string;
  serial_number: string;
}

/**
 * A lithium-ion battery of three cells under load. The terminal voltage of a cell falls with the state of charge s:
 *
 *   u = 3.3 + 0.9 s − 0.15 e^(−12 s) − R I   [V]
 *
 * This is a straight line with a knee near empty, as in measured cells. Its time is compressed: the charge falls within
 * the minute of a demo, while the current is what a robot would draw.
 *
 * @param charge - s, 0..1
 */
export function batteryFields(charge: number): BatteryFields {
  const cell = 3.3 + 0.9 * charge - 0.15 * Math.exp(-12 * charge) - resistance * load;
  return {
    voltage: cells * cell,
    temperature: NaN, // not measured
    current: -load,
    charge: charge * capacity,
    capacity,
    design_capacity: capacity,
    percentage: charge,
    power_supply_status: 2, // discharging
    power_supply_health: 1, // good
    power_supply_technology: 2, // lithium-ion
    present: true,
    cell_voltage: new Float32Array(cells).fill(cell),
    cell_temperature: new Float32Array(cells).fill(NaN),
    location: 'base',
    serial_number: 'demo',
  };
}

/**
 * State of charge of a battery that drains at a constant rate and then stays as it is.
 *
 * @param elapsed - time since draining began [s]
 */
export function drained(from: number, to: number, seconds: number, elapsed: number): number {
  return from + (to - from) * Math.min(1, elapsed / seconds);
}
