import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'topspark/agent/agent.js';
import { type AgentSettings } from 'topspark/agent/agent-settings.js';
import { syncPolicies } from 'topspark/sensing/in-time/synchroniser.js';
import { clockFrom } from 'topspark/base/time.js';
import { Random } from 'topspark/base/random.js';
import { BagReader } from 'topspark/bag/bag-reader.js';
import { bagTopics } from 'topspark/bag/bag-topics.js';
import { BagWriter } from 'topspark/bag/bag-writer.js';
import { sensorKind } from 'topspark/sensing/sensor-kinds.js';
import { labelTopic, sensorTopic, type InputTopic } from 'topspark/node/messages.js';
import { modeNames, type ModeName } from 'topspark/timestep/controller/modes.js';
import { Replay } from 'topspark/cli/replay-run.js';
import { fuzzedSensors } from '../fuzz/fuzz-messages.js';
import { pick } from '../fuzz/values.js';
import { Wire } from '../fuzz/wire.js';
import { accountOf, sum, type Account } from './account.js';
import { traffic, type TrafficMessage } from './traffic.js';
import { benchSettings } from '../bench-settings.js';

/** A task: what to send. */
export interface OrderTask {
  /** Sensors in use, the primary first. */
  readonly sensors: readonly string[];
  /** Number of sensor messages. */
  readonly messages: number;
  readonly seed: number;
}

/** Messages of one scenario. Each begins with an untrained agent, in a random mode and with a random policy. */
const perLife = 5000;

/**
 * Sends agents traffic that is out of order in many ways, live and again from a bag of it, and accounts for every
 * message.
 *
 * @param begin - called with the number of each message, from 0, before it is sent live
 */
export async function fuzzOrder(task: OrderTask, begin: (message: number) => void): Promise<Account> {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-order-'));
  try {
    const random = new Random(task.seed);
    let total: Account | undefined;
    for (let done = 0; done < task.messages; done += perLife) {
      const count = Math.min(perLife, task.messages - done);
      const life = new Life(task.sensors, random, traffic(task.sensors, count, random));
      const live = life.live((message) => {
        begin(Math.min(task.messages - 1, done + message));
      });
      const same = live.hash === (await life.replayed(join(folder, 'life.mcap')));
      const account = { ...live.account, differentFromReplay: same ? 0 : 1 };
      total = total === undefined ? account : sum(total, account);
    }
    if (total === undefined) throw new RangeError(`there are ${task.messages} messages to send, expected 1 or more`);
    return total;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One scenario: the same messages for an agent live, and for another one from a bag. */
class Life {
  readonly #settings: AgentSettings;
  readonly #mode: ModeName;
  readonly #wires: ReadonlyMap<string, Wire<InputTopic['type']>>;
  #now = 0n;

  constructor(
    readonly sensors: readonly string[],
    random: Random,
    readonly messages: readonly TrafficMessage[],
  ) {
    this.#settings = orderSettings(sensors, random);
    this.#mode = pick(random, modeNames);
    const topics: readonly InputTopic[] = [
      ...sensors.map((name) => sensorTopic(sensorKind(name), () => Number(this.#now) / 1e9)),
      labelTopic as unknown as InputTopic,
    ];
    this.#wires = new Map(topics.map((topic) => [topic.name, new Wire(topic)]));
  }

  live(begin: (message: number) => void): { readonly account: Account; readonly hash: string } {
    const agent = new Agent(
      this.#settings,
      clockFrom(() => Number(this.#now) / 1e9),
    );
    agent.forceMode(this.#mode);
    const faults: string[] = [];
    agent.onEvent = (event) => {
      if (event.kind === 'refusal' && event.cause === 'internal_error') faults.push(event.message);
    };
    let ticked = 0n;
    this.messages.forEach(({ at, input, stamp, fields }, k) => {
      begin(k);
      this.#now = at;
      // Ticks do not depend on messages.
      if (at - ticked > 1_000_000_000n) {
        ticked = at;
        agent.tick();
      }
      agent.take(this.#wire(input).whole(stamp, fields));
    });
    agent.finish();
    const labels = this.messages.filter(({ input }) => input === 'label').length;
    const taken = { sensors: this.messages.length - labels, labels };
    // The input has ended: no message waits any longer.
    agent.rest();
    const account = accountOf(agent.status(), taken, faults);
    return { account, hash: agent.weightsHash() };
  }

  async replayed(path: string): Promise<string> {
    const bag = await BagWriter.create(path);
    for (const { at, input, stamp, fields } of this.messages) {
      const wire = this.#wire(input);
      const topic = input === 'label' ? '/label' : `/${sensorKind(input).topic}`;
      await bag.writeBytes(topic, wire.topic.type, at, wire.bytes(stamp, fields));
    }
    await bag.close();
    const reader = await BagReader.open(path);
    try {
      const topics = bagTopics(this.sensors.map(sensorKind), '/', []);
      const replay = new Replay({ settings: this.#settings, topics, mode: this.#mode, rate: 0 });
      return (await replay.run(reader, undefined, () => undefined)).weightsHash;
    } finally {
      reader.close();
    }
  }

  #wire(input: string): Wire<InputTopic['type']> {
    const wire = this.#wires.get(input);
    if (wire === undefined) throw new RangeError(`no wire for ${input}`);
    return wire;
  }
}

function orderSettings(sensors: readonly string[], random: Random): AgentSettings {
  return benchSettings(
    { neurons: 10, classes: 16, memory: 64 },
    {
      use: sensors.map((name) => ({ name, values: fuzzedSensors[name].values })),
      sync: { slop: 0.05, policy: pick(random, syncPolicies), queue: 8 },
    },
  );
}
