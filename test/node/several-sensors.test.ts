import { describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import { clockFrom } from '../../src/base/time.js';
import { bagTopics } from '../../src/bag/bag-topics.js';
import { decodeSnapshot, encodeSnapshot } from '../../src/checkpoint/safetensors.js';
import { idleBecause, idleSentences } from '../../src/node/idle-parameters.js';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { heardSensors, instanceEntries, possibleSensors } from '../../src/node/sensor-parameters.js';
import { sensorsInUse, takenOver } from '../../src/node/sensor-takeover.js';
import { agentSettings } from '../../src/node/settings-of-parameters.js';

const parameters = (...set: string[]) => offlineParameters({ set }, '/topspark', parameterTable);
const two = ['sensors:=[scan, scan_rear]', 'scan_rear.sectors:=12', 'network.neurons:=20'];

describe('parameters of several sensors of a kind', () => {
  it("have a block each, with the kind's defaults", () => {
    const values = parameters(...two);
    const [front, rear] = sensorsInUse(values);
    expect(front.values).toMatchObject({ sectors: 36, heading_free: true });
    expect(rear).toMatchObject({ name: 'scan_rear', values: { sectors: 12, heading_free: true } });
    const given = new Map([['sensors', { value: ['scan', 'scan_rear'] }]]);
    const table = [...parameterTable, ...instanceEntries(given)];
    const declared = table.filter((entry) => idleBecause(entry, values) === undefined).map(({ name }) => name);
    expect(declared.filter((name) => name.startsWith('scan_rear.')).map((name) => name.slice(10))).toEqual(
      declared.filter((name) => name.startsWith('scan.')).map((name) => name.slice(5)),
    );
    expect(new Set(declared).size).toBe(declared.length);
  });

  it('are refused and reported like those of a kind', () => {
    expect(() => parameters('sensors:=[scan, scan_]')).toThrow(
      'parameter sensors is ["scan", "scan_"], expected one or more of image, compressed_image, scan, range, imu, points, features, events, dvs_events, prophesee_events, each once; several of a kind each have their own ending, such as scan_rear or range3',
    );
    expect(() => parameters('sensors:=[scan2, scan2]')).toThrow('each once');
    expect(() => parameters(...two, 'scan_rear.sectors:=1')).toThrow(
      'parameter scan_rear.sectors is 1, expected an integer in 4..720',
    );
    expect(() => parameters(...two, 'scan_rear.sectros:=12')).toThrow('did you mean scan_rear.sectors?');
    const values = parameters('sensors:=[scan]', 'scan_rear.sectors:=12');
    const table = [...parameterTable, ...instanceEntries(new Map([['scan_rear.sectors', {}]]))];
    expect(idleSentences(table, values, values.explicit)).toEqual([
      'scan_rear.sectors is set and has no effect: it needs scan_rear in sensors, which is [scan]',
    ]);
  });

  it('name topics, which can be remapped as any', () => {
    const values = parameters(
      'sensors:=[scan, scan_rear, image]',
      'scan_rear.topic:=/rear/scan',
      'image.topic:=front/image_raw',
    );
    const sensors = heardSensors(values);
    expect(sensors.map(({ name, topic }) => [name, topic])).toEqual([
      ['scan', 'scan'],
      ['scan_rear', '/rear/scan'],
      ['image', 'front/image_raw'],
    ]);
    const heard = [...bagTopics(sensors, '/robot1', ['scan:=/laser', 'front/image_raw:=/eye'])].slice(0, 3);
    expect(heard.map(([topic, { input }]) => [topic, input])).toEqual([
      ['/laser', 'scan'],
      ['/rear/scan', 'scan_rear'],
      ['/eye', 'image'],
    ]);
    expect(() => bagTopics(sensors, '/', ['scan:=/rear/scan'])).toThrow(
      'scan and scan_rear are both subscribed to /rear/scan',
    );
    for (const topic of ['a b', '/', 'a//b', '/2x', 'a/', '~b']) {
      expect(() => parameters(`scan.topic:=${topic}`), topic).toThrow(
        'is not a topic name, expected one such as /front/scan',
      );
    }
  });

  it('are known before anything is checked, whatever was given', () => {
    const given = new Map<string, { value?: unknown }>([
      ['sensors', { value: ['scan_rear', 7, 'nothing'] }],
      ['scan_rear.topic', { value: 'not a topic' }],
      ['image_left.width', { value: 'x' }],
      ['network', { value: 1 }],
    ]);
    const names = possibleSensors(given).map(({ name, topic }) => `${name} ${topic}`);
    expect(names).toEqual(expect.arrayContaining(['scan scan', 'scan_rear scan_rear', 'image_left image_left']));
    expect(names).toHaveLength(12);
    expect(possibleSensors(new Map([['sensors', { value: 'scan_rear' }]]))).toHaveLength(10);
  });
});

const turn = { angle_min: 0, angle_increment: Math.PI / 8, range_min: 0.1, range_max: 10 };

/** Shows rooms to the lasers, k = from..to − 1, and labels them. */
function live(agent: Agent, from: number, to: number): Agent {
  for (let k = from; k < to; k++) {
    const stamp = BigInt(k) * 100_000_000n;
    for (const [at, sensor] of ['scan', 'scan_rear'].entries()) {
      const ranges = Float32Array.from({ length: 16 }, (_, beam) => 1 + ((beam * (k % 3) + at + (k % 2)) % 8));
      agent.take({ topic: 'sensor', event: { sensor, stamp, frameId: '', taken: 0, message: { ...turn, ranges } } });
    }
    agent.take({ topic: 'label', event: { stamp, name: `room ${k % 3}` } });
  }
  return agent;
}

describe('two lasers', () => {
  const set = [...two, 'scan_rear.encoding:=change'];
  const make = (...more: string[]): Agent =>
    new Agent(
      agentSettings(parameters(...set, ...more)),
      clockFrom(() => 0),
    );

  it('store how each was read, and continue to the same bits', () => {
    const stored = decodeSnapshot(encodeSnapshot(live(make(), 0, 30).snapshot()), 'memory');
    expect(stored.meta['sensors']).toMatchObject([
      { name: 'scan', encoding: 'plain' },
      { name: 'scan_rear', encoding: 'change', parameters: { sectors: 12 } },
    ]);
    const resumed = make();
    resumed.restore(stored);
    expect(live(resumed, 30, 60).weightsHash()).toBe(live(make(), 0, 60).weightsHash());
  });

  it('refuse a checkpoint when one of them is read differently, and name that one', () => {
    const stored = live(make(), 0, 3).snapshot();
    expect(takenOver(stored, parameters(...set))).toEqual(new Map());
    const near = parameters(...set, 'scan_rear.near:=0.5');
    expect(() => takenOver(stored, near)).toThrow(/scan_rear\.near was 0\.?\d* when .* and is 0\.5 here/);
    expect(() => takenOver(stored, parameters('sensors:=[scan, scan_front]'))).toThrow(
      'sensors was [scan, scan_rear] when this checkpoint was learned and is [scan, scan_front] here',
    );
    // Parameters that nobody set are as learned.
    const unset = parameters('sensors:=[scan, scan_rear]', 'network.neurons:=20');
    expect(Object.fromEntries(takenOver(stored, unset))).toEqual({
      'scan_rear.sectors': 12,
      'scan_rear.encoding': 'change',
    });
  });

  it('count their messages and refusals under their own names', () => {
    const agent = live(make(), 0, 5);
    const message = { ...turn, ranges: new Float32Array(0) };
    const stamp = 1_000_000_000n;
    agent.take({
      topic: 'sensor',
      event: {
        sensor: 'scan',
        stamp,
        frameId: '',
        taken: 0,
        message: { ...turn, ranges: new Float32Array(16).fill(2) },
      },
    });
    const before = agent.weightsHash();
    agent.take({ topic: 'sensor', event: { sensor: 'scan_rear', stamp, frameId: '', taken: 0, message } });
    expect(agent.weightsHash()).toBe(before);
    const { dropped, sensors } = agent.status();
    expect([...dropped]).toEqual([['scan_rear_empty', 1]]);
    expect(sensors.map(({ name, heard }) => [name, heard])).toEqual([
      ['scan', 6],
      ['scan_rear', 6],
    ]);
  });
});
