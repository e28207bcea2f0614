// Points of a cloud by ring and sector around the robot (equations: src/sensing/range/polar-occupancy.ts), in float64:
//
//   sector by u(x, y) = y / (|x| + |y|), unrolled over the quadrants to 0..4;  ring by x² + y²
//
// It runs in a separate instance without a network; `createPoints` reserves its memory.
import { commit, reserve } from './buffers';

const QUARTER: f64 = 256;

/** Points as they are in the message. JavaScript writes them. */
export let pointBytes: usize = 0;
/** End of each ring (squared) and of each sector (unrolled), float64. JavaScript writes them. */
export let pointRingEnds: usize = 0;
export let pointSectorEnds: usize = 0;
/** First sector of each 1/256 of a quadrant, uint16. JavaScript writes them. */
export let pointFirstSectors: usize = 0;
/** Points of each cell, uint32, ring by ring. */
export let pointCounts: usize = 0;
/** Square of the distance to the nearest point in each sector, float64. */
export let pointNearest: usize = 0;
/** Points in the fullest cell. */
export let pointMost: u32 = 0;
/** Squares of the nearest and farthest distance, and the heights at which points count. */
export let pointNear: f64 = 0;
export let pointFar: f64 = 0;
export let pointLow: f64 = 0;
export let pointHigh: f64 = 0;

/** Rings and sectors. */
let rings: i32 = 0;
let sectors: i32 = 0;

/** Reserves memory for `bytes` bytes of points at a time. */
export function createPoints(ringCount: i32, sectorCount: i32, bytes: i32): bool {
  rings = ringCount;
  sectors = sectorCount;
  pointBytes = reserve(<usize>bytes);
  pointRingEnds = reserve(<usize>rings * 8);
  pointSectorEnds = reserve(<usize>sectors * 8);
  pointFirstSectors = reserve((4 * <usize>QUARTER + 1) * 2);
  pointCounts = reserve(<usize>(rings * sectors) * 4);
  pointNearest = reserve(<usize>sectors * 8);
  return commit();
}

/** Forgets all points. */
export function clearPoints(): void {
  memory.fill(pointCounts, 0, <usize>(rings * sectors) * 4);
  for (let k = 0; k < sectors; k++) store<f64>(pointNearest + ((<usize>k) << 3), pointFar);
  pointMost = 0;
}

/**
 * Counts `count` points of `step` bytes. Their coordinates forward, sideways and up lie `atX`, `atY` and `atZ` bytes
 * from the first byte, as float32, or as float64 where `wide`; `sign` is −1 where right and down are positive.
 */
export function countPoints(count: i32, step: i32, atX: i32, atY: i32, atZ: i32, wide: bool, sign: f64): void {
  if (wide) countOf<f64>(count, step, atX, atY, atZ, sign);
  else countOf<f32>(count, step, atX, atY, atZ, sign);
}

function countOf<T>(count: i32, step: i32, atX: i32, atY: i32, atZ: i32, sign: f64): void {
  const lastRing = rings - 1;
  const lastSector = sectors - 1;
  let point = pointBytes;
  for (let k = 0; k < count; k++, point += step) {
    const z = sign * <f64>load<T>(point + atZ);
    if (!(z >= pointLow && z <= pointHigh)) continue;
    const x = <f64>load<T>(point + atX);
    const y = sign * <f64>load<T>(point + atY);
    const squared = x * x + y * y;
    // A beam without an echo is marked by NaN and also fails this test.
    if (!(squared >= pointNear && squared < pointFar)) continue;
    const up = y / (abs(x) + abs(y));
    const turn: f64 = x < 0 ? 2 - up : y < 0 ? 4 + up : up;
    let sector = <i32>load<u16>(pointFirstSectors + ((<usize>(turn * QUARTER)) << 1));
    while (sector < lastSector && turn >= load<f64>(pointSectorEnds + ((<usize>sector) << 3))) sector++;
    let ring = 0;
    while (ring < lastRing && squared >= load<f64>(pointRingEnds + ((<usize>ring) << 3))) ring++;
    const cell = pointCounts + ((<usize>(ring * sectors + sector)) << 2);
    const points = load<u32>(cell) + 1;
    store<u32>(cell, points);
    if (points > pointMost) pointMost = points;
    const nearest = pointNearest + ((<usize>sector) << 3);
    if (squared < load<f64>(nearest)) store<f64>(nearest, squared);
  }
}
