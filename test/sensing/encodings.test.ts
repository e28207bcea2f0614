import { describe, expect, it } from 'vitest';
import { type ImageFrame, imageFormats, pixelFormat } from '../../src/sensing/image/image-frame.js';
import { ImageEncoder, readLevels } from '../../src/sensing/image/image-sensor.js';
import { bytesOf, pictureSet } from './pictures/pictures.js';

const { width, height, cell, pictures } = pictureSet;
const [columns, rows] = [width / cell, height / cell];
const size = { width: columns, height: rows } as const;

function encoded(frame: ImageFrame, options: Partial<ConstructorParameters<typeof ImageEncoder>[0]> = {}): number[] {
  const encoder = new ImageEncoder({ ...size, encoding: 'plain', ...options });
  const into = new Uint8Array(encoder.rows * encoder.columns).fill(9);
  encoder.encode(frame, into);
  return [...into];
}

const frames = pictures.map(({ data, luminance, ...frame }) => {
  return { frame: { width, height, ...frame, data: bytesOf(data) }, luminance };
});
const full = { levels: { black: 0, white: 65_535 } };
const spread = (luminance: readonly number[]): number[] => {
  const [least, greatest] = [Math.min(...luminance), Math.max(...luminance)];
  return luminance.map((value) => (255 * (value - least)) / (greatest - least));
};

/** Expects each value within this many levels. */
function near(found: readonly number[], wanted: readonly number[], levels: number): void {
  expect(found).toHaveLength(wanted.length);
  const off = found.map((value, k) => Math.abs(value - wanted[k]));
  expect(Math.max(...off)).toBeLessThanOrEqual(levels);
}

describe('a picture that other software wrote', () => {
  it('exists in every encoding of light', () => {
    const light = imageFormats.filter((name) => pixelFormat(name).depth === undefined && !/^(mono8|8UC1)$/.test(name));
    expect([...new Set(frames.map(({ frame }) => frame.encoding))].sort()).toEqual([...light].sort());
  });

  it.each(frames.map(({ frame, luminance }) => ({ name: frame.encoding, order: frame.bigEndian, frame, luminance })))(
    'is read as that software reads it from $name, big endian $order',
    ({ name, frame, luminance }) => {
      // A Bayer pattern has no luminance of single pixels: every software guesses it.
      const levels = name.startsWith('bayer') ? 4 : 1;
      near(encoded(frame, full), luminance, levels);
      if (pixelFormat(name).wide) near(encoded(frame), spread(luminance), 2 * levels);
    },
  );

  it.each(frames.map(({ frame, luminance }) => ({ name: frame.encoding, frame, luminance })))(
    'is the same with longer rows from $name',
    ({ frame }) => {
      for (const more of [2, 8, 40]) {
        const step = frame.step + more;
        const count = frame.data.length / frame.step;
        const data = new Uint8Array(step * count).fill(170);
        for (let y = 0; y < count; y++) data.set(frame.data.subarray(y * frame.step, (y + 1) * frame.step), y * step);
        expect(encoded({ ...frame, step, data })).toEqual(encoded(frame));
      }
    },
  );

  it.each(frames.map(({ frame }) => ({ name: frame.encoding, frame })))('is checked in $name', ({ frame }) => {
    const cut = { ...frame, data: frame.data.subarray(1) };
    expect(() => encoded(cut)).toThrow('data holds');
    expect(() => encoded({ ...frame, step: frame.step - 1 })).toThrow(`for ${width} ${frame.encoding}`);
  });
});

describe('a picture of 16 bits', () => {
  const wide = (values: readonly number[], encoding = 'mono16', bigEndian = false): ImageFrame => {
    const view = new DataView(new ArrayBuffer(2 * values.length));
    for (const [k, value] of values.entries()) view.setUint16(2 * k, value, !bigEndian);
    return { width: 6, height: 4, encoding, bigEndian, step: 12, data: new Uint8Array(view.buffer) };
  };
  const scene = Array.from({ length: 24 }, (_, k) => (k * 7) % 24);
  const same = { width: 6, height: 4, encoding: 'contrast' } as const;

  it.each([
    ['10 bits of an infrared camera', (k: number) => 40 + 30 * k],
    ['12 bits', (k: number) => 100 + 160 * k],
    ['hundredths of a kelvin of a thermal camera, 1.5 degrees', (k: number) => 29_315 + 6 * k],
    ['all of them', (k: number) => 2800 * k],
  ])('is not flat with %s', (_, value) => {
    const found = encoded(wide(scene.map(value)), same);
    const light = Uint8Array.from(scene, (k) => 11 * k);
    const eight = encoded({ ...wide([]), encoding: 'mono8', step: 6, data: light }, same);
    near(found, eight, 16);
  });

  it('is scaled by its own range, to the lowest byte, once that exceeds 10 bits', () => {
    const values = scene.map((k) => 20_000 + 90 * k);
    const wanted = scene.map((k) => Math.floor((255 * k) / 23 + 0.5));
    expect(encoded(wide(values), { ...same, encoding: 'plain' })).toEqual(wanted);
    expect(encoded(wide(values, 'mono16', true), { ...same, encoding: 'plain' })).toEqual(wanted);
  });

  it('is not amplified when it is flat', () => {
    expect(() => encoded(wide(scene.map((k) => 29_315 + (k % 3))), same)).toThrow(
      'largest contrast is 0.00 %, expected at least 2 %: nothing to see',
    );
  });

  it('changes little when the picture changes little', () => {
    const before = encoded(wide(scene.map((k) => 29_315 + 100 * k)), { ...same, encoding: 'plain' });
    const after = encoded(wide(scene.map((k) => 29_325 + 100 * k + (k % 5))), { ...same, encoding: 'plain' });
    near(after, before, 1);
  });

  it('keeps its levels when black and white are given', () => {
    const fixed = { ...same, encoding: 'plain', levels: { black: 27_315, white: 31_315 } } as const;
    expect(encoded(wide(scene.map(() => 29_315)), fixed)).toEqual(scene.map(() => 128));
    const [cold, hot] = [1000, 60_000];
    const mixed = encoded(wide(scene.map((k) => (k === 0 ? cold : k === 23 ? hot : 29_315))), fixed);
    expect(mixed).toEqual(scene.map((k) => (k === 0 ? 0 : k === 23 ? 255 : 128)));
  });

  it('has its levels from a text of two numbers', () => {
    expect(readLevels('27315 31315')).toEqual({ black: 27_315, white: 31_315 });
    expect(readLevels(' -1.5, 2e3 ')).toEqual({ black: -1.5, white: 2000 });
    expect(readLevels('')).toBeUndefined();
  });

  it.each(['5', '5 4', '5 5', '0 1 2', 'a b', '0 1e7', '0 NaN', '0..5'])('refuses the levels "%s"', (text) => {
    const expected =
      'expected black and white as two numbers of -1000000..1000000, the second greater, such as 27315 31315';
    expect(() => readLevels(text)).toThrow(`levels are "${text}", ${expected}`);
  });

  const thermal = wide(
    scene.map((k) => 29_315 + 100 * k),
    '16UC1',
  );

  it('is depth as 16UC1, and otherwise reports what to do', () => {
    expect(() => encoded(thermal, same)).toThrow(
      'no depth is within max_depth, 10 m: if these images are not depth, set max_depth to 0',
    );
    const near16 = wide(
      scene.map((k) => 1000 + k),
      '16UC1',
    );
    expect(() => encoded(near16, same)).toThrow(/nothing to see$/);
  });

  it('is light as 16UC1 when max_depth is 0', () => {
    expect(encoded(thermal, { ...same, maxDepth: 0 })).toEqual(encoded({ ...thermal, encoding: 'mono16' }, same));
  });

  it('may be floating point when max_depth is 0; NaN is black', () => {
    const data = new Uint8Array(Float32Array.from(scene, (k) => (k === 3 ? NaN : 293 + k)).buffer);
    const frame = { ...wide([]), encoding: '32FC1', step: 24, data };
    const wanted = scene.map((k) => (k === 3 ? 0 : Math.floor((255 * k) / 23 + 0.5)));
    expect(encoded(frame, { ...same, encoding: 'plain', maxDepth: 0 })).toEqual(wanted);
    const nothing = { ...frame, data: new Uint8Array(new Float32Array(24).fill(NaN).buffer) };
    expect(encoded(nothing, { ...same, encoding: 'plain', maxDepth: 0 })).toEqual(scene.map(() => 0));
  });
});

it('refuses a Bayer pattern without a whole block', () => {
  const frame = { width: 1, height: 4, encoding: 'bayer_rggb8', bigEndian: false, step: 1, data: new Uint8Array(4) };
  expect(() => encoded(frame)).toThrow('bayer_rggb8 is 1×4 pixels, expected at least 2×2');
});
