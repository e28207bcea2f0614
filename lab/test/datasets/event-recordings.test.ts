import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCodecs } from '../../../src/bag/codecs.js';
import { columnOf, polarityOf, rowOf } from '../../../src/sensing/events/event-batch.js';
import type { EventClip } from '../../src/datasets/events/event-clip.js';
import { readAedat4 } from '../../src/datasets/events/aedat4-file.js';
import { readNMnist } from '../../src/datasets/events/n-mnist-file.js';

const codecs = await loadCodecs();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-recordings-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a file, and returns its path. */
function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

/** Time, x, y and polarity of each event. */
const eventsOf = ({ address, time }: EventClip): number[][] =>
  [...time].map((t, k) => [t, columnOf(address[k]), rowOf(address[k]), polarityOf(address[k])]);

describe('readNMnist', () => {
  const bytes = (...events: readonly (readonly [x: number, y: number, on: number, t: number])[]): Uint8Array =>
    Uint8Array.from(events.flatMap(([x, y, on, t]) => [x, y, (on << 7) | (t >> 16), (t >> 8) & 0xff, t & 0xff]));

  it('reads events of 40 bits, and time overflow marks', () => {
    const path = write('1.bin', bytes([3, 33, 1, 70_000], [0, 240, 0, 0], [33, 0, 0, 70_001]));
    expect(readNMnist(path)).toMatchObject({ width: 34, height: 34 });
    expect(eventsOf(readNMnist(path))).toEqual([
      [70_000, 3, 33, 1],
      [78_193, 33, 0, 0],
    ]);
  });

  it('sorts events by time', () => {
    const path = write('1.bin', bytes([1, 1, 1, 9], [2, 2, 0, 5], [3, 3, 1, 9]));
    expect(eventsOf(readNMnist(path)).map(([t, x]) => [t, x])).toEqual([
      [5, 2],
      [9, 1],
      [9, 3],
    ]);
  });

  it('refuses a damaged file in one sentence with file and byte', () => {
    const cut = write('cut.bin', bytes([1, 1, 1, 9], [2, 2, 0, 5]).subarray(0, 8));
    expect(() => readNMnist(cut)).toThrow(
      `${cut} is damaged: it ends within an event at byte 5, expected whole events`,
    );
    const wide = write('wide.bin', bytes([1, 1, 1, 9], [34, 2, 0, 5]));
    expect(() => readNMnist(wide)).toThrow(
      `${wide} is damaged: the event at byte 5 happened at x = 34, y = 2, expected 0..33, as in N-MNIST`,
    );
    expect(() => readNMnist(folder)).toThrow(`${folder} cannot be read: ${folder} is a folder, expected a file`);
  });
});

describe('readAedat4', () => {
  // Written by PyPI's dv-processing 2.0.4. The table is what PyPI's aedat 2.3.0 reads from it.
  const recording = (name: string): string => join(import.meta.dirname, 'recordings', name);
  const expected = readFileSync(recording('events.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));

  it.each(['none', 'lz4', 'zstd'])('reads the same events as other readers, with compression %s', (way) => {
    const clip = readAedat4(recording(`${way}.aedat4`), codecs);
    expect(clip).toMatchObject({ width: 40, height: 30 });
    expect(eventsOf(clip)).toEqual(expected);
  });

  it.each(['none', 'lz4', 'zstd'])('reads or refuses a truncated file, with file and byte, compression %s', (way) => {
    const whole = readFileSync(recording(`${way}.aedat4`));
    const table = whole.readInt32LE(18 + whole.readInt32LE(14) + 4) + 26 + whole.readInt32LE(14);
    for (let length = 0; length < whole.length; length += 7) {
      const path = write('cut.aedat4', whole.subarray(0, length));
      let clip: EventClip | undefined;
      try {
        clip = readAedat4(path, codecs);
      } catch (error) {
        expect(String(error)).toMatch(/cut\.aedat4 is damaged: .* at byte \d+.*, expected /);
      }
      // A cut between packets only loses the packets after it.
      if (clip) expect(eventsOf(clip)).toEqual(expected.slice(0, clip.time.length));
      if (clip && length < table) expect(clip.time).toHaveLength(0);
    }
  });

  it.each(['none', 'lz4', 'zstd'])('reads or refuses a file with any inverted byte, compression %s', (way) => {
    const whole = readFileSync(recording(`${way}.aedat4`));
    for (let at = 0; at < whole.length; at++) {
      const path = write(
        'bent.aedat4',
        Uint8Array.from(whole, (byte, k) => (k === at ? byte ^ 0xff : byte)),
      );
      try {
        const { address, time } = readAedat4(path, codecs);
        expect(time.length).toBe(address.length);
      } catch (error) {
        expect(String(error)).toMatch(/bent\.aedat4 is damaged: /);
      }
    }
  });
});
