import { Random } from 'topspark/base/random.js';
import { generateBuilding, placeAt, placeTypes, type Building, type PlaceType, type Spot } from './building.js';
import { castAtCircle, castRay } from './ray-cast.js';
import { Walker, type Gait } from './walker.js';

/** A measurement of the laser scanner: the fields of sensor_msgs/LaserScan that matter. */
export interface Scan {
  readonly angleMin: number;
  readonly angleIncrement: number;
  readonly rangeMin: number;
  readonly rangeMax: number;
  /** [m]; Infinity where nothing was detected. */
  readonly ranges: Float32Array;
}

/** Options of a world. */
export interface WorldOptions {
  /** Decides building, tour, people and noise. */
  readonly seed: number;
  /** Decides the building, in place of `seed`. */
  readonly building?: number;
  readonly people?: number;
  /** Beams of a scan, over the full circle. */
  readonly beams?: number;
  /**
   * Time at each place [s], for a robot that does not drive. It is carried between four places, one of each kind, and
   * looks around there, each time a little beside where it stood before. 0: it drives.
   */
  readonly carried?: number;
}

const robot: Gait = { speed: 0.6, turn: 1.2, stay: 12, stray: 0.4 };
const person: Gait = { speed: 1.1, turn: 2.5, stay: 20, stray: 0.5 };
const bodyRadius = 0.22;
const laser = { rangeMin: 0.12, rangeMax: 12, noise: 0.01, dropout: 0.005 };

/** A floor with people, and a robot with a laser scanner on a tour through it. Time advances by {@link World.step}. */
export class World {
  readonly building: Building;
  readonly robot: Walker;
  readonly people: readonly Walker[];
  /** Time since the start [s]. */
  time = 0;
  readonly #beams: number;
  readonly #noise: Random;
  readonly #carried: number;
  /** Spots to which it is carried, in turn. */
  readonly #stands: readonly Spot[];

  constructor({ seed, building = seed, people = 8, beams = 360, carried = 0 }: WorldOptions) {
    this.building = generateBuilding(new Random(building));
    const random = new Random(BigInt(seed) + (1n << 32n));
    this.robot = new Walker(this.building, robot, new Random(random.next()));
    this.people = Array.from({ length: people }, () => new Walker(this.building, person, new Random(random.next())));
    this.#noise = new Random(random.next());
    this.#beams = beams;
    this.#carried = carried;
    const { spots } = this.building;
    this.#stands = carried > 0 ? placeTypes.map((kind) => this.#draw(spots.filter(({ place }) => place === kind))) : [];
    if (carried > 0) this.#carry();
  }

  /** Advances time by `dt` [s]. */
  step(dt: number): void {
    this.robot.step(dt);
    for (const each of this.people) each.step(dt);
    const stay = Math.floor(this.time / this.#carried);
    this.time += dt;
    if (this.#carried > 0 && Math.floor(this.time / this.#carried) !== stay) this.#carry();
  }

  /** Kind of place at the robot's position. */
  get place(): PlaceType {
    return placeAt(this.building, this.robot.x, this.robot.y);
  }

  /** Measures a scan at the robot's position. */
  scan(): Scan {
    const { rangeMin, rangeMax } = laser;
    const angleIncrement = (2 * Math.PI) / this.#beams;
    const ranges = Float32Array.from({ length: this.#beams }, (_, k) => this.#measure(k * angleIncrement - Math.PI));
    return { angleMin: -Math.PI, angleIncrement, rangeMin, rangeMax, ranges };
  }

  #carry(): void {
    const stand = this.#stands[Math.floor(this.time / this.#carried) % this.#stands.length];
    this.robot.stand(stand, 0.4 * (0.5 + this.#noise.uniform()));
  }

  #draw(spots: readonly Spot[]): Spot {
    return spots[this.#noise.below(spots.length)];
  }

  #measure(bearing: number): number {
    const { x, y, heading } = this.robot;
    const angle = heading + bearing;
    let distance = castRay(this.building, x, y, angle, laser.rangeMax);
    for (const each of this.people) {
      // A person at the robot's own position is transparent.
      const circle = { x: each.x, y: each.y, radius: bodyRadius };
      if (Math.abs(each.x - x) + Math.abs(each.y - y) > 2 * bodyRadius) {
        distance = Math.min(distance, castAtCircle(this.robot, angle, circle));
      }
    }
    if (distance === Infinity || this.#noise.uniform() < laser.dropout) return Infinity;
    return distance + laser.noise * this.#gauss();
  }

  // Sum of four uniform numbers, scaled to a standard deviation of 1: close enough to normal for a range.
  #gauss(): number {
    let sum = -2;
    for (let k = 0; k < 4; k++) sum += this.#noise.uniform();
    return sum * Math.sqrt(3);
  }
}
