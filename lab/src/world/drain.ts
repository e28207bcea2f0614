// Charge of a robot's battery, from the energy that the robot and its computer use:
//
//   dE/dt = P_base + k_v |v| + k_w |w| + P_agent          [W]
//
// P_base: electronics and laser; k_v |v|, k_w |w|: motors; P_agent: the agent on board. Small indoor platforms draw
// 10–30 W.

/** [W] */
const basePower = 8;
/** [W per m/s] and [W per rad/s] */
const drivePower = 14;
const turnPower = 3;

/** A battery that is being discharged. */
export class Drain {
  #left: number;

  /** @param capacity - energy of the full battery [J] */
  constructor(
    readonly capacity: number,
    charge = 1,
  ) {
    this.#left = capacity * charge;
  }

  /** State of charge, 0..1. */
  get charge(): number {
    return this.#left / this.capacity;
  }

  /**
   * Uses energy for some time.
   *
   * @param dt - duration [s]
   * @param moving - speed [m/s] and turn rate [rad/s]
   * @param agent - energy of the agent in that time [J]
   * @returns mean power in that time [W]
   */
  use(dt: number, moving: { readonly speed: number; readonly turn: number }, agent: number): number {
    const robot = basePower + drivePower * Math.abs(moving.speed) + turnPower * Math.abs(moving.turn);
    const energy = robot * dt + agent;
    this.#left = Math.max(0, this.#left - energy);
    return energy / dt;
  }
}
