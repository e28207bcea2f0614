import { checkInteger, checkNumber } from '../../base/errors.js';

/** Budget of one sample. The method saves energy by changing it. A policy derives all neuron parameters from it. */
export interface OperatingPoint {
  /** T: timesteps in which a sample is presented, 1..1000. */
  readonly timesteps: number;
  /** E: input events read per sample, 8..65535. */
  readonly events: number;
  /** K: neurons that read all events after the coarse pass, 1..6400. */
  readonly keep: number;
  /** Lead of the first class over the second, in votes, that ends a decision after the coarse pass; 0: never. */
  readonly exitFirst: number;
  /** The same after all events and after every spike; 0: never. */
  readonly exit: number;
  /** Maximum side of the picture for a pretrained network [pixel], 16..512; absent: no limit. */
  readonly resolution?: number;
}

/**
 * Checks an operating point.
 *
 * @param where - what the point belongs to, for the error's sentence
 * @throws {@link TopsparkError} `out_of_range` naming the field, its value and its bounds
 */
export function checkOperatingPoint(point: OperatingPoint, where = 'operating point'): void {
  checkInteger(`${where}: timesteps`, point.timesteps, 1, 1000);
  checkInteger(`${where}: events`, point.events, 8, 65535);
  checkInteger(`${where}: keep`, point.keep, 1, 6400);
  checkNumber(`${where}: exitFirst`, point.exitFirst, 0, 100);
  checkNumber(`${where}: exit`, point.exit, 0, 100);
  if (point.resolution !== undefined) checkInteger(`${where}: resolution`, point.resolution, 16, 512);
}

/** Whether two points are the same in all fields. */
export function samePoint(a: OperatingPoint, b: OperatingPoint): boolean {
  return sameWork(a, b) && a.resolution === b.resolution;
}

/** Whether the network does the same at two points, whatever their resolutions. */
export function sameWork(a: OperatingPoint, b: OperatingPoint): boolean {
  const sameSteps = a.timesteps === b.timesteps && a.events === b.events && a.keep === b.keep;
  return sameSteps && a.exitFirst === b.exitFirst && a.exit === b.exit;
}

/** An operating point as text: `T 16, E 150, K 24, exits 6/3, 160 px`. */
export function pointText({ timesteps, events, keep, exitFirst, exit, resolution }: OperatingPoint): string {
  const exits = exitFirst > 0 || exit > 0 ? `, exits ${exitFirst}/${exit}` : '';
  const side = resolution === undefined ? '' : `, ${resolution} px`;
  return `T ${timesteps}, E ${events}, K ${keep}${exits}${side}`;
}
