import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BagReader } from '../../../src/bag/bag-reader.js';
import { damaged } from '../../src/bench/fuzz/damage.js';
import { bagFiles, bagForms } from '../../src/bench/fuzz/damaged-bag.js';
import { fuzzedSensors, fuzzedTopics } from '../../src/bench/fuzz/fuzz-messages.js';
import { WatchedFuzz } from '../../src/bench/fuzz/watched.js';
import { Random } from '../../../src/base/random.js';
import { sensorNames } from '../../../src/sensing/sensor-kinds.js';

const topics = [...sensorNames, ...Object.keys(fuzzedTopics)];
const standard = { change: false };

describe('WatchedFuzz with messages', () => {
  it('has messages for every kind of sensor', () => {
    expect(Object.keys(fuzzedSensors)).toEqual(sensorNames);
  });

  it.each(topics)('survives %s: no crash, no weight changed by a refusal, every message counted', async (topic) => {
    const thread = watched();
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.boolean(), async (seed, change) => {
        const result = await thread.run({ topic, messages: 60, seed, change });
        expect(result).toMatchObject({ crashes: 0, firstCrash: '', changedWeights: 0, uncounted: 0, messages: 60 });
      }),
      { numRuns: 15 },
    );
  });

  it.each(topics)('accepts many messages of %s and refuses many, some as undecodable', async (topic) => {
    const { accepted, refused, messages } = await watched().run({ topic, messages: 1000, seed: 3, ...standard });
    expect(accepted).toBeGreaterThan(messages / 10);
    const { message_undecodable: undecodable, ...others } = refused;
    expect(undecodable).toBeGreaterThan(messages / 50);
    expect(Object.keys(others).length).toBeGreaterThan(topic === 'imu' ? 0 : 1);
  });

  it('accepts messages of an event camera throughout a long run', async () => {
    const { accepted, incomplete } = await watched().run({ topic: 'events', messages: 5000, seed: 3, ...standard });
    expect(accepted + incomplete).toBeGreaterThan(5000 / 10);
  });

  it('refuses messages without a change as still with the encoding change', async () => {
    const { refused } = await watched().run({ topic: 'range', messages: 1000, seed: 3, change: true });
    expect(refused['range_still']).toBeGreaterThan(0);
  });

  it('damages bytes in every way: part, cut, flipped, longer, length, encapsulation', () => {
    const random = new Random(1);
    const whole = Uint8Array.from({ length: 40 }, (_, k) => (k === 1 ? 1 : k));
    const ways = new Set<string>();
    let same = 0;
    for (let k = 0; k < 2000; k++) {
      const bytes = damaged(whole.slice(), random);
      const differs = [...bytes].flatMap((byte, at) => (at < whole.length && byte !== whole[at] ? [at] : []));
      if (bytes.length < whole.length) ways.add(bytes.buffer.byteLength > bytes.length ? 'part' : 'cut');
      else if (bytes.length > whole.length) ways.add('longer');
      else if (differs.length === 0) same++;
      else if (differs.length === 1 && differs[0] < 2) ways.add('encapsulation');
      else if (differs.length > 2 && differs.every((at) => at >> 2 === differs[0] >> 2)) ways.add('length');
      else ways.add('flipped');
    }
    expect([...ways].sort()).toEqual(['cut', 'encapsulation', 'flipped', 'length', 'longer', 'part']);
    expect(same).toBeGreaterThan(1500);
  });

  it('are named where one does not end', async () => {
    const thread = watched(new URL('endless-thread.mjs', import.meta.url));
    await expect(thread.run({ topic: 'range', messages: 100, seed: 5, ...standard })).rejects.toThrow(
      'range, seed 5: message 7 did not end within 10 s, expected a decision or a refusal',
    );
  });

  it('reports progress while messages are sent', async () => {
    let done = 0;
    await watched().run({ topic: 'range', messages: 200, seed: 1, ...standard }, (more) => (done += more));
    expect(done).toBe(200);
  });
});

function watched(...program: ConstructorParameters<typeof WatchedFuzz>): WatchedFuzz {
  const thread = new WatchedFuzz(...program);
  onTestFinished(() => thread.end());
  return thread;
}

describe('WatchedFuzz with damaged bags', () => {
  it.each(bagForms)('survives %s: no crash, no weight changed by a refusal, messages read are counted', async (bag) => {
    const thread = watched();
    for (const seed of [1, 2]) {
      const result = await thread.run({ bag, messages: 3000, seed });
      expect(result).toMatchObject({
        bags: 3,
        messages: 3000,
        crashes: 0,
        firstCrash: '',
        changedWeights: 0,
        uncounted: 0,
      });
      expect(result.told).toBeGreaterThan(0);
    }
  });

  it('reads around damage, accepts many messages and refuses many', async () => {
    const { heard, accepted, refused } = await watched().run({ bag: 'mcap', messages: 10_000, seed: 3 });
    expect(heard).toBeGreaterThan(5000);
    expect(accepted).toBeGreaterThan(heard / 4);
    expect(refused['message_undecodable']).toBeGreaterThan(heard / 50);
  });

  it('makes bags that are whole if only messages are damaged', async () => {
    const random = new Random(1);
    const files = await bagFiles('db3 messages', 200, random);
    const folder = mkdtempSync(join(tmpdir(), 'topspark-bag-'));
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    const bag = await BagReader.open(folder);
    expect(bag.contents().topics.map(({ topic, messages }) => [topic, messages])).toEqual([
      ['/label', 28],
      ['/scan', 172],
    ]);
    expect(bag.problems).toEqual([]);
    bag.close();
    rmSync(folder, { recursive: true });
  });
});
