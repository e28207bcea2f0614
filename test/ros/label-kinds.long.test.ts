import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DecisionEvent, QuestionEvent } from '../../src/agent/events.js';
import { BagReader } from '../../src/bag/bag-reader.js';
import { bagTopics } from '../../src/bag/bag-topics.js';
import { BagWriter } from '../../src/bag/bag-writer.js';
import { labelKinds } from '../../src/classifier/label-kinds.js';
import { Replay } from '../../src/cli/replay-run.js';
import { decisionMessage, questionMessage } from '../../src/node/messages.js';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { agentSettings } from '../../src/node/settings-of-parameters.js';
import { sensorKind } from '../../src/sensing/sensor-kinds.js';
import { World as Building } from '../../lab/src/world/world.js';
import { scanMessage } from '../../lab/src/world/world-messages.js';
import { image } from './support/images.js';
import type { Decision } from './support/messages.js';
import type { Fields } from './support/peer.js';
import { World } from './support/world.js';

const [unset, random, correction, answer, teaching] = labelKinds.keys();
const reliable = { depth: 100 } as const;
const samples = 600;

interface Seen {
  readonly message: Fields;
  readonly truth: string;
}

/** What a sensor shows once a second, and the name of each sample. It stands still during a burst of labels. */
interface Sensor {
  readonly name: 'image' | 'scan';
  readonly type: string;
  /** A class that nobody names unless its group is asked about; later, two others change names. */
  readonly unnamed: string;
  readonly see: () => (k: number) => Seen;
}

/** Whether a burst of labels names the sample. */
const taughtAt = (k: number): boolean => k % 100 >= 90;
const stampAt = (k: number): { sec: number; nanosec: number } => ({ sec: 2000 + k, nanosec: 500 });

const sensors: readonly Sensor[] = [
  {
    ...{ name: 'image', type: 'sensor_msgs/msg/Image', unnamed: 'cellar' },
    see: () => (k) => {
      // Two rooms change places half way: answers become wrong.
      const kind = ((taughtAt(k) ? k - (k % 10) : k) * 3) % 10;
      const truth = kind > 4 ? 'cellar' : `room ${k > samples / 2 && kind < 2 ? 1 - kind : kind}`;
      return { message: { ...image(k, kind), header: { stamp: stampAt(k), frame_id: 'camera' } }, truth };
    },
  },
  {
    ...{ name: 'scan', type: 'sensor_msgs/msg/LaserScan', unnamed: 'corridor' },
    see: () => {
      const building = new Building({ seed: 3 });
      return (k) => {
        if (!taughtAt(k)) building.step(1);
        const scan = scanMessage(building.scan(), 1, stampAt(k));
        return { message: { ...scan, ranges: [...scan.ranges], intensities: [] }, truth: building.place };
      };
    },
  },
];

interface Question extends Fields {
  readonly header: { readonly stamp: Fields };
  readonly why: number;
  readonly kind: number;
}

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

/** Fields as a message of 32-bit floats carries them, without what depends on the clock of the machine. */
function carried(message: object): Fields {
  const round = (value: unknown): unknown => {
    if (typeof value === 'number') return Math.fround(value);
    if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array, Math.fround);
    return Array.isArray(value) ? value.map(round) : value;
  };
  const fields = Object.entries(message).filter(([name]) => name !== 'latency');
  return Object.fromEntries(fields.map(([name, value]) => [name, round(value)]));
}

describe.each(sensors)('a node that hears labels of every kind for its $name', ({ name, type, unnamed, see }) => {
  it('decides, asks and learns as a replay of its bag does, bit for bit', async () => {
    const settings = [
      `sensors:=[${name}]`,
      'network.neurons:=100',
      'question.per_hour:=720.0',
      'question.per_minute:=60.0',
    ];
    const topic = `/${name}`;
    const live = ['energy_mode.forced:=FULL', ...settings];
    const qos = ['reliability:=reliable', 'depth:=100'].map((each) => `qos_overrides.${topic}.subscription.${each}`);
    await world.startActive(...[...live, ...qos].flatMap((each) => ['-p', each]));
    const { peer } = world;
    await peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', reliable);
    await peer.subscribe('question', 'topspark_msgs/msg/Question', '/topspark/question', reliable);
    await peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', reliable);
    await world.connect('/topspark', name, type, topic, reliable);
    await world.connect('/topspark', 'label', 'topspark_msgs/msg/Label', '/label', reliable);

    const recorded: { topic: string; type: string; message: Fields }[] = [];
    const decisions: Decision[] = [];
    const questions: Question[] = [];
    const given = labelKinds.map(() => 0);
    const known = async (): Promise<string> => {
      const { labels, heard } = await peer.call<{ labels: string[]; heard: number[] }>(
        'topspark_msgs/srv/ListClasses',
        '/topspark/classes',
      );
      return labels.map((each, at) => `${each} ${heard[at]}`).join();
    };
    /** Names a sample, and waits until the node has learned it: labels take effect before the next sample. */
    const say = async (k: number, label: string, kind: number): Promise<void> => {
      const before = await known();
      const message = { header: { stamp: stampAt(k), frame_id: '' }, label, kind };
      recorded.push({ topic: '/label', type: 'topspark_msgs/msg/Label', message });
      await peer.publish('topspark_msgs/msg/Label', '/label', [message], { qos: reliable });
      await expect.poll(known, { timeout: 60_000, interval: 2 }).not.toBe(before);
      given[kind]++;
    };

    const next = see();
    const truths: string[] = [];
    const named = new Set<number>();
    const once = async (k: number, kind: number): Promise<void> => {
      if (named.has(k)) return;
      named.add(k);
      await say(k, truths[k], kind);
    };
    for (let k = 0; k < samples; k++) {
      const { message, truth } = next(k);
      truths.push(truth);
      recorded.push({ topic, type, message });
      await peer.forget('decision');
      await peer.publish(type, topic, [message], { qos: reliable });
      const [decision] = await peer.messages<Decision>('decision', 1);
      decisions.push(decision);
      // What the node published before its reply has arrived by then.
      await known();
      const asked = (await peer.messages<Question>('question', 0)).slice(questions.length);
      questions.push(...asked);
      for (const { why, kind } of asked) {
        if (truth !== unnamed) await once(k, kind);
        else if (why === 1) await once(k, answer);
      }
      // A late label of a sample drawn at random, and a burst of ten in a row.
      if (k % 4 === 3 && truths[k - 3] !== unnamed) await once(k - 3, k % 8 === 3 ? random : unset);
      if (k === samples - 50) {
        // A label is wrong and put right, and another is taken back.
        const [last, before] = [k, k - 1, k - 2, k - 3, k - 4].filter((each) => !named.has(each));
        named.add(last).add(before);
        await say(last, 'somewhere', answer);
        await say(last, 'elsewhere', correction);
        await say(before, 'nowhere', teaching);
        await say(before, '', correction);
      }
      if (truth === unnamed) continue;
      if (taughtAt(k)) await once(k, teaching);
      if (k > 100 && decision.given_label !== truth) await once(k, correction);
    }
    const { success, message: saved } = await peer.call('std_srvs/srv/Trigger', '/topspark/save_checkpoint');
    expect(success).toBe(true);
    const [status] = (
      await peer.messages<Fields & { groups_named: number; labels_repeated: number }>('status', 1, {
        where: { decided: samples },
      })
    ).slice(-1);
    expect(Math.min(...given)).toBeGreaterThan(3);
    expect(status).toMatchObject({ questions: questions.length, dropped_causes: [], labels_waiting: 0 });
    expect(status.groups_named).toBeGreaterThan(0);
    expect(status.labels_repeated).toBeGreaterThan(0);

    const path = join(world.folder, 'live.mcap');
    const writer = await BagWriter.create(path);
    for (const [at, { topic: on, type: of, message }] of recorded.entries()) {
      await writer.write(on, of, 1_000_000_000_000n + BigInt(at) * 20_000_000n, message);
    }
    await writer.close();
    const parameters = agentSettings(offlineParameters({ set: settings }, '/topspark', parameterTable));
    const topics = bagTopics([sensorKind(name)], '/', []);
    const replay = new Replay({ settings: parameters, topics, mode: 'FULL', rate: 0 });
    const replayed: { decisions: DecisionEvent[]; questions: QuestionEvent[] } = { decisions: [], questions: [] };
    replay.onQuestion = (event) => void replayed.questions.push(event);
    const bag = await BagReader.open(path);
    const result = await replay.run(
      bag,
      (event) => void replayed.decisions.push(event),
      () => undefined,
    );
    bag.close();
    expect(saved).toContain(result.weightsHash);
    expect(result).toMatchObject({ decisions: samples, refusedByCause: {} });
    expect(decisions.map(carried)).toEqual(replayed.decisions.map(decisionMessage).map(carried));
    expect(questions.map(carried)).toEqual(replayed.questions.map(questionMessage).map(carried));
  });
});
