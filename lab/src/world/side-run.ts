import { TopsparkError } from 'topspark/base/errors.js';
import { toStamp } from 'topspark/base/time.js';
import type { ParameterValue } from 'topspark/base/parameters.js';
import { OnlineClassifier } from 'topspark/classifier/online-classifier.js';
import { sensorEncoder } from 'topspark/sensing/sensor-kinds.js';
import type { OperatingPoint } from 'topspark/timestep/policy/operating-point.js';
import { Recall } from './recall.js';
import { scanMessage } from './world-messages.js';
import { World, type Scan } from './world.js';

/** The range sensor of the robot. */
export interface Ranger {
  readonly beams: number;
  /** [m] */
  readonly rangeMin: number;
  readonly rangeMax: number;
}

/** A drive on which the robot learns which side the nearest obstacle is on. */
export interface SideRunOptions {
  /** Decides building, tour, people and noise. */
  readonly seed: number;
  readonly ranger: Ranger;
  /** Parameters of the sensor `scan` that differ from its defaults. */
  readonly values: Readonly<Record<string, ParameterValue>>;
  readonly point: OperatingPoint;
  /** Number of scans, ten a second; each is labelled. */
  readonly samples: number;
}

/** Distance within which an obstacle counts as near [m]. */
const near = 1;

const sides = ['ahead', 'left', 'behind', 'right'];

/** The quarter in which the nearest obstacle is; `free` where nothing is within {@link near}. */
function sideOf({ ranges, angleMin, angleIncrement }: Scan): string {
  const nearest = [Infinity, Infinity, Infinity, Infinity];
  ranges.forEach((range, beam) => {
    const quarter = Math.round((2 * (angleMin + beam * angleIncrement)) / Math.PI + 4) % 4;
    nearest[quarter] = Math.min(nearest[quarter], range);
  });
  const least = Math.min(...nearest);
  return least > near ? 'free' : sides[nearest.indexOf(least)];
}

/** @returns share of right answers in the second half of the drive, 0..1 */
export function sideRun({ seed, ranger, values, point, samples }: SideRunOptions): number {
  const { beams, rangeMin, rangeMax } = ranger;
  const world = new World({ seed, beams });
  const { encoder } = sensorEncoder({ name: 'scan', values });
  const { rows, columns, polarity } = encoder;
  const classifier = new OnlineClassifier({ neurons: 400, rows, columns, polarity, classes: 64 });
  const intensities = new Uint8Array(columns);
  const second = new Recall();
  for (let k = 0; k < samples; k++) {
    world.step(0.1);
    const scan = world.scan();
    const side = sideOf(scan);
    const ranges = scan.ranges.map((range) => (range > rangeMax ? Infinity : range));
    const stamp = BigInt(k);
    try {
      const message = scanMessage({ ...scan, ranges, rangeMin, rangeMax }, 0.1, toStamp(stamp));
      encoder.encode(message, intensities, stamp, '');
    } catch (error) {
      if (!(error instanceof TopsparkError)) throw error;
      continue;
    }
    const answer = classifier.decide(intensities, stamp, point, true);
    if (2 * k >= samples) second.add(side, answer.label === side);
    classifier.label(stamp, side);
  }
  return second.accuracy;
}
