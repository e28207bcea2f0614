import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import { Silence } from '../../../src/sensing/refuse.js';
import { cause, encoded } from './encoded.js';
import { cloud, type Point } from './clouds.js';

const values = { sectors: 8, rings: 4, near: 1, far: 16, heading_free: false };
const at = (angle: number, distance: number, z = 0): Point => [
  distance * Math.cos(angle),
  distance * Math.sin(angle),
  z,
];
/** Cells that are occupied, as `ring/sector`. */
const occupied = (code: Uint8Array): string[] =>
  [...code].flatMap((byte, k) => (byte > 0 ? [`${Math.floor(k / 8)}/${k % 8}`] : []));

describe('a point cloud', () => {
  it('is a picture of rings, each twice as wide as the one before, and sectors', () => {
    const points = [at(0.1, 1.1), at(Math.PI / 2 + 0.1, 3), at(-0.1, 5), at(Math.PI + 0.1, 15)];
    expect(occupied(encoded('points', cloud(points), values))).toEqual(['0/0', '1/2', '2/7', '3/4']);
  });

  it('encodes the number of points by its logarithm', () => {
    const points = [...Array<Point>(7).fill(at(0.1, 2.5)), at(1, 2.5)];
    const code = encoded('points', cloud(points), values);
    expect([code[8], code[9]]).toEqual([255, 85]); // ln 8 : ln 2
  });

  it('leaves out points that are too near, too far, too low, too high or NaN', () => {
    const points = [
      at(0, 0.9),
      at(0, 16),
      at(0, 2, -0.6),
      at(0, 2, 2.1),
      [NaN, 0, 0],
      [2, 0, NaN],
      [0, 0, 0],
    ] as Point[];
    expect(() => encoded('points', cloud(points), values)).toThrow(Silence);
    expect(occupied(encoded('points', cloud([...points, at(0.1, 2.5)]), values))).toEqual(['1/0']);
  });

  it.each([0, 1e-45, 1e-4])(
    'leaves out points %d m from the origin, which are no returns, for any near distance',
    (d) => {
      const near = { ...values, near: 0.01 };
      const origin: Point[] = [
        [0, 0, 0],
        [d, d, 0],
        [-d, 0, d],
      ];
      expect(() => encoded('points', cloud(origin), near)).toThrow(Silence);
      expect(encoded('points', cloud([...origin, at(0.1, 2.5)]), near)).toEqual(
        encoded('points', cloud([at(0.1, 2.5)]), near),
      );
    },
  );

  it('is the same for every heading, by sectors', () => {
    const room = (heading: number): Point[] =>
      Array.from({ length: 400 }, (_, k) => {
        const angle = (2 * Math.PI * (k + 0.5)) / 400;
        const distance = Math.min(
          (Math.cos(angle) > 0 ? 3 : 4) / Math.abs(Math.cos(angle)),
          (angle < Math.PI ? 5 : 2) / Math.abs(Math.sin(angle)),
        );
        return at(angle + heading, distance);
      });
    const free = { ...values, sectors: 16, heading_free: true };
    const wanted = encoded('points', cloud(room(0)), free);
    for (const turn of [1, 5, 15]) expect(encoded('points', cloud(room((turn * Math.PI) / 8)), free)).toEqual(wanted);
  });

  it('is read with any padding between its coordinates, in either byte order', () => {
    const points = [at(0.1, 1.1), at(2, 3)];
    const wanted = encoded('points', cloud(points), values);
    for (const bigEndian of [false, true]) {
      for (const double of [false, true]) {
        for (const [pointStep, rowPadding] of [
          [40, 5],
          [40, 8],
          [41, 0],
        ]) {
          const layout = { bigEndian, double, pointStep, rowPadding, height: 2 };
          expect(encoded('points', cloud(points, layout), values)).toEqual(wanted);
        }
      }
    }
    const data = new Uint8Array(cloud(points).data.length + 1).subarray(1);
    data.set(cloud(points).data);
    expect(encoded('points', { ...cloud(points), data }, values)).toEqual(wanted);
  });

  it.each([0, 1, 24, 9999])('is read without padding although row_step is %d', (row_step) => {
    const points = [at(0.1, 1.1), at(2, 3)];
    const wanted = encoded('points', cloud(points), values);
    expect(encoded('points', { ...cloud(points), row_step }, values)).toEqual(wanted);
    expect(encoded('points', { ...cloud(points, { height: 2 }), row_step }, values)).toEqual(wanted);
  });

  describe('a point cloud of a camera', () => {
    /** From a camera that looks along x, half a metre up: right, down, forward. */
    const asCamera = ([x, y, z]: Point): Point => [-y, -z, x];
    /** A wall at 3 m, a metre high, left or right of the centre. */
    const wall = (side: 1 | -1): Point[] =>
      Array.from({ length: 200 }, (_, k) => [3, side * (0.1 + (k % 20) / 10), Math.floor(k / 20) / 10 - 0.3]);
    const standard = { sectors: 32, heading_free: false };
    const shown = (points: readonly Point[], frameId: string, more = {}): Uint8Array =>
      encoded('points', cloud(points.map(asCamera)), more, frameId);

    it.each(['camera_depth_optical_frame', 'oak/right_camera_optical', 'optical'])(
      'distinguishes a wall left and right at 3 m when its frame is %s',
      (frame) => {
        const [left, right] = [wall(1), wall(-1)];
        expect(shown(left, frame)).toEqual(encoded('points', cloud(left), standard));
        expect(shown(right, frame)).toEqual(encoded('points', cloud(right), standard));
        const sectors = (code: Uint8Array): number[] =>
          [...new Set([...code].flatMap((byte, k) => (byte > 0 ? [k % 32] : [])))].sort((a, b) => a - b);
        expect(sectors(shown(left, frame))).toEqual([0, 1, 2]);
        expect(sectors(shown(right, frame))).toEqual([29, 30, 31]);
      },
    );

    it('gets its axes from a parameter when the frame does not show them', () => {
      const left = wall(1);
      const wanted = encoded('points', cloud(left), standard);
      expect(shown(left, 'depth_camera_link', { axes: 'optical' })).toEqual(wanted);
      expect(encoded('points', cloud(left), { ...standard, axes: 'body' }, 'camera_optical')).toEqual(wanted);
      for (const frame of ['camera_optical_frame_2', 'lidar', 'optical/base_link']) {
        expect(encoded('points', cloud(left), standard, frame)).toEqual(wanted);
      }
    });

    it('counts heights along its y axis, which points down', () => {
      const high: Point = [2, 0, 2.1];
      expect(() => shown([high], 'camera_optical')).toThrow(Silence);
      expect(() => shown([[2, 0, -0.6]], 'camera_optical')).toThrow(Silence);
      expect(shown([[2, 0, 1.9]], 'camera_optical').some((byte) => byte > 0)).toBe(true);
    });
  });

  it.each([{ width: 0 }, { height: 0 }, { width: 0, height: 0, fields: [], row_step: 0, data: new Uint8Array(0) }])(
    'is silent without points: %o',
    (change) => {
      const encode = (): unknown => encoded('points', { ...cloud([at(0, 2)]), ...change }, values);
      expect(encode).toThrow(Silence);
      expect(encode).toThrow(cause('points_empty'));
    },
  );

  it('is read with fields in any order, and with other fields', () => {
    const points = [at(0.1, 1.1), at(2, 3)];
    const message = cloud(points, { pointStep: 40, rowPadding: 5, height: 2 });
    const others = [0, 2, 4, 6].map((datatype, k) => ({ name: `field ${k}`, offset: k, datatype, count: 3 }));
    const fields = [...others, ...message.fields].reverse();
    expect(encoded('points', { ...message, fields }, values)).toEqual(encoded('points', cloud(points), values));
  });

  it.each([
    ['points_too_large', { width: 2_000_000 }],
    ['points_fields', { fields: [] }],
    ['points_fields', { point_step: 8 }],
    ['points_step', { row_step: 3, data: new Uint8Array(25) }],
    ['points_size_mismatch', { data: new Uint8Array(3) }],
    ['points_size_mismatch', { row_step: 40, data: new Uint8Array(41) }],
  ])('%s: %o is refused', (code, change) => {
    expect(() => encoded('points', { ...cloud([at(0, 2)]), ...change }, values)).toThrow(cause(code));
  });

  it.each([
    [{ far: 1 }, 'points.far is 1, expected more than near, 1'],
    [{ min_height: 2 }, 'points.max_height is 2, expected more than min_height, 2'],
  ])('the parameters %o are refused', (change, sentence) => {
    expect(() => encoded('points', cloud([]), { ...values, ...change })).toThrow(sentence);
  });
});

describe('sectors', () => {
  it('hold the points of their angles, up to their ends', () => {
    for (const sectors of [4, 7, 32, 720]) {
      const filled = Array.from({ length: sectors }, (_, k) => k).filter((k) => k % 3 !== 1);
      const width = (2 * Math.PI) / sectors;
      const points = filled.flatMap((k) => [0.001, 0.5, 0.999].map((part) => at((k + part) * width, 3)));
      const code = encoded('points', cloud(points), { ...values, sectors, rings: 1 });
      expect([...code.keys()].filter((k) => code[k] > 0)).toEqual(filled);
    }
  });
});

/** Counts by ring and sector, point by point; `points` are those of a robot: x forward, y left, z up. */
function plainCounts(points: readonly Point[], sectors: number, rings: number, near: number, far: number): number[] {
  const counts = Array<number>(sectors * rings).fill(0);
  for (const [x, y, z] of points.map((point) => point.map(Math.fround))) {
    const squared = x * x + y * y;
    if (!(z >= -0.5 && z <= 1.5 && squared >= near * near && squared < far * far)) continue;
    const angle = (Math.atan2(y, x) + 2 * Math.PI) % (2 * Math.PI);
    const sector = Math.floor((angle * sectors) / (2 * Math.PI));
    const ring = Math.floor((rings * Math.log(Math.sqrt(squared) / near)) / Math.log(far / near));
    counts[Math.min(rings - 1, ring) * sectors + Math.min(sectors - 1, sector)]++;
  }
  return counts;
}

describe('a cloud of many points', () => {
  const [sectors, rings, near, far] = [24, 6, 0.5, 20];
  const chosen = { sectors, rings, near, far, min_height: -0.5, max_height: 1.5, heading_free: false };
  const random = new Random(3);
  // More than one portion of the kernel, in every layout; some beams have no echo.
  const points = Array.from({ length: 9000 }, (_, k): Point => {
    const [x, y, z] = [40, 40, 3].map((reach) => reach * (random.uniform() - 0.5));
    return k % 17 === 0 ? [NaN, y, z] : [x, y, z + 0.5];
  });
  const counts = plainCounts(points, sectors, rings, near, far);
  const full = Math.log(1 + Math.max(...counts));
  const wanted = counts.map((count) => Math.floor((255 * Math.log(1 + count)) / full + 0.5));
  const optical = points.map(([x, y, z]): Point => [-y, -z, x]);

  it.each([
    ['packed', {}, ''],
    ['of two rows with padding', { height: 2, rowPadding: 40 }, ''],
    ['of points of an odd number of bytes', { pointStep: 27 }, ''],
    ['of larger points than a portion', { pointStep: 70_000 }, ''],
    ['with the highest byte first', { bigEndian: true }, ''],
    ['of a camera', {}, 'camera_optical_frame'],
  ] as const)('is counted point by point: %s', (_, layout, frame) => {
    const few = 'pointStep' in layout && layout.pointStep > 65_536 ? 40 : points.length;
    const seen = (frame === '' ? points : optical).slice(0, few);
    const found = encoded('points', cloud(seen, layout), chosen, frame);
    if (few === points.length) expect([...found]).toEqual(wanted);
    else expect([...found]).toEqual([...encoded('points', cloud(seen), chosen)]);
  });

  it('is counted in float64 as in float32 of the same numbers', () => {
    const single = points.map((point) => point.map(Math.fround) as unknown as Point);
    const found = encoded('points', cloud(single, { double: true, pointStep: 32 }), chosen);
    expect([...found]).toEqual(wanted);
  });
});
