import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { topspark_msgs } from 'rclnodejs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSnapshot } from '../../src/checkpoint/safetensors.js';
import { BagReader } from '../../src/bag/bag-reader.js';
import { BagWriter } from '../../src/bag/bag-writer.js';
import { MessageDecoder } from '../../src/bag/message-decoder.js';
import type { BagList } from '../../src/cli/replay-list.js';
import type { ReplayResult } from '../../src/cli/replay-run.js';
import { PlaceFilter } from '../../src/agent/place.js';
import { toNanoseconds } from '../../src/base/time.js';
import { leanPoint } from '../../src/timestep/policy/lean-policy.js';
import { topspark, type Ended } from '../../lab/test/training/topspark.js';
import { placeRun } from '../../lab/src/world/place-run.js';
import { writeWorldBag } from '../../lab/src/world/world-bag.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'topspark-replay-'));
const drive = join(folder, 'drive.mcap');
const world = { seed: 1, duration: 60, rate: 10, labels: 0.1 };
// BALANCED is the point at which an in-memory drive is learned.
const scan = ['-p', 'sensors:=[scan]', '--mode', 'BALANCED'];

beforeAll(async () => {
  await writeWorldBag(drive, world, () => undefined);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const replay = (...args: string[]): Promise<Ended> => topspark(['replay', ...args]);

const inMemory = (): string =>
  placeRun({ ...world, neurons: 400, point: leanPoint(400) }, () => undefined).result.weightsHash;

describe('topspark replay', { timeout: 30_000 }, () => {
  it('learns from a bag what it would learn from the drive itself, bit for bit', async () => {
    const { code, out, err } = await replay(drive, ...scan, '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const result = JSON.parse(out) as ReplayResult;
    expect(result).toMatchObject({ decisions: 600, learned: 600, refused: 0, problems: [], weightsHash: inMemory() });
    expect(result.labelled).toBeGreaterThan(30);
    expect(result.messages).toBe(600 + 60 + result.labelled);
    expect(result.duration).toBeCloseTo(59.9, 6);
  });

  it('writes its decisions and questions as a bag, each with the stamp of its scan', async () => {
    const output = join(folder, 'decisions.mcap');
    expect((await replay(drive, ...scan, '--output', output)).code).toBe(0);
    const bag = await BagReader.open(output);
    const all = [...bag.messages()];
    bag.close();
    const messages = all.filter(({ channel }) => channel.topic === '/topspark/decision');
    const places = all.filter(({ channel }) => channel.topic === '/topspark/place');
    const [asked] = all.filter(({ channel }) => channel.type === 'topspark_msgs/msg/Question');
    expect(messages).toHaveLength(600);
    expect(asked).toMatchObject({ channel: { topic: '/topspark/question' }, logTime: messages[0].logTime });
    const { topic, type } = messages[0].channel;
    expect({ topic, type }).toEqual({ topic: '/topspark/decision', type: 'topspark_msgs/msg/Decision' });
    const decoder = new MessageDecoder();
    const first = decoder.decode(messages[0]) as { header: { stamp: { sec: number; nanosec: number } } };
    expect(BigInt(first.header.stamp.sec) * 1_000_000_000n + BigInt(first.header.stamp.nanosec)).toBe(
      messages[0].logTime,
    );
    expect(decoder.decode(messages[599])).toMatchObject({ timesteps: 35, learned: true });
    // The places are those that any listener would derive from its decisions.
    const filter = new PlaceFilter(1);
    const expected = messages.flatMap((each) => {
      const { header, label, confidence } = decoder.decode(each) as topspark_msgs.msg.Decision;
      return filter.hear({ stamp: toNanoseconds(header.stamp), frameId: header.frame_id, label, confidence }) ?? [];
    });
    expect(expected.length).toBeGreaterThan(3);
    const published = places.map((each) => decoder.decode(each) as topspark_msgs.msg.Place);
    expect(published.map(({ label, since }) => [label, toNanoseconds(since)])).toEqual(
      expected.map(({ label, since }) => [label, since]),
    );
  });

  it('uses the modes of its policy, of a file, or of old parameter names, which it reports', async () => {
    const output = join(folder, 'timed.mcap');
    const modes = join(folder, 'modes.yaml');
    writeFileSync(modes, 'saver: {timesteps: 17}');
    const timed = ['-p', 'sensors:=[scan]', '-p', 'network.policy:=rate', '-p', 'network.neurons:=10'];
    const timesteps = async (...args: string[]): Promise<[timesteps: number, err: string]> => {
      const { err } = await replay(drive, ...timed, '--output', output, ...args);
      const bag = await BagReader.open(output);
      const [first] = [...bag.messages()];
      bag.close();
      return [(new MessageDecoder().decode(first) as { timesteps: number }).timesteps, err];
    };
    expect(await timesteps('--mode', 'BALANCED')).toEqual([100, '']);
    expect(await timesteps('--mode', 'SAVER', '-p', `modes.file:=${modes}`)).toEqual([17, '']);
    expect(await timesteps('--mode', 'SAVER', '-p', 'modes.saver.timesteps:=18')).toEqual([
      18,
      'note: modes.saver.timesteps still counts, but stands in the file that modes.file names, as saver.timesteps; see config/modes.yaml\n',
    ]);
    expect(await replay(drive, ...timed, '-p', 'modes.file:=/no/such.yaml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('modes.file /no/such.yaml cannot be read') as string,
    });
  });

  it("accounts for every message of a bag whose recorder's clock was set back, and is repeatable", async () => {
    const jumped = join(folder, 'jumped.mcap');
    const bag = await BagReader.open(drive);
    const writer = await BagWriter.create(jumped);
    const first = [...bag.messages()][0].logTime;
    // In the middle of the drive by 20 s. Stamps continue, as those of a sensor with its own clock do.
    for (const { channel, logTime, data } of bag.messages()) {
      const back = logTime - first > 30_000_000_000n ? 20_000_000_000n : 0n;
      await writer.writeBytes(channel.topic, channel.type, logTime - back, data);
    }
    bag.close();
    await writer.close();
    const { code, out, err } = await replay(jumped, ...scan, '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const result = JSON.parse(out) as ReplayResult;
    const { rate_cap: capped, label_unknown_stamp: unknown } = result.refusedByCause;
    expect(result.decisions + capped).toBe(600);
    expect(result.messages).toBe(600 + 60 + result.labelled + unknown);
    expect(result.refused).toBe(capped + unknown);
    expect((JSON.parse((await replay(jumped, ...scan, '--json')).out) as ReplayResult).weightsHash).toBe(
      result.weightsHash,
    );
  });

  it('continues from a checkpoint', async () => {
    const learned = join(folder, 'learned.safetensors');
    await replay(drive, ...scan, '--checkpoint', learned);
    const { out } = await replay(drive, ...scan, '--start', learned, '--json');
    const { accuracy = 0, weightsHash } = JSON.parse(out) as ReplayResult;
    expect(weightsHash).not.toBe(inMemory());
    expect(accuracy).toBeGreaterThan(0.9);
  });

  it('reads parameters from a file for the node of that name', async () => {
    const file = join(folder, 'my.yaml');
    const blocks = [
      '/**: { ros__parameters: { sensors: [scan], network: { neurons: 30 } } }',
      '/robot1/topspark: { ros__parameters: { energy_mode: { forced: AUTO }, network: { neurons: 20 }, use_sim_time: true } }',
      '/other: { ros__parameters: { network: { neurons: 40 } } }',
    ];
    writeFileSync(file, blocks.join('\n'));
    const remap = ['-r', 'scan:=/scan', '-r', 'label:=/label'];
    const args = ['--namespace', '/robot1', ...remap, '--params-file', file, '--json'];
    const kept = join(folder, 'small.safetensors');
    const { code } = await replay(drive, ...args, '--checkpoint', kept);
    expect(code).toBe(0);
    expect(decodeSnapshot(readFileSync(kept), kept).meta).toMatchObject({ neurons: 20 });
  });

  it('plays at the pace of the bag on request', async () => {
    const begin = performance.now();
    expect((await replay(drive, ...scan, '--rate', '30')).code).toBe(0);
    // 59.9 s at 30 times the speed: it cannot be done before.
    expect(performance.now() - begin).toBeGreaterThan(59_900 / 30);
  });

  it('replays the readable part of a damaged bag, and reports the rest', async () => {
    const cut = join(folder, 'cut.mcap');
    const bytes = readFileSync(drive);
    writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length / 2)));
    const { code, out, err } = await replay(cut, ...scan, '--json');
    const { decisions, problems } = JSON.parse(out) as ReplayResult;
    expect(code).toBe(0);
    expect(problems).toHaveLength(1);
    expect(err).toContain('has no end: it was cut off');
    expect(decisions).toBeGreaterThan(100);
    expect(decisions).toBeLessThan(500);
  });

  it('counts messages of a wrong type and continues', async () => {
    const mixed = join(folder, 'mixed.mcap');
    const bag = await BagWriter.create(mixed);
    const header = { stamp: { sec: 1, nanosec: 0 }, frame_id: '' };
    await bag.write('/scan', 'topspark_msgs/msg/Label', 1n, { header, label: 'no scan' });
    const square = { height: 2, width: 2, encoding: 'mono8', is_bigendian: 0, step: 2 };
    await bag.write('/image', 'sensor_msgs/msg/Image', 2n, { header, ...square, data: Uint8Array.of(0, 9, 200, 7) });
    await bag.close();
    const { out } = await replay(mixed, '-r', 'label:=/scan', '--json');
    expect(JSON.parse(out)).toMatchObject({ decisions: 1, labelled: 1, refusedByCause: {} });
    const { code, err } = await replay(mixed, '-p', 'sensors:=[scan]');
    expect(code).toBe(3);
    expect(err).toContain(
      '/image (sensor_msgs/msg/Image), /scan (topspark_msgs/msg/Label), expected /scan (sensor_msgs/msg/LaserScan)',
    );
    expect(err).toContain('/scan has messages of topspark_msgs/msg/Label, expected sensor_msgs/msg/LaserScan');
  });

  it('handles a driver whose stamps are all 0: a label names the newest sample', async () => {
    const path = join(folder, 'stamps.mcap');
    const bag = await BagWriter.create(path);
    const header = { stamp: { sec: 0, nanosec: 0 }, frame_id: '' };
    const square = { height: 4, width: 4, encoding: 'mono8', is_bigendian: 0, step: 4 };
    for (let k = 0; k < 20; k++) {
      const data = Uint8Array.from({ length: 16 }, (_, at) => ((k % 2 === 0 ? at : 4 * (at % 4)) < 8 ? 250 : 5));
      await bag.write('/image', 'sensor_msgs/msg/Image', BigInt(2 * k), { header, ...square, data });
      await bag.write('/label', 'topspark_msgs/msg/Label', BigInt(2 * k + 1), {
        header,
        label: ['lying', 'upright'][k % 2],
      });
    }
    await bag.close();
    const { out } = await replay(path, '--json');
    expect(JSON.parse(out)).toMatchObject({ decisions: 20, labelled: 20, refused: 0 });
    expect((JSON.parse(out) as ReplayResult).accuracy).toBeGreaterThan(0.8);
  });

  it.each([
    [6.6, 'imu_few', 'window of 1 s holds 7 messages, expected at least 8'],
    [50, undefined, 'no sample was complete: an IMU needs messages of a whole imu.window'],
  ])('ends with a reason and code 3 when no window of an IMU completes, %d Hz', async (hertz, cause, why) => {
    const path = join(folder, `imu-${hertz}.mcap`);
    const bag = await BagWriter.create(path);
    const covariance = new Float64Array(9);
    const covariances = { angular_velocity_covariance: covariance, linear_acceleration_covariance: covariance };
    for (let k = 0; k < 46; k++) {
      const time = Math.round((k * 1e9) / hertz);
      const stamp = { sec: 1 + Math.floor(time / 1e9), nanosec: time % 1e9 };
      const vectors = { linear_acceleration: { x: k % 3, y: 0, z: 9.8 }, angular_velocity: { x: 0, y: 0, z: 0 } };
      const orientation = { x: 0, y: 0, z: 0, w: 1 };
      const whole = { orientation, orientation_covariance: covariance, ...covariances, ...vectors };
      const message = { header: { stamp, frame_id: 'imu' }, ...whole };
      await bag.write('/imu', 'sensor_msgs/msg/Imu', BigInt(1e9 + time), message);
    }
    await bag.close();
    const { code, out, err } = await replay(path, '-p', 'sensors:=[imu]', '--json');
    const result = JSON.parse(out) as ReplayResult;
    expect({ code, decisions: result.decisions }).toEqual({ code: 3, decisions: 0 });
    expect(Object.keys(result.refusedByCause)).toEqual(cause === undefined ? [] : [cause]);
    expect(err).toContain('46 sensor messages were read, but none was decided');
    expect(err).toContain(why);
  });

  it('lists a bag of several files, and replays it by the command that it prints', async () => {
    const foreign = fileURLToPath(new URL('../bag/fixtures', import.meta.url));
    const paths = [join(foreign, 'split-sqlite'), join(foreign, 'split-mcap/split-mcap_1.mcap')];
    const { code, out, err } = await replay('--list', ...paths);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^ {2}\/scan +sensor_msgs\/msg\/LaserScan +14 {2}scan$/m);
    const [, printed] = /^ {2}topspark replay (.*)$/m.exec(out) ?? [];
    expect(printed).toBe(`${paths.join(' ')} -p "sensors:=[scan]"`);
    const { topics } = JSON.parse((await replay('--list', ...paths, '--json')).out) as { topics: object[] };
    expect(topics).toMatchObject([
      { topic: '/label', messages: 14, input: 'label' },
      { topic: '/scan', messages: 14, input: 'scan' },
    ]);
    const result = JSON.parse((await replay(...paths, '-p', 'sensors:=[scan]', '--json')).out) as ReplayResult;
    expect(result).toMatchObject({ messages: 28 });
  });

  it('proposes names for several sensors of a kind, and replays them by the command that it prints', async () => {
    const path = join(folder, 'lasers.mcap');
    const writer = await BagWriter.create(path);
    const turn = {
      angle_min: 0,
      angle_max: 6,
      angle_increment: 0.4,
      time_increment: 0,
      scan_time: 0.1,
      intensities: [],
    };
    for (let k = 0; k < 40; k++) {
      for (const [at, side] of ['front', 'rear'].entries()) {
        const header = { stamp: { sec: k, nanosec: 1_000_000 * at }, frame_id: side };
        const ranges = Array.from({ length: 16 }, (_, beam) => 1 + ((beam * (k % 3) + at) % 8));
        const message = { header, ...turn, range_min: 0.1, range_max: 10, ranges };
        await writer.write(
          `/${side}/scan`,
          'sensor_msgs/msg/LaserScan',
          BigInt(k) * 1_000_000_000n + BigInt(at),
          message,
        );
      }
    }
    await writer.close();
    const listed = JSON.parse((await replay('--list', path, '--json')).out) as BagList;
    expect(listed.topics).toMatchObject([{ input: 'scan' }, { input: 'scan' }]);
    const options = '-p "sensors:=[scan_front, scan_rear]" -r scan_front:=/front/scan -r scan_rear:=/rear/scan';
    expect(listed.together).toMatchObject([{ sensors: [{ name: 'scan_front' }, { name: 'scan_rear' }], options }]);
    expect((await replay('--list', path)).out).toContain(`topspark replay ${path} ${options}\n`);
    const given = ['-p', 'sensors:=[scan_front, scan_rear]', '-r', 'scan_front:=/front/scan'];
    const result = JSON.parse(
      (await replay(path, ...given, '-r', 'scan_rear:=/rear/scan', '--json')).out,
    ) as ReplayResult;
    expect(result).toMatchObject({ messages: 80, decisions: 40, refused: 0 });
    const named = ['-p', 'scan_front.topic:=/front/scan', '-p', 'scan_rear.topic:=/rear/scan'];
    const same = await replay(path, '-p', 'sensors:=[scan_front, scan_rear]', ...named, '--json');
    expect(same.err).toBe('');
    expect(JSON.parse(same.out)).toMatchObject({ weightsHash: result.weightsHash });
    const twice = await replay(path, ...given, '-r', 'scan_rear:=/front/scan');
    expect(twice).toMatchObject({ code: 2 });
    expect(twice.err).toContain('scan_front and scan_rear are both subscribed to /front/scan');
  });

  it('proposes the sensor of the bag when another one was requested', async () => {
    const { code, err } = await replay(drive);
    expect(code).toBe(3);
    expect(err).toContain('expected /image (sensor_msgs/msg/Image); -p "sensors:=[scan]" uses the sensor in the bag');
  });

  it('says where the sensor is in the bag when its topic has another name', async () => {
    const { code, err } = await replay(drive, ...scan, '-r', 'scan:=/front/scan');
    expect(code).toBe(3);
    expect(err).toContain(
      'expected /front/scan (sensor_msgs/msg/LaserScan); --remap scan:=/scan says where a sensor is',
    );
  });

  it('learns the same weights at full speed and at the pace of the bag', async () => {
    const cut = join(folder, 'start.mcap');
    const bytes = readFileSync(drive);
    writeFileSync(cut, bytes.subarray(0, Math.floor(bytes.length / 2)));
    const hashes = await Promise.all(
      ['0', '60'].map(async (rate) => {
        const { out } = await replay(cut, ...scan, '--rate', rate, '--json');
        return (JSON.parse(out) as ReplayResult).weightsHash;
      }),
    );
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[1]).toBe(hashes[0]);
  });

  it.each(['--output', '--checkpoint'])('does not overwrite the bag, %s', async (option) => {
    const copy = join(folder, 'copy.mcap');
    copyFileSync(drive, copy);
    const { code, err } = await replay(copy, ...scan, option, copy);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('the bag itself') as string });
    expect(readFileSync(copy).equals(readFileSync(drive))).toBe(true);
  });
});

describe('topspark replay refuses', () => {
  it.each([
    [['-p', 'sensors:=[lidar]'], 2, 'parameter sensors is ["lidar"], expected one or more of'],
    [['-p', 'sensors'], 2, 'expected NAME:=VALUE'],
    [['-p', 'network.neuronz:=5'], 2, 'parameter network.neuronz is not known'],
    [['-p', 'network.neurons:=5'], 2, 'parameter network.neurons is 5, expected an integer in 10..6400'],
    [['-p', 'network.neurons:=[1'], 2, 'network.neurons:=[1'],
    [['-r', 'image=/x'], 2, 'the remapping is "image=/x", expected FROM:=TO'],
    [['--params-file', '/nowhere.yaml'], 2, 'the parameter file cannot be read'],
    [['--rate', '-1'], 2, '--rate is -1'],
    [['--checkpoint', '/proc/learned.safetensors'], 2, '--checkpoint /proc/learned.safetensors cannot be written'],
    [['--start', '/nowhere.safetensors'], 3, '/nowhere.safetensors'],
    [[], 3, '/scan (sensor_msgs/msg/LaserScan)'],
  ])('%j with exit code %i', async (args, expected, words) => {
    const output = join(folder, 'never.mcap');
    const { code, out, err } = await replay(drive, ...args, '--output', output);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toContain(words);
    expect(existsSync(output) || existsSync(`${output}.partial`)).toBe(false);
  });

  it('a file that is no bag, and a missing file', async () => {
    expect(await replay(main)).toMatchObject({
      code: 3,
      err: expect.stringContaining('expected a bag in MCAP') as string,
    });
    expect((await replay('/nowhere.mcap')).code).toBe(3);
  });

  it('shows an example in its help', async () => {
    expect((await replay('--help')).out).toContain('$ npx topspark replay');
  });
});
