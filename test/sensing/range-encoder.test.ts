import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { RangeEncoder, rangeEncoderDefaults as defaults } from '../../src/sensing/range/range-encoder.js';
import type { RangeScan } from '../../src/sensing/range/range-scan.js';
import { room, scan } from './scans.js';

function encoded(of: RangeScan, options: Partial<typeof defaults> = {}): Uint8Array {
  const encoder = new RangeEncoder({ ...defaults, ...options });
  const into = new Uint8Array(encoder.columns).fill(99);
  encoder.encode(of, into);
  return into;
}

function cosine(a: Uint8Array, b: Uint8Array): number {
  const dot = (x: Uint8Array, y: Uint8Array): number => x.reduce((sum, value, k) => sum + value * y[k], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** Two cells of each kind a sector, as computed by hand. */
const small = { sectors: 4, inverseCells: 2, logCells: 2, near: 0.5, far: 8, headingFree: false };

describe('a scan as intensities', () => {
  it('has 36 sectors of 8 + 8 cells in one row', () => {
    expect(new RangeEncoder()).toMatchObject({ rows: 1, columns: 576, polarity: false });
  });

  it('codes the ends of the range by the first and the last cell of both populations', () => {
    expect([...encoded(scan([0.5, 8, 0.2, 9.5], 0.1), small)]).toEqual(
      [0.5, 8, 0.5, 8].flatMap((d) => (d === 8 ? [0, 255, 0, 255] : [255, 0, 255, 0])),
    );
  });

  it('is near the middle of inverse distance at 1 m, and of logarithmic distance at 2 m', () => {
    const cells = { ...small, inverseCells: 3, logCells: 3 };
    const code = encoded(scan([1, 2, 8, 8], 0.1), cells);
    expect(code.subarray(0, 3).indexOf(Math.max(...code.subarray(0, 3)))).toBe(1);
    expect([...code.subarray(9, 12)]).toEqual([0, 255, 0]);
  });

  it('is silent for directions without a return, and outside of the scan', () => {
    const code = encoded(scan([1, Infinity, NaN, 0.01], 0.1), small);
    expect(code.subarray(0, 4).some((byte) => byte > 0)).toBe(true);
    expect([...code.subarray(4)]).toEqual(Array(12).fill(0));
  });

  it('is silent when a driver sends 0 for no return and no range_min', () => {
    const code = encoded({ ...scan([1, 0, -0, -1]), rangeMin: 0 }, small);
    expect(code).toEqual(encoded(scan([1, NaN, NaN, NaN]), small));
    const hair = encoded({ ...scan([1, 1e-45, 1e-4, 9e-4]), rangeMin: 0 }, small);
    expect(hair).toEqual(code);
    const least = { ...scan([1, 1e-40, 1e-4, 1e-40]), rangeMin: 1e-45 };
    expect(encoded(least, small)).toEqual(code);
  });

  it('includes a distance of 1 mm when range_min is 0', () => {
    const code = encoded({ ...scan([1, 0.001, 8, 8]), rangeMin: 0 }, small);
    expect(code).toEqual(encoded(scan([1, 0.2, 8, 8]), small));
  });

  it('changes little when 60 % of its beams are lost, for any range_min', () => {
    const random = new Random(7);
    const distances = room(720, 0.3);
    const lost = distances.map((distance) => (random.uniform() < 0.6 ? 0 : distance));
    const whole = encoded(scan(distances));
    expect(cosine(encoded({ ...scan(lost), rangeMin: 0 }), whole)).toBeGreaterThan(0.95);
    expect(encoded({ ...scan(lost), rangeMin: 0 })).toEqual(encoded(scan(lost)));
  });

  it('is refused as silent when every beam is 0', () => {
    expect(() => encoded({ ...scan([0, 0, 0]), rangeMin: 0 })).toThrow(
      'none of 3 sectors saw anything in 0..10 m, and all 3 ranges are 0: nothing was measured',
    );
  });

  it('may have a single beam, whose step does not matter', () => {
    const code = encoded({ ...scan([2], 0.1), angleIncrement: 0 }, small);
    expect(code).toEqual(encoded(scan([2], 0.1), small));
    expect([...code.subarray(4)]).toEqual(Array(12).fill(0));
  });

  it('is silent outside a part of the circle, whichever way the laser turns', () => {
    const quarter = [1, 2, 3, 4, 5, 6, 7, 8];
    const step = Math.PI / 2 / quarter.length;
    const code = encoded({ ...scan(quarter), angleMin: 0.01, angleIncrement: step }, small);
    expect(code.subarray(0, 4).some((byte) => byte > 0)).toBe(true);
    expect([...code.subarray(4)]).toEqual(Array(12).fill(0));
    const reversed = { ...scan([...quarter].reverse()), angleMin: 0.01 + 7 * step, angleIncrement: -step };
    expect(encoded(reversed, small)).toEqual(code);
  });

  it('is the same for every rotation by whole sectors', () => {
    const wanted = encoded(scan(room(720, 0)));
    for (const sectors of [1, 9, 20, 35]) {
      expect(encoded(scan(room(720, (sectors * 2 * Math.PI) / 36)))).toEqual(wanted);
    }
    const turned = scan(room(720, Math.PI / 2));
    expect(encoded(turned, { headingFree: false })).not.toEqual(encoded(scan(room(720, 0)), { headingFree: false }));
  });

  describe('a scan with fewer beams than sectors', () => {
    const sides = { headingFree: false };
    const beams = [1, 2, 3, 4, 5, 6, 7, 8];
    const codes = (code: Uint8Array): string[] =>
      Array.from({ length: 36 }, (_, k) => code.subarray(16 * k, 16 * k + 16).join(' '));
    const alone = (distance: number): string => codes(encoded(scan([distance]), sides))[0];
    const silent = Array<string>(28).fill(Array(16).fill(0).join(' '));

    it('has a sector for each, counter-clockwise from straight ahead, and silence in the rest', () => {
      const wanted = [...beams.map(alone), ...silent];
      expect(codes(encoded(scan(beams), sides))).toEqual(wanted);
      // As a ring of sonars sends it: from behind, or clockwise.
      const behind = [...beams.slice(4), ...beams.slice(0, 4)];
      expect(codes(encoded(scan(behind, -Math.PI), sides))).toEqual(wanted);
      expect(codes(encoded(scan([...beams].reverse(), -Math.PI / 4, -Math.PI / 4), sides))).toEqual(wanted);
    });

    it('has a sector for each beam of a part of the circle, at any spacing', () => {
      const part = encoded(scan([7, 8, 1, 2], -0.3, 0.2), sides);
      expect(codes(part).slice(0, 4)).toEqual([1, 2, 7, 8].map(alone));
    });

    it('has one sector for the first and last beam of a whole turn, which point the same way', () => {
      const turn = encoded(scan([...beams, 1], 0, Math.PI / 4), sides);
      expect(turn).toEqual(encoded(scan(beams), sides));
    });

    it('is the same for every rotation by whole beams', () => {
      const wanted = encoded(scan(room(24, 0)));
      for (const turn of [1, 7, 12, 23]) expect(encoded(scan(room(24, (turn * Math.PI) / 12)))).toEqual(wanted);
      expect(wanted.subarray(24 * 16).every((byte) => byte === 0)).toBe(true);
    });

    it('keeps nothing of a longer earlier scan', () => {
      const encoder = new RangeEncoder(defaults);
      const into = new Uint8Array(encoder.columns);
      encoder.encode(scan(room(720, 0)), into);
      encoder.encode(scan(beams), into);
      expect(into).toEqual(encoded(scan(beams)));
      encoder.encode(scan(room(720, 0)), into);
      expect(into).toEqual(encoded(scan(room(720, 0))));
    });
  });

  describe('near and far', () => {
    const from = (rangeMin: number, rangeMax: number, options = {}): Uint8Array =>
      encoded({ ...scan(room(720, 0)), rangeMin, rangeMax }, options);
    const set = (near: number, far: number, rangeMin: number, rangeMax: number): Uint8Array =>
      from(rangeMin, rangeMax, { near, far });

    it.each([
      ['a laser that sees far', 0.1, 12, 0.2, 10],
      ['one that sees very far', 0.02, 100, 0.2, 10],
      ['one without an end', 0, Infinity, 0.2, 10],
      ['a small laser', 0.12, 3.5, 0.12, 3.5],
      ['sonars', 0.03, 5, 0.1, 5],
      ['a laser that is blind near by', 0.45, 25, 0.45, 10],
    ])('are those of %s by default', (_, rangeMin, rangeMax, near, far) => {
      expect(from(rangeMin, rangeMax)).toEqual(set(near, far, rangeMin, rangeMax));
    });

    it('are as set, each by itself', () => {
      expect(from(0.12, 3.5, { far: 8 })).toEqual(set(0.16, 8, 0.12, 3.5));
      expect(from(0.12, 3.5, { near: 0.5 })).toEqual(set(0.5, 3.5, 0.12, 3.5));
      expect(from(0.12, 3.5, { near: 0.2, far: 10 })).not.toEqual(from(0.12, 3.5));
    });

    it('refuse a scan that ends before the set distance begins', () => {
      expect(() => from(0.1, 3, { near: 4 })).toThrow('scan has range_max 3 m and near is 4 m');
    });
  });

  it.each([
    ['scan_empty', {}, [], 'scan has no ranges, expected at least 1'],
    ['scan_too_large', {}, Array(101).fill(1), 'scan has 101 ranges, expected at most 100'],
    ['scan_angles', { angleMin: NaN }, [1], 'scan starts at NaN rad'],
    ['scan_angles', { angleIncrement: Infinity }, [1, 1], '2 steps of Infinity rad, expected at most one turn'],
    ['scan_angles', { angleIncrement: 3 }, [1, 1, 1, 1], 'expected at most one turn'],
    ['scan_angles', { angleIncrement: 0 }, [1, 1], '2 ranges with steps of 0 rad'],
    ['scan_limits', { rangeMin: -1 }, [1], 'range_min -1'],
    ['scan_limits', { rangeMax: NaN }, [1], 'range_max NaN, expected 0 ≤ range_min < range_max'],
    ['scan_silent', {}, [Infinity, NaN, 0.01], 'none of 3 sectors saw anything in 0.1..10 m'],
  ])('%s: %o of %o is refused, and nothing is written', (code, change, ranges, sentence) => {
    const encoder = new RangeEncoder({ ...defaults, maxBeams: 100 });
    const into = new Uint8Array(encoder.columns).fill(9);
    const encode = (): void => {
      encoder.encode({ ...scan(ranges), ...change }, into);
    };
    expect(encode).toThrow(expect.objectContaining({ code, kind: 'data' }) as Error);
    expect(encode).toThrow(sentence);
    expect(into.every((byte) => byte === 9)).toBe(true);
  });

  it.each([
    [{ sectors: 3 }, 'scan.sectors is 3, expected an integer in 4..720'],
    [{ near: 0.001 }, 'scan.near is 0.001, expected a number in 0.01..10000'],
    [{ far: -1 }, 'scan.far is -1, expected a number in 0.01..10000'],
    [{ near: 20 }, 'scan.far is 10, expected more than near, 20'],
    [{ near: 5, far: 5 }, 'scan.far is 5, expected more than near, 5'],
    [{ logCells: 1 }, 'scan.log_cells is 1'],
    [{ maxBeams: 0 }, 'scan.max_beams is 0'],
  ])('the options %o are refused', (change, sentence) => {
    expect(() => new RangeEncoder({ ...defaults, ...change })).toThrow(sentence);
  });
});
