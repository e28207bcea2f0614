import { copyFileSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toStamp } from '../../../src/base/time.js';
import { Random } from '../../../src/base/random.js';
import { Replay } from '../../../src/cli/replay-run.js';
import { holdOut } from '../../src/datasets/hold-out.js';
import { BagReader } from '../../../src/bag/bag-reader.js';
import { bagTopics } from '../../../src/bag/bag-topics.js';
import { BagWriter } from '../../../src/bag/bag-writer.js';
import { agentSettings } from '../../../src/node/settings-of-parameters.js';
import { offlineParameters } from '../../../src/node/offline-parameters.js';
import { parameterTable } from '../../../src/node/parameter-table.js';
import { loadBag, type BagReading } from '../../src/datasets/bag-dataset.js';
import { checkJob } from '../../src/jobs/check-job.js';
import { loadChoice, refOf } from '../../src/datasets/dataset-ref.js';
import { executeJob } from '../../src/jobs/execute-job.js';
import type { TrainJob } from '../../src/jobs/jobs.js';
import { runJobs } from '../../src/jobs/run-jobs.js';
import { orderOf } from '../../src/training/sample-stream.js';
import { trainRun } from '../../src/training/train-run.js';
import { withoutTimes } from '../../src/jobs/without-times.js';
import { leanPoint } from '../../../src/timestep/policy/lean-policy.js';
import { placeRun } from '../../src/world/place-run.js';
import { writeWorldBag } from '../../src/world/world-bag.js';
import { sensorKind } from 'topspark/sensing/sensor-kinds.js';

const folder = mkdtempSync(join(tmpdir(), 'topspark-bag-'));
const drive = join(folder, 'drive.mcap');
const named = join(folder, 'named.mcap');
const world = { seed: 1, duration: 60, rate: 10, labels: 1 };
const nothing = (): void => undefined;

beforeAll(async () => {
  await writeWorldBag(drive, world, nothing);
  await writeWorldBag(named, { ...world, labels: 0.2 }, nothing);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function reading(sensors: readonly string[], ...remappings: string[]): BagReading {
  const sync = { slop: 0.05, policy: 'wait', queue: 10 } as const;
  const topics = Object.fromEntries(bagTopics(sensors.map(sensorKind), '/', remappings));
  return { sensors: { use: sensors.map((name) => ({ name })), sync }, topics };
}
const scan = reading(['scan']);

describe('loadBag', () => {
  it('trains in the order of the recording to the weights that the robot learned, bit for bit', async () => {
    const dataset = await loadBag(drive, scan);
    expect([dataset.train.count, dataset.test.count]).toEqual([500, 100]);
    const options = { neurons: 400, point: leanPoint(400), samples: 500, testSamples: 100, labels: 1, seed: 9 };
    const { classifier } = trainRun(dataset, { ...options, image: 'contrast' }, nothing);
    const driven = placeRun({ ...world, duration: 50, neurons: 400, point: leanPoint(400) }, nothing);
    const learned = classifier.snapshot().tensors;
    for (const name of ['network.weights', 'network.theta', 'network.owner']) {
      expect(learned[name]).toEqual(driven.snapshot.tensors[name]);
    }
  });

  it('starts again after the last sample', async () => {
    const dataset = await loadBag(named, scan);
    const order = orderOf(dataset, new Random(1));
    const heard = Array.from({ length: dataset.train.count + 2 }, () => order.next().value);
    expect(heard).toEqual([...Array(dataset.train.count).keys(), 0, 1]);
  });

  it('returns only the samples that have a label', async () => {
    const { train, test, classNames } = await loadBag(named, scan);
    const samples = train.count + test.count;
    expect(samples).toBeGreaterThan(80);
    expect(samples).toBeLessThan(160);
    expect(test.count).toBe(Math.floor(samples / 6));
    expect(Math.max(...train.labels, ...test.labels)).toBe(classNames.length - 1);
  });

  it('keeps order and intensities when a part is held out', async () => {
    const dataset = await loadBag(named, scan);
    const held = holdOut(dataset);
    expect(held).toMatchObject({ inOrder: true, intensities: dataset.intensities });
    expect([...held.train.images, ...held.test.images]).toEqual([...dataset.train.images]);
  });

  it('gives the same results in a job in threads', async () => {
    const choice = { name: named, bag: scan };
    const dataset = await loadChoice(choice);
    const options = { neurons: 20, point: leanPoint(20), samples: 100, testSamples: 20, labels: 1, seed: 1 };
    const job: TrainJob = {
      ...{ kind: 'train', dataset: refOf(choice, dataset), heldOut: true, fields: 4 },
      options: { ...options, image: 'contrast' },
    };
    expect(checkJob(JSON.parse(JSON.stringify(job)))).toEqual(job);
    const [found] = await runJobs([job], { workers: 1 });
    expect(withoutTimes(found)).toEqual(withoutTimes(executeJob(job, dataset, nothing)));
    expect(found.fields).toMatchObject({ rows: dataset.rows, columns: dataset.columns, channels: 1 });
  });
});

describe('labels of a bag', () => {
  const vectors = { sensors: ['features'], set: ['features.size:=16'] };
  const stamped = (time: bigint) => ({ stamp: toStamp(time), frame_id: '' });
  const at = (k: number): bigint => 1_000_000_000n + BigInt(k) * 33_333_333n;

  /** A bag of a hundred vectors. Each label is logged before its vector, with a stamp that is off by `off` [ns]. */
  async function early(off: bigint): Promise<string> {
    const path = join(folder, `early-${off}.mcap`);
    const bag = await BagWriter.create(path);
    for (let k = 0; k < 100; k++) {
      const label = { header: stamped(at(k) + off), label: `class ${k % 4}` };
      await bag.write('/label', 'topspark_msgs/msg/Label', at(k), label);
      const values = Float32Array.from({ length: 16 }, (_, i) => (i % 4 === k % 4 ? 0.9 : ((i * k) % 5) / 20));
      await bag.write('/features', 'topspark_msgs/msg/Features', at(k), { header: stamped(at(k)), values });
    }
    await bag.close();
    return path;
  }

  it.each([0n, 400_000n, -400_000n, 2_000_000n])(
    'logged before their samples are used by a replay as by a training, with stamps %s ns off',
    async (off) => {
      const path = await early(off);
      const taken = off < 1_000_000n ? 100 : 0;
      const settings = agentSettings(
        offlineParameters({ set: ['sensors:=[features]', ...vectors.set] }, '/topspark', parameterTable),
      );
      const topics = bagTopics(vectors.sensors.map(sensorKind), '/', []);
      const bag = await BagReader.open(path);
      const replay = new Replay({ settings, topics, mode: 'FULL', rate: 0 });
      const result = await replay.run(bag, undefined, nothing);
      bag.close();
      const waiting = taken === 100 ? 0 : 100;
      expect(result).toMatchObject({ decisions: 100, labelled: taken, labelsWaiting: waiting, refused: 0 });
      const reading = { sensors: settings.sensors, topics: Object.fromEntries(topics) };
      if (taken === 0)
        await expect(loadBag(path, reading)).rejects.toThrow('has 0 samples with a label, of 100 labels');
      else {
        const { train, test } = await loadBag(path, reading);
        expect([...train.labels, ...test.labels]).toEqual(Array.from({ length: 100 }, (_, k) => k % 4));
      }
      expect((await loadBag(path, { ...reading, labelSlop: 0.002 })).train.count).toBe(84);
    },
  );
});

describe('inputs of a bag', () => {
  it('correct earlier labels, and an empty correction withdraws one', async () => {
    const path = join(folder, 'corrected.mcap');
    const bag = await BagWriter.create(path);
    const at = (k: number): bigint => 1_000_000_000n + BigInt(k) * 33_333_333n;
    const header = (k: number) => ({ stamp: toStamp(at(k)), frame_id: '' });
    for (let k = 0; k < 200; k++) {
      const values = Float32Array.from({ length: 16 }, (_, i) => (i % 4 === k % 4 ? 0.8 : 0.1));
      await bag.write('/features', 'topspark_msgs/msg/Features', at(k), { header: header(k), values });
      const say = (label: string, kind: number) =>
        bag.write('/label', 'topspark_msgs/msg/Label', at(k) + 1n, { header: header(k), label, kind });
      await say('a', 0);
      if (k % 2 === 1) await say('b', 2);
      if (k % 5 === 4) await say('', 2);
    }
    await bag.close();
    const set = ['sensors:=[features]', 'features.size:=16'];
    const settings = agentSettings(offlineParameters({ set }, '/topspark', parameterTable));
    const topics = Object.fromEntries(bagTopics([sensorKind('features')], '/', []));
    const { train, test, classNames } = await loadBag(path, { sensors: settings.sensors, topics });
    expect(train.count + test.count).toBe(160);
    expect(classNames).toEqual(['a', 'b']);
  });

  it('are refused under the same causes as in a replay, each with a sentence', async () => {
    const path = join(folder, 'refused.mcap');
    const bag = await BagWriter.create(path);
    const at = (k: number): bigint => 1_000_000_000n + BigInt(k) * 33_333_333n;
    const header = (k: number) => ({ stamp: toStamp(at(k)), frame_id: '' });
    const noStamp = { stamp: { sec: 2, nanosec: 1_000_000_000 }, frame_id: '' };
    for (let k = 0; k < 300; k++) {
      // Every tenth has another size, every eleventh is all zeros.
      const values = Float32Array.from({ length: k % 10 === 3 ? 3 : 16 }, (_, i) => (k % 11 === 0 ? 0 : i / 16));
      const vector = { header: k === 50 ? noStamp : header(k), values };
      await bag.write('/features', 'topspark_msgs/msg/Features', at(k), vector);
      if (k > 200) continue;
      const label = { header: k === 51 ? noStamp : header(k), label: k === 20 ? '' : `class ${k % 4}` };
      await bag.write('/label', 'topspark_msgs/msg/Label', at(k) + 1n, label);
      if (k === 21) await bag.write('/label', 'topspark_msgs/msg/Label', at(k) + 2n, label);
    }
    await bag.close();
    const set = ['sensors:=[features]', 'features.size:=16'];
    const settings = agentSettings(offlineParameters({ set }, '/topspark', parameterTable));
    const topics = bagTopics([sensorKind('features')], '/', []);
    const { refused } = await loadBag(path, { sensors: settings.sensors, topics: Object.fromEntries(topics) });
    const counts = Object.fromEntries([...(refused ?? [])].map(([cause, { count }]) => [cause, count]));
    expect(Object.keys(counts).sort()).toEqual([
      'features_silent',
      'features_size',
      'label_duplicate',
      'label_empty',
      'label_unknown_stamp',
      'stamp_invalid',
    ]);
    expect(counts['stamp_invalid']).toBe(2);
    expect(refused?.get('label_duplicate')?.first).toMatch(/^label "class 1" is the second for the sample of/);
    const reader = await BagReader.open(path);
    const result = await new Replay({ settings, topics, mode: 'FULL', rate: 0 }).run(reader, undefined, nothing);
    reader.close();
    expect(counts).toEqual(result.refusedByCause);
  });
});

describe('loadBag of an unusable bag', () => {
  it('refuses a truncated bag', async () => {
    const cut = join(folder, 'cut.mcap');
    copyFileSync(drive, cut);
    truncateSync(cut, statSync(drive).size >> 1);
    await expect(loadBag(cut, scan)).rejects.toThrow(/cut.mcap has no end: it was cut off.*; expected a whole bag/);
  });

  it.each([
    [
      'without the sensor',
      reading(['image']),
      '/scan (sensor_msgs/msg/LaserScan), expected /image (sensor_msgs/msg/Image)',
    ],
    ['without labels', reading(['scan'], 'label:=/named'), 'has no label on /named, expected topspark_msgs/msg/Label'],
    ['with another type', reading(['scan'], 'scan:=/odom'), '/odom has messages of nav_msgs/msg/Odometry, expected'],
  ])('refuses a bag %s', async (_, how, sentence) => {
    await expect(loadBag(drive, how)).rejects.toThrow(sentence);
  });

  it('refuses a bag with too few labelled samples to split', async () => {
    const short = join(folder, 'short.mcap');
    await writeWorldBag(short, { ...world, duration: 1 }, nothing);
    await expect(loadBag(short, scan)).rejects.toThrow(
      'has 10 samples with a label, of 10 labels, expected at least 12',
    );
  });

  it('refuses an empty bag', async () => {
    const empty = join(folder, 'empty.mcap');
    await (await BagWriter.create(empty)).close();
    await expect(loadBag(empty, scan)).rejects.toThrow('has no message that can be read: nothing was recorded');
  });
});
