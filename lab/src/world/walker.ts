import type { Random } from 'topspark/base/random.js';
import { placeTypes, type Building, type PlaceType, type Spot } from './building.js';
import { route } from './route.js';

// Kinematics of a differential drive; v [m/s] is forward speed, w [rad/s] is turn rate to the left:
//
//   x += v cos(heading) dt     y += v sin(heading) dt     heading += w dt
//
// It turns towards the next spot of its path. The more it has to turn, the slower it drives.

/** How a robot or a person moves. */
export interface Gait {
  /** Highest speed [m/s] and turn rate [rad/s]. */
  readonly speed: number;
  readonly turn: number;
  /** Longest stay at the end of a path [s]. */
  readonly stay: number;
  /** Largest distance from a spot at which it passes it, along x and along y [m]. */
  readonly stray: number;
}

const arrived = 0.25;

/** Shares of the kinds of places at which paths end. */
const errands: Readonly<Record<PlaceType, number>> = { room: 0.44, doorway: 0.4, corridor: 0.08, junction: 0.08 };

/** A robot or a person on an endless tour through the building. */
export class Walker {
  x: number;
  y: number;
  heading: number;
  /** Speed [m/s] and turn rate [rad/s] of the last step. */
  speed = 0;
  turn = 0;
  #at: number;
  #way: number[] = [];
  #aim: { readonly x: number; readonly y: number } | undefined;
  #staying = 0;
  #turning = 0;

  constructor(
    readonly building: Building,
    readonly gait: Gait,
    readonly random: Random,
  ) {
    this.#at = random.below(building.spots.length);
    ({ x: this.x, y: this.y } = building.spots[this.#at]);
    this.heading = 2 * Math.PI * random.uniform();
  }

  /** Moves on by `dt` [s]. */
  step(dt: number): void {
    this.speed = this.turn = 0;
    if (this.#staying > 0) this.#look(dt);
    else this.#drive(dt);
    this.x += this.speed * Math.cos(this.heading) * dt;
    this.y += this.speed * Math.sin(this.heading) * dt;
    this.heading += this.turn * dt;
  }

  /**
   * Moves to a point near a spot, stays there and looks around.
   *
   * @param turn - turn rate [rad/s]
   */
  stand({ x, y }: Spot, turn: number): void {
    const off = (): number => 0.15 * (2 * this.random.uniform() - 1);
    this.x = x + off();
    this.y = y + off();
    this.#way = [];
    this.#aim = undefined;
    this.#staying = Infinity;
    this.#turning = turn;
  }

  // At the end of a path it looks around.
  #look(dt: number): void {
    this.#staying -= dt;
    this.turn = this.#turning;
    if (this.#staying <= 0) this.#setOut();
  }

  #drive(dt: number): void {
    const aim = (this.#aim ??= this.#nextAim());
    if (aim === undefined) {
      this.#staying = this.gait.stay * this.random.uniform();
      this.#turning = (this.random.uniform() - 0.5) * this.gait.turn;
      if (this.#staying === 0) this.#setOut();
      return;
    }
    const [dx, dy] = [aim.x - this.x, aim.y - this.y];
    const distance = Math.hypot(dx, dy);
    const error = Math.atan2(Math.sin(Math.atan2(dy, dx) - this.heading), Math.cos(Math.atan2(dy, dx) - this.heading));
    this.turn = Math.max(-this.gait.turn, Math.min(this.gait.turn, error / Math.max(dt, 0.3)));
    this.speed = Math.min(this.gait.speed * Math.max(0, Math.cos(error)) ** 3, distance / dt);
    if (distance < arrived) this.#aim = undefined;
  }

  #nextAim(): { readonly x: number; readonly y: number } | undefined {
    const next = this.#way.shift();
    if (next === undefined) return undefined;
    this.#at = next;
    const { x, y, place } = this.building.spots[next];
    const stray = place === 'doorway' ? 0.1 : this.gait.stray;
    const off = (): number => stray * (2 * this.random.uniform() - 1);
    return { x: x + off(), y: y + off() };
  }

  // Draws a kind of place, then takes the nearer of two random spots of that kind: a robot goes everywhere, but mostly
  // close by.
  #setOut(): void {
    const { spots } = this.building;
    const kind = this.#kind();
    const ends = spots.flatMap(({ place }, index) => (place === kind ? [index] : []));
    const [a, b] = [0, 1].map(() => route(spots, this.#at, ends[this.random.below(ends.length)]));
    this.#way = length(spots, a) <= length(spots, b) ? a : b;
  }

  #kind(): PlaceType {
    let draw = this.random.uniform();
    return placeTypes.find((type) => (draw -= errands[type]) < 0) ?? 'room';
  }
}

function length(spots: readonly Spot[], way: readonly number[]): number {
  let sum = 0;
  for (let k = 1; k < way.length; k++) {
    sum += Math.hypot(spots[way[k]].x - spots[way[k - 1]].x, spots[way[k]].y - spots[way[k - 1]].y);
  }
  return sum;
}
