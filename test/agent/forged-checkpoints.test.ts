import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import { clockFrom } from '../../src/base/time.js';
import { TopsparkError } from '../../src/base/errors.js';
import type { Json, Snapshot, Tensor } from '../../src/base/snapshot.js';
import { CheckpointStore } from '../../src/checkpoint/checkpoint-store.js';
import { decodeSnapshot, encodeSnapshot } from '../../src/checkpoint/safetensors.js';
import { smallAgent } from './settings.js';

const settings = {
  ...smallAgent,
  sensors: { ...smallAgent.sensors, use: [{ name: 'features', values: { size: 12 } }] },
};

/** An agent that hears features and labels. */
class Life {
  readonly agent: Agent;
  #time = 0;
  decided = 0;

  constructor() {
    this.agent = new Agent(
      settings,
      clockFrom(() => this.#time),
    );
    this.agent.onEvent = (event) => {
      if (event.kind === 'decision') this.decided++;
    };
  }

  live(from: number, count: number): void {
    for (let k = from; k < from + count; k++) {
      this.#time = k;
      const values = Float32Array.from({ length: 12 }, (_, at) => (at % 3 === k % 3 ? 0.9 : ((k * 7 + at) % 10) / 30));
      const event = { sensor: 'features', stamp: BigInt(k) * 10n ** 9n, frameId: '', taken: k, message: { values } };
      this.agent.take({ topic: 'sensor', event });
      this.agent.take({ topic: 'label', event: { stamp: event.stamp, name: `class ${k % 3}` } });
      if (k % 10 === 0) this.agent.take({ topic: 'label', event: { stamp: event.stamp + 10n ** 12n, name: 'early' } });
    }
    this.agent.tick();
    this.agent.finish();
  }
}

let sound: Snapshot;
beforeAll(() => {
  const life = new Life();
  life.live(0, 200);
  sound = decodeSnapshot(encodeSnapshot(life.agent.snapshot()), 'sound');
});

const strangeNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(NaN, Infinity, -Infinity, -1, 0, 1, 2, 1e9, -1e9, 2 ** 31, Number.MAX_SAFE_INTEGER, 1e300),
);
const strangeJson = fc.oneof(
  fc.jsonValue() as fc.Arbitrary<Json>,
  strangeNumber,
  fc.constantFrom('x'.repeat(100_000), '', -1, 2 ** 53, [], ['x'.repeat(100_000)], {}, null),
);

/** Changes one value anywhere in the state. */
function forge(
  { tensors, meta, weightsHash }: Snapshot,
  where: number,
  at: number,
  value: number,
  json: Json,
): Snapshot {
  const names = [...Object.keys(tensors), ...Object.keys(meta)];
  const name = names[where % names.length];
  if (!(name in tensors)) return { weightsHash, tensors, meta: { ...meta, [name]: json } };
  const { shape, data } = tensors[name];
  if (data.length === 0) return { weightsHash, tensors: withTensor(tensors, name, [3], new Float64Array(3)), meta };
  const forged = data.slice();
  if (forged instanceof BigInt64Array)
    forged[at % forged.length] = Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(value))) : -1n;
  else forged[at % forged.length] = value;
  return { weightsHash, tensors: withTensor(tensors, name, shape, forged), meta };
}

const withTensor = (
  tensors: Snapshot['tensors'],
  name: string,
  shape: readonly number[],
  data: Tensor['data'],
): Snapshot['tensors'] => ({ ...tensors, [name]: { shape, data } });

describe('a forged checkpoint with a valid digest', () => {
  it('is restored or refused with a reason, and the robot continues', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(), strangeNumber, strangeJson, (where, at, value, json) => {
        const forged = decodeSnapshot(encodeSnapshot(forge(sound, where, at, value, json)), 'forged');
        const life = new Life();
        const before = life.agent.weightsHash();
        try {
          life.agent.restore(forged);
        } catch (error) {
          expect(error).toBeInstanceOf(TopsparkError);
          expect((error as Error).message.length).toBeLessThan(500);
          expect(life.agent.weightsHash()).toBe(before);
        }
        life.live(1000, 3);
        expect(life.decided).toBe(3);
        const { accuracy, low, high } = life.agent.status().accuracy;
        for (const each of [accuracy, low, high]) expect(each >= 0 && each <= 1).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['an accuracy above 1', 'accuracy.faded', 0, 1e6],
    ['a negative count', 'accuracy.faded', 1, -1],
    ['a confidence of 7', 'accuracy.answers', 1, 7],
    ['a correction of a million', 'accuracy.correction', 0, 1e12],
    ['a warning of 3', 'accuracy.margins', 0, 3],
    ['an operating point beyond all', 'controller', 0, 1e9],
  ])('is refused with %s', (_, name, at, value) => {
    const { shape, data } = sound.tensors[name];
    const forged = data.slice() as Float64Array;
    forged[at] = value;
    const life = new Life();
    expect(() => {
      life.agent.restore({ ...sound, tensors: withTensor(sound.tensors, name, shape, forged) });
    }).toThrow(name);
  });

  it.each(['class_names', 'reservoir_names', 'waiting_names'])(
    'is refused with ten million characters in %s',
    (name) => {
      const forged = { ...sound, meta: { ...sound.meta, [name]: ['x'.repeat(1e7)] } };
      const life = new Life();
      expect(() => {
        life.agent.restore(forged);
      }).toThrow(/names, none empty or of more than 256 characters$/);
    },
  );
});

describe('a folder whose newest checkpoint is malformed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'topspark-forged-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('restores the next older one, and names the malformed one', () => {
    const store = new CheckpointStore(folder, 5);
    const { name } = store.save(sound);
    store.save({ ...sound, meta: { ...sound.meta, alarm: 'none', class_names: 7 } });
    const refused: string[] = [];
    const life = new Life();
    const stored = store.restoreNewest(
      (snapshot) => {
        life.agent.restore(snapshot);
      },
      ({ error }) => refused.push(error.message),
    );
    expect(stored?.name).toBe(name);
    expect(refused).toHaveLength(1);
    expect(life.agent.weightsHash()).toBe(sound.weightsHash);
  });
});
