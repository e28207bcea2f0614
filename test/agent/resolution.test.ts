import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import type { AgentEvent, DecisionEvent } from '../../src/agent/events.js';
import { clockFrom } from '../../src/base/time.js';
import { settingsFromParameters } from '../../src/node/offline-parameters.js';
import { preparedModel, preparedSizes } from '../../src/sensing/image/embedding/prepared-models.js';
import { tinyModel, withoutRuntime } from '../sensing/embedding/tiny-model.js';

const folder = mkdtempSync(join(tmpdir(), 'topspark-resolution-'));
beforeAll(() => {
  vi.stubEnv('XDG_CACHE_HOME', folder);
  // One file for each size, as for the real models. The model of size 160 negates its input, so that it is recognised.
  for (const size of preparedSizes) {
    const file = preparedModel(size);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, tinyModel({ size, factor: size === 160 ? -1 : 1 }));
  }
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const picture = (red: number, green: number, blue: number): object => {
  const [width, height] = [32, 24];
  const data = Uint8Array.from({ length: 3 * width * height }, (_, k) => [red, green, blue][k % 3]);
  return { width, height, encoding: 'rgb8', is_bigendian: 0, step: 3 * width, data };
};

const given = (...set: string[]): string[] => [
  ...['sensors:=[image]', 'image.encoding:=embedding', 'network.neurons:=20', 'network.classes:=4'],
  ...set,
];

class Robot {
  readonly events: AgentEvent[] = [];
  readonly agent: Agent;
  #stamp = 0n;

  constructor(...set: string[]) {
    this.agent = new Agent(
      settingsFromParameters({ set: given(...set) }),
      clockFrom(() => 0),
    );
    this.agent.onEvent = (event) => this.events.push(event);
  }

  see(...colour: [number, number, number]): DecisionEvent {
    const stamp = ++this.#stamp;
    const event = { sensor: 'image', stamp, frameId: '', taken: 0, message: picture(...colour) };
    this.agent.take({ topic: 'sensor', event });
    this.agent.finish();
    const decision = this.events.findLast((each) => each.kind === 'decision');
    if (decision?.stamp !== stamp) throw new Error(JSON.stringify(this.events.at(-1), (_, v: unknown) => String(v)));
    return decision;
  }

  label(name: string): void {
    this.agent.take({ topic: 'label', event: { stamp: this.#stamp, name } });
  }
}

let robot: Robot;
afterEach(() => {
  robot.agent.finish();
});
const side = (): number | undefined => robot.agent.mode.settings.point.resolution;

describe.skipIf(withoutRuntime !== undefined)(
  `an agent that sees through a prepared model${withoutRuntime ? `: skipped, ${withoutRuntime}` : ''}`,
  () => {
    it('uses the resolution of its mode, and reports it', () => {
      robot = new Robot();
      expect(side()).toBe(224);
      expect(robot.agent.mode.pointReason).toContain('224 px');
      for (const [mode, resolution] of [
        ['BALANCED', 224],
        ['SAVER', 160],
        ['CRITICAL', 160],
      ] as const) {
        expect(robot.agent.forceMode(mode).settings.point.resolution).toBe(resolution);
        expect(robot.agent.mode.pointReason).toContain(`${resolution} px`);
      }
    });

    it('uses the configured resolution of its mode', () => {
      robot = new Robot('modes.critical.resolution:=100');
      expect(robot.agent.forceMode('CRITICAL').settings.point.resolution).toBe(96);
    });

    it('sees at that resolution, and at another one from the next picture on', () => {
      robot = new Robot('modes.saver.learning:=false');
      for (let k = 0; k < 4; k++) {
        robot.see(220, 40, 40);
        robot.label('red');
        robot.see(40, 220, 220);
        robot.label('cyan');
      }
      expect(robot.see(220, 40, 40).label).toBe('red');
      // The negating model turns red into cyan.
      robot.agent.forceMode('SAVER');
      expect(robot.see(220, 40, 40).label).toBe('cyan');
      robot.agent.forceMode('FULL');
      expect(robot.see(220, 40, 40).label).toBe('red');
    });

    it('includes the energy of the front end in each decision', () => {
      robot = new Robot();
      for (const mode of ['FULL', 'SAVER', 'CRITICAL'] as const) {
        robot.agent.forceMode(mode);
        expect(robot.see(220, 40, 40).energy).toBeGreaterThan(5e-6);
      }
    });

    it('measures each resolution at the start', () => {
      robot = new Robot('image.embedding.size:=160');
      expect(robot.agent.sights.map(({ resolution }) => resolution)).toEqual([160, 96]);
      for (const { microseconds } of robot.agent.sights) expect(microseconds).toBeGreaterThan(0);
      expect(side()).toBe(160);
    });

    it('continues at another resolution with what it learned', () => {
      robot = new Robot();
      robot.see(220, 40, 40);
      robot.label('red');
      const stored = robot.agent.snapshot();
      robot = new Robot('modes.critical.resolution:=96');
      robot.agent.restore(stored);
      robot.agent.forceMode('CRITICAL');
      expect(robot.see(220, 40, 40).label).toBe('red');
    });

    it('has no resolution with a custom model', () => {
      robot = new Robot(`image.embedding.model:=${preparedModel(160)}`);
      expect(robot.agent.sights).toEqual([]);
      expect(side()).toBeUndefined();
      expect(robot.agent.forceMode('CRITICAL').settings.point.resolution).toBeUndefined();
      robot.see(220, 40, 40);
    });

    it('sees through the model of the chosen numbers', () => {
      const whole = preparedModel(96, 'int8');
      const chosen = ['image.embedding.size:=96', 'image.embedding.precision:=int8'];
      expect(() => new Robot(...chosen)).toThrow('there is no such file, expected `topspark embedding prepare`');
      writeFileSync(whole, tinyModel({ size: 96 }));
      robot = new Robot(...chosen);
      expect(robot.agent.sights.map(({ resolution }) => resolution)).toEqual([96]);
      expect(robot.see(220, 40, 40).kind).toBe('decision');
    });
  },
);

it('an agent with edges has no resolution', () => {
  robot = new Robot('image.encoding:=edges');
  expect(robot.agent.sights).toEqual([]);
  expect(side()).toBeUndefined();
  expect(robot.agent.mode.pointReason).not.toContain('px');
});
