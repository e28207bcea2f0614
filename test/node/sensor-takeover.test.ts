import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import { clockFrom } from '../../src/base/time.js';
import type { Snapshot } from '../../src/base/snapshot.js';
import { CheckpointStore } from '../../src/checkpoint/checkpoint-store.js';
import { agentSettings } from '../../src/node/settings-of-parameters.js';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { restoredAgent } from '../../src/node/restored-agent.js';
import { tinyModel, withoutRuntime } from '../sensing/embedding/tiny-model.js';

let folder: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topspark-'));
  lines = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const logger = pino({ base: null, timestamp: false }, { write: (line: string) => lines.push(line) });
const clock = clockFrom(() => 0);
const parameters = (...set: string[]) =>
  offlineParameters({ set: ['network.neurons:=20', ...set] }, '/topspark', parameterTable);
const make = (values: ReturnType<typeof parameters>): Agent => new Agent(agentSettings(values), clock);

function life(...set: string[]) {
  lines = [];
  const store = new CheckpointStore(folder, 9);
  const { agent, taken, begun } = restoredAgent(store, parameters(...set), make, logger);
  const read = agent.settings.sensors.use.map(({ values = {} }) => values);
  return { store, agent, taken: Object.fromEntries(taken), name: begun.name, read, logged: lines.join('') };
}

const leave = (...set: string[]): void => {
  const { store, agent } = life(...set);
  store.save(agent.snapshot());
};

describe('a node that starts on a checkpoint', () => {
  it('reads its sensors as before when nothing is set', () => {
    leave('sensors:=[scan]', 'scan.heading_free:=false', 'scan.near:=0.25', 'scan.max_beams:=77');
    const { taken, name, read, logged } = life('sensors:=[scan]');
    expect(name).toBe('checkpoint-00000001.safetensors');
    expect(taken).toEqual({ 'scan.heading_free': false, 'scan.near': 0.25 });
    expect(read).toMatchObject([{ heading_free: false, near: 0.25, max_beams: 65_536 }]);
    expect(logged).toContain('except where set otherwise: scan.near 0.25, scan.heading_free false');
  });

  it.each(['scene', 'contrast', 'plain', 'change'])('continues with pictures that it learned by %s', (encoding) => {
    leave(`image.encoding:=${encoding}`);
    const { taken, name, logged } = life();
    expect({ taken, name }).toEqual({ taken: { 'image.encoding': encoding }, name: 'checkpoint-00000001.safetensors' });
    expect(logged).toContain(`except where set otherwise: image.encoding ${encoding}`);
    const other = life('image.encoding:=edges');
    expect(other.name).toBe('');
    expect(other.logged).toContain(`to go on with it set image.encoding:=${encoding}`);
  });

  it.skipIf(withoutRuntime !== undefined)(
    'continues with the model that it learned with, and allows no other for it',
    () => {
      const [one, other] = ['one.onnx', 'other.onnx'].map((name) => join(folder, name));
      writeFileSync(one, tinyModel());
      writeFileSync(other, tinyModel({ factor: 2 }));
      const seen = (file: string): string[] => ['image.encoding:=embedding', `image.embedding.model:=${file}`];
      leave(...seen(one));
      const first = 'checkpoint-00000001.safetensors';
      expect(life(...seen(one)).name).toBe(first);
      // The encoding is taken over, and the model is missing: the file is unharmed.
      expect(() => life('image.embedding.model:=/none.onnx')).toThrow('there is no such file');
      expect(life(`image.embedding.model:=${one}`)).toMatchObject({
        name: first,
        taken: { 'image.encoding': 'embedding' },
      });
      const changed = life(...seen(other));
      expect(changed.name).toBe('');
      expect(changed.logged).toMatch(
        /image\.embedding\.sha256 was .* when this checkpoint was learned and is .*; to go on with it set image\.embedding\.model or image\.embedding\.size to the model with that SHA-256/,
      );
    },
  );

  it.each(['contrast', 'plain'])(
    'recognises pictures by %s from their shape when the checkpoint does not describe sensors',
    (encoding) => {
      const { store, agent } = life(`image.encoding:=${encoding}`, 'image.width:=16');
      const { meta, ...rest } = agent.snapshot();
      const { sensors, ...others } = meta;
      expect(sensors).toBeDefined();
      store.save({ ...rest, meta: others });
      expect(life('image.width:=16')).toMatchObject({
        ...{ taken: { 'image.encoding': encoding }, name: 'checkpoint-00000001.safetensors' },
      });
      // With another size it fits no encoding.
      expect(life('image.width:=20')).toMatchObject({ taken: {}, name: '' });
    },
  );

  it('sets it aside when a different value is set, and uses it again without that', () => {
    leave('sensors:=[scan]', 'scan.heading_free:=false');
    const other = life('sensors:=[scan]', 'scan.heading_free:=true');
    expect(other.name).toBe('');
    expect(other.read).toMatchObject([{ heading_free: true }]);
    expect(other.logged).toContain('scan.heading_free was false when this checkpoint was learned and is true here');
    expect(readdirSync(folder)).toEqual(['checkpoint-00000001.safetensors.unfit']);
    const back = life('sensors:=[scan]');
    expect(back).toMatchObject({ name: 'checkpoint-00000001.safetensors', taken: { 'scan.heading_free': false } });
  });

  it('falls back to an older checkpoint, and keeps nothing of one that does not fit', () => {
    leave('sensors:=[scan]', 'scan.near:=0.25', 'scan.far:=9.0');
    const { store, agent } = life('sensors:=[scan]', 'checkpoint.restore:=false', 'scan.near:=0.3');
    store.save(agent.snapshot());
    const { taken, name } = life('sensors:=[scan]', 'scan.near:=0.25');
    expect({ taken, name }).toEqual({ taken: { 'scan.far': 9 }, name: 'checkpoint-00000001.safetensors' });
    const fresh = life('sensors:=[scan]', 'scan.near:=0.4');
    expect(fresh).toMatchObject({ taken: {}, name: '' });
    expect(fresh.read).toMatchObject([{ near: 0.4, far: 0 }]);
  });

  it('accepts a checkpoint of pictures for a camera of compressed pictures', () => {
    leave('image.width:=16', 'image.height:=20');
    expect(life('sensors:=[compressed_image]').taken).toEqual({
      'compressed_image.width': 16,
      'compressed_image.height': 20,
    });
    expect(life('sensors:=[scan]').logged).toContain('sensors was [image] when this checkpoint was learned');
  });

  it('ignores a stored value that is invalid for its parameter', () => {
    const { store, agent } = life('sensors:=[scan]');
    const sound = agent.snapshot();
    const forged = (parameters: object): Snapshot => {
      const [sensor] = sound.meta['sensors'] as [{ parameters: object }];
      const sensors = [{ ...sensor, parameters: { ...sensor.parameters, ...parameters } }];
      return { ...sound, meta: { ...sound.meta, sensors } };
    };
    store.save(sound);
    for (const strange of [{ near: 1e9 }, { near: 'x' }, { sectors: 7.5 }, { near: 9, far: 1 }, { unheard: 1 }]) {
      store.save(forged(strange));
    }
    const { name, taken } = life('sensors:=[scan]');
    expect({ name, taken }).toEqual({ name: 'checkpoint-00000001.safetensors', taken: {} });
  });

  it('does not start when its own parameters are wrong: no checkpoint is set aside', () => {
    leave('sensors:=[scan]');
    expect(() => life('sensors:=[scan]', 'profile.file:=/nowhere')).toThrow('profile.file /nowhere');
    expect(readdirSync(folder)).toEqual(['checkpoint-00000001.safetensors']);
  });
});
