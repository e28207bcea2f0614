import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import { clockFrom } from '../../src/base/time.js';
import type { AgentEvent } from '../../src/agent/events.js';
import type { Snapshot } from '../../src/base/snapshot.js';
import { decodeSnapshot, encodeSnapshot } from '../../src/checkpoint/safetensors.js';
import { sensorNames } from '../../src/sensing/sensor-kinds.js';
import { agentSettings } from '../../src/node/settings-of-parameters.js';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { movingSensors, type MovingSensor } from './sensor-messages.js';

const folder = mkdtempSync(join(tmpdir(), 'topspark-'));
const modes = join(folder, 'modes.yaml');
writeFileSync(modes, 'full: {timesteps: 50}\nbalanced: {timesteps: 50}\n');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const inTime = (policy: string, encoding: string): string[] => [
  ...[`network.policy:=${policy}`, `network.encoding:=${encoding}`],
  `modes.file:=${modes}`,
];

/** The six encodings as a user sets them: parameters of the network, and whether changes in time are encoded. */
const encodings: Record<string, { readonly network: readonly string[]; readonly changes: boolean }> = {
  systematic: { network: [], changes: false },
  poisson: { network: inTime('paper', 'poisson'), changes: false },
  regular: { network: inTime('rate', 'regular'), changes: false },
  direct: { network: inTime('rate', 'direct'), changes: false },
  ttfs: { network: inTime('rate', 'ttfs'), changes: false },
  change: { network: [], changes: true },
  'change, as spikes in time': { network: inTime('rate', 'regular'), changes: true },
};

const kinds: Record<string, readonly MovingSensor[]> = {
  ...Object.fromEntries(movingSensors.map((sensor) => [sensor.name, [sensor]])),
  'scan, range and imu at once': ['scan', 'range', 'imu'].map((name) => movingSensors[sensorNames.indexOf(name)]),
  'image and features at once': ['image', 'features'].map((name) => movingSensors[sensorNames.indexOf(name)]),
};

/** Time between two messages of a sensor [ns]. */
const interval = 20_000_000n;

/** The agent of a node with these parameters. */
class Life {
  readonly agent: Agent;
  readonly events: AgentEvent[] = [];
  #time = 0;

  constructor(
    readonly sensors: readonly MovingSensor[],
    encoding: string,
    stored?: Snapshot,
  ) {
    const { network, changes } = encodings[encoding];
    const set = sensors.flatMap(({ name, values = {} }) => [
      ...Object.entries(values).map(([key, value]) => `${name}.${key}:=${String(value)}`),
      ...(changes ? [`${name}.encoding:=change`] : []),
    ]);
    const names = `sensors:=[${sensors.map(({ name }) => name).join(', ')}]`;
    const given = [names, ...set, 'network.neurons:=20', 'sync.slop:=0.005', ...network];
    const clock = clockFrom(() => this.#time);
    this.agent = new Agent(agentSettings(offlineParameters({ set: given }, '/topspark', parameterTable)), clock);
    if (stored) this.agent.restore(stored); // as a node does before its first message
    this.agent.onEvent = (event) => this.events.push(event);
  }

  /** Of all decisions. */
  get stamps(): bigint[] {
    return this.events.flatMap((event) => (event.kind === 'decision' ? [event.stamp] : []));
  }

  /** Hears messages `from`..`to` − 1 of each sensor; every third sample is labelled. */
  live(from: number, to: number): void {
    for (let k = from; k < to; k++) {
      this.#time = k / 50;
      const stamp = BigInt(k) * interval;
      for (const { name, message } of this.sensors) {
        this.#hear(name, stamp, message(k));
      }
      const label = { stamp, name: k % 2 === 0 ? 'even' : 'odd' };
      if (k % 3 === 0) this.agent.take({ topic: 'label', event: label });
    }
  }

  #hear(sensor: string, stamp: bigint, message: object): void {
    this.agent.take({ topic: 'sensor', event: { sensor, stamp, frameId: '', taken: this.#time, message } });
    this.agent.finish();
  }
}

it('the table covers every kind of sensor', () => {
  expect(movingSensors.map(({ name }) => name)).toEqual(sensorNames);
});

describe.each(Object.entries(kinds))('%s', (_, sensors) => {
  it.each(Object.keys(encodings))(
    'learns by %s, and its checkpoint names it, fits no other and continues exactly',
    (encoding) => {
      const whole = new Life(sensors, encoding);
      const fresh = whole.agent.weightsHash();
      whole.live(0, 50);
      const decided = whole.events.filter(({ kind }) => kind === 'decision');
      expect(decided.length).toBeGreaterThan(15);
      expect(decided.at(-1)).toMatchObject({ learned: true });
      expect(whole.agent.weightsHash()).not.toBe(fresh);

      const first = new Life(sensors, encoding);
      first.live(0, 31);
      const stored = decodeSnapshot(encodeSnapshot(first.agent.snapshot()), 'memory');
      const { network, changes } = encodings[encoding];
      expect(stored.meta['sensors']).toMatchObject(
        sensors.map(({ name }) => ({
          name,
          encoding: changes ? 'change' : /image$|events$/.test(name) ? 'edges' : 'plain',
        })),
      );
      const named = /encoding:=(\w+)/.exec(network.join())?.[1];
      expect(stored.meta).toMatchObject(named ? { encoding: named } : { policy: 'lean' });

      const other = new Life(sensors, encoding === 'change' ? 'systematic' : 'change');
      const before = other.agent.weightsHash();
      expect(() => {
        other.agent.restore(stored);
      }).toThrow(expect.objectContaining({ code: 'bad_state' }) as Error);
      expect(other.agent.weightsHash()).toBe(before);

      const second = new Life(sensors, encoding, stored);
      second.live(31, 50);
      expect(second.agent.weightsHash()).toBe(whole.agent.weightsHash());
      expect(second.stamps).toEqual(whole.stamps.filter((stamp) => stamp >= 31n * interval));
    },
  );
});
