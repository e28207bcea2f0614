import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import { columnOf, polarityOf, rowOf } from '../../../src/sensing/events/event-batch.js';
import type { ParameterValue } from '../../../src/base/parameters.js';
import type { Dataset } from '../../src/datasets/dataset.js';
import { loadChoice } from '../../src/datasets/dataset-ref.js';
import type { EventClip } from '../../src/datasets/events/event-clip.js';
import { holdOut } from '../../src/datasets/hold-out.js';
import { SimulatedEventCamera } from '../../src/datasets/events/simulated-event-camera.js';
import { orderOf, firstSamples } from '../../src/training/sample-stream.js';
import { bars } from '../training/bars.js';
import { datasetFolder } from '../training/dataset-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-events-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A recording in the format of N-MNIST. */
const nMnist = ({ address, time }: EventClip): Uint8Array =>
  Uint8Array.from(
    [...address].flatMap((each, k) => {
      const t = time[k];
      return [columnOf(each), rowOf(each), (polarityOf(each) << 7) | (t >> 16), (t >> 8) & 0xff, t & 0xff];
    }),
  );

function write(name: string, clip: EventClip): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, nMnist(clip));
  return path;
}

const load = (values: Record<string, ParameterValue> = {}, name = folder): Promise<Dataset> =>
  loadChoice({
    name,
    events: {
      sensors: {
        use: [{ name: 'events', values: { window: 0.1, hop: 0.05, ...values } }],
        sync: { slop: 0.05, policy: 'wait', queue: 8 },
      },
    },
  });

/** A picture of 28 × 28 pixels with a vertical or horizontal bar. */
const picture = (k: number): Uint8Array =>
  Uint8Array.from({ length: 784 }, (_, at) => {
    const across = k % 2 === 0 ? at % 28 : Math.floor(at / 28);
    return Math.abs(across - 14) < 3 ? 200 : 0;
  });
const camera = new SimulatedEventCamera(28, 28, 1);
const seen = (k: number): EventClip => camera.see(picture(k));
/** A recording up to a time [µs]. */
const until = ({ address, time, ...size }: EventClip, end: number): EventClip => {
  const count = time.findIndex((t) => t >= end);
  return { ...size, address: address.subarray(0, count), time: time.subarray(0, count) };
};

function recordings(): void {
  for (const part of ['Train', 'Test']) {
    for (let k = 0; k < 6; k++) write(`${part}/${k % 2}/${String(k)}.bin`, seen(k));
  }
}

describe('recordings of an event camera as a data set', () => {
  it('have a sample for each window, and mark the end of each recording', async () => {
    recordings();
    const { classNames, rows, columns, intensities, train, test } = await load();
    expect(classNames).toEqual(['0', '1']);
    expect([rows, columns]).toEqual([1, 784]);
    expect(intensities?.sensors?.[0]).toMatchObject({ name: 'events', encoding: 'edges', inputs: 784 });
    expect([train.count, test.count]).toEqual([30, 30]);
    expect([...(train.ends ?? [])].slice(0, 10)).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    expect([...train.labels].slice(0, 10)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect(intensities?.work?.frontEndAdditions).toBeGreaterThan(1000);
    const windows = Array.from({ length: 5 }, (_, k) => train.images.slice(784 * k, 784 * (k + 1)).join());
    expect(new Set(windows).size).toBe(5);
    expect(windows.every((each) => /[1-9]/.test(each))).toBe(true);
  });

  it('equal pictures that a simulated camera sees directly', async () => {
    const pictures = Uint8Array.from(Array.from({ length: 6 }, (_, k) => [...picture(k)]).flat());
    const split = { count: 6, images: pictures, labels: Uint8Array.of(0, 1, 0, 1, 0, 1) };
    const drawn = datasetFolder({ ...bars(6, 6), rows: 28, columns: 28, train: split, test: split });
    recordings();
    const [simulated, recorded] = [await load({}, drawn), await load()];
    expect(simulated.name).toContain('simulated');
    expect(simulated.train).toEqual(recorded.train);
    expect(simulated.test).toEqual(recorded.test);
    rmSync(drawn, { recursive: true });
  });

  it('are learned one window of each recording at a time, and split by whole recordings', async () => {
    recordings();
    for (let k = 0; k < 3; k++) write(`Train/1/short-${k}.bin`, until(seen(1), 205_000));
    const { train, ...rest } = await load();
    const order = orderOf({ ...rest, train, test: train }, new Random(1));
    const starts = [...train.labels.keys()].filter((k) => k === 0 || train.ends?.[k - 1] === 1);
    expect(starts).toHaveLength(9);
    const recordingOf = (sample: number): number => starts.findLastIndex((each) => each <= sample);
    const rounds = Array.from({ length: 5 }, () => Array.from({ length: 9 }, () => order.next().value));
    for (const round of rounds) expect(new Set(round.map(recordingOf)).size).toBe(9);
    expect(new Set(rounds.flat()).size).toBe(train.count);
    expect(firstSamples(train, 2)).toBe(starts[2]);
    expect(firstSamples(train, 100)).toBe(train.count);
    // No recording is in both the training and the test part.
    const held = holdOut({ ...rest, train, test: train });
    expect(held.train.ends?.at(-1)).toBe(1);
    expect(held.train.count + held.test.count).toBe(train.count);
  });

  it('are refused by name if one is damaged, too short or no recording, when its part is read', async () => {
    recordings();
    const short = write('Test/0/short.bin', until(seen(0), 60_000));
    const set = await load();
    expect(set.train.count).toBe(30);
    expect(() => set.test).toThrow(`${short} is too short, expected events for a window of 0.1 s`);
    writeFileSync(short, Buffer.alloc(7));
    const again = await load();
    expect(() => again.test).toThrow(`${short} is damaged: it ends within an event at byte 5`);
    writeFileSync(join(folder, 'Test/0/readme.txt'), '');
    await expect(load()).rejects.toThrow('readme.txt is no recording of events, expected *.bin of N-MNIST or *.aedat4');
    rmSync(join(folder, 'Test'), { recursive: true });
    await expect(load()).rejects.toThrow('has no part test, expected Train/CLASS/*.bin and Test/CLASS/*.bin');
  });
});
