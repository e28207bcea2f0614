import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BagReader } from 'topspark/bag/bag-reader.js';
import { BagWriter } from 'topspark/bag/bag-writer.js';
import { MessageDecoder } from 'topspark/bag/message-decoder.js';
import type { EvaluateResult } from '../../src/training/evaluate-run.js';
import type { ProfileResult } from '../../src/profile/profile-result.js';
import type { TrainResult } from '../../src/training/train-result.js';
import { writeWorldBag } from '../../src/world/world-bag.js';
import { topspark } from '../training/topspark.js';

const folder = mkdtempSync(join(tmpdir(), 'topspark-bag-'));
const drive = join(folder, 'drive.mcap');
beforeAll(async () => {
  await writeWorldBag(drive, { seed: 1, duration: 60, rate: 10, labels: 1 }, () => undefined);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const scan = ['--dataset', drive, '-p', 'sensors:=[scan]'];
const sizes = ['--neurons', '20', '--samples', '500'];

describe('a bag with --dataset', { timeout: 60_000 }, () => {
  it('trains a network, and tests a stored network', async () => {
    const checkpoint = join(folder, 'places.safetensors');
    const trained = await topspark(['train', ...scan, ...sizes, '--checkpoint', checkpoint, '--json']);
    expect(trained).toMatchObject({ code: 0, err: '' });
    const result = JSON.parse(trained.out) as TrainResult;
    expect(result).toMatchObject({ samples: 500, testSamples: 100, refused: 0, refusedByCause: {} });
    const { code, out } = await topspark(['evaluate', ...scan, '--checkpoint', checkpoint, '--keep', '10', '--json']);
    expect(code).toBe(0);
    expect((JSON.parse(out) as EvaluateResult).accuracy).toBe(result.accuracy);
  });

  it('has two lasers, of which each is read as its parameters say, on a robot as in training', async () => {
    const both = join(folder, 'lasers.mcap');
    const [bag, writer] = [await BagReader.open(drive), await BagWriter.create(both)];
    const decoder = new MessageDecoder();
    for (const message of bag.messages()) {
      const { topic, type } = message.channel;
      const fields = decoder.decode(message) as { ranges: Float32Array };
      await writer.write(topic, type, message.logTime, fields);
      if (topic !== '/scan') continue;
      await writer.write('/rear/scan', type, message.logTime, { ...fields, ranges: fields.ranges.toReversed() });
    }
    bag.close();
    await writer.close();
    const checkpoint = join(folder, 'lasers.safetensors');
    const lasers = [
      '-p',
      'sensors:=[scan, scan_rear]',
      '-p',
      'scan_rear.topic:=rear/scan',
      '-p',
      'scan_rear.sectors:=18',
    ];
    const data = ['--dataset', both, ...lasers];
    const trained = await topspark(['train', ...data, ...sizes, '--checkpoint', checkpoint, '--json']);
    expect(trained).toMatchObject({ code: 0, err: '' });
    const { accuracy } = JSON.parse(trained.out) as TrainResult;
    const evaluated = await topspark(['evaluate', ...data, '--checkpoint', checkpoint, '--json']);
    expect(evaluated).toMatchObject({ code: 0, err: '' });
    expect((JSON.parse(evaluated.out) as EvaluateResult).accuracy).toBe(accuracy);
    const other = await topspark(['evaluate', ...data, '-p', 'scan_rear.sectors:=36', '--checkpoint', checkpoint]);
    expect(other.code).toBe(3);
    expect(other.err).toContain('scan_rear.sectors was 18 when this checkpoint was learned and is 36 here');
    const robot = ['-p', 'network.neurons:=20', '-p', 'network.classes:=4', '--start', checkpoint, '--json'];
    const replayed = await topspark(['replay', both, ...lasers.slice(0, 4), ...robot]);
    expect(replayed).toMatchObject({ code: 0 });
    expect(JSON.parse(replayed.out)).toMatchObject({ decisions: 600 });
    const profiled = await topspark([
      'profile',
      '--quick',
      ...data,
      ...sizes,
      '--output',
      join(folder, 'two.json'),
      '--json',
    ]);
    expect(profiled.code).toBe(0);
    const { dataset } = JSON.parse(profiled.out) as ProfileResult;
    expect(dataset.sensors).toMatchObject([{ name: 'scan' }, { name: 'scan_rear', parameters: { sectors: 18 } }]);
  });

  it('is profiled, in threads, with its topics and names as the node would be told', async () => {
    const output = ['--output', join(folder, 'p.json'), '--report', join(folder, 'p.html')];
    const robot = ['--namespace', '/robot1', '-r', 'scan:=/scan', '-r', 'label:=/label'];
    const ways = ['-p', 'scan.encoding:=change'];
    const { code, out, err } = await topspark([
      'profile',
      '--quick',
      ...scan,
      ...ways,
      ...robot,
      ...sizes,
      ...output,
      '--json',
    ]);
    expect(code).toBe(0);
    expect(err.trim().split('\n')).toEqual([
      expect.stringContaining('drive.mcap: refused 1: scan_still; the first: largest change of scan is'),
      expect.stringContaining('drive.mcap: refused 1: label_unknown_stamp; the first: label "'),
    ]);
    const { dataset } = JSON.parse(out) as ProfileResult;
    // Of 600 scans the first shows no change.
    expect(dataset).toMatchObject({ name: 'drive.mcap', train: 417, validation: 83, test: 99 });
    expect(dataset.classNames).toContain('corridor');
    expect(dataset.sensors).toMatchObject([{ name: 'scan', encoding: 'change', parameters: { near: 0 } }]);
    expect(readFileSync(join(folder, 'p.html'), 'utf8')).toMatch(
      /500 samples of \d+ intensities \(scan: change\), 100/,
    );
  });

  it('refuses an unusable bag with a sentence and exit code 3', async () => {
    const cut = join(folder, 'cut.mcap');
    copyFileSync(drive, cut);
    truncateSync(cut, 100_000);
    const faults: [string[], string][] = [
      [['--dataset', cut, '-p', 'sensors:=[scan]'], 'cut.mcap has no end: it was cut off'],
      [['--dataset', drive], 'expected /image (sensor_msgs/msg/Image)'],
      [[...scan, '-r', 'label:=/named'], 'has no label on /named'],
      [['--dataset', join(folder, 'none.mcap')], 'the bag cannot be read'],
    ];
    for (const [args, sentence] of faults) {
      const { code, err } = await topspark(['train', ...args]);
      expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining(sentence) as unknown });
      expect(err.trim().split('\n')).toHaveLength(1);
    }
  });

  it('refuses --image, and names the parameter for the encoding', async () => {
    const { code, err } = await topspark(['train', ...scan, '--image', 'plain']);
    expect(code).toBe(2);
    expect(err).toContain(
      '--image is plain with drive.mcap, whose samples are intensities already, expected the parameter',
    );
  });

  it('names the parameters without effect, as does a replay', async () => {
    const file = join(folder, 'robot.yaml');
    const parameters = '{sensors: [scan], network: {neurons: 100, classes: 64}, checkpoint: {interval: 5.0}}';
    writeFileSync(file, `/**: {ros__parameters: ${parameters}}`);
    const trained = await topspark(['train', '--dataset', drive, '--params-file', file, ...sizes]);
    expect(trained).toMatchObject({
      code: 0,
      err: 'note: parameters without effect in reading a bag as a data set are ignored: network.neurons, checkpoint.interval\n',
    });
    const replayed = await topspark(['replay', drive, '--params-file', file, '-p', 'energy_mode.forced:=AUTO']);
    expect(replayed).toMatchObject({
      code: 0,
      err: 'note: parameters without effect in a replay are ignored: checkpoint.interval, energy_mode.forced\n',
    });
  });

  it('refuses parameters and topics without a bag', async () => {
    const { code, err } = await topspark(['train', '-p', 'sensors:=[scan]']);
    expect(code).toBe(2);
    expect(err).toContain('--param, --remap or --namespace is given with --dataset mnist, expected a bag');
  });
});
