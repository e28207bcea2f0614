import { beforeEach, describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import type { AgentEvent, DecisionEvent } from '../../src/agent/events.js';
import { Random } from '../../src/base/random.js';
import { clockFrom } from '../../src/base/time.js';
import { decodeSnapshot, encodeSnapshot } from '../../src/checkpoint/safetensors.js';
import type { SensorUse } from '../../src/sensing/sensor-kinds.js';
import { grey } from '../sensing/frames.js';
import { imageMessage, scanMessage } from '../sensing/messages.js';
import { smallAgent } from './settings.js';

/** A bright bar on grey ground with camera noise: as many pixels are brighter as are darker. */
const bar = (place: number, noise = 0) =>
  grey(64, 64, (x, y) => (x >> 3 === place ? 200 : 60) + ((x + y) % 2 === 0 ? noise : -noise));

const novelty = 0.03;
const camera = { name: 'image', values: { width: 8, height: 8, max_pixels: 10_000, novelty } };

/** A robot that sees a picture a second. */
class Robot {
  readonly events: AgentEvent[] = [];
  readonly agent: Agent;
  stamp = 0n;
  released = 0;

  constructor(use: readonly SensorUse[] = [camera]) {
    this.agent = new Agent(
      { ...smallAgent, sensors: { ...smallAgent.sensors, use } },
      clockFrom(() => Number(this.stamp)),
    );
    this.agent.onEvent = (event) => this.events.push(event);
  }

  see(place: number, noise = 0): DecisionEvent {
    const sent = this.sent();
    this.show('image', imageMessage(bar(place, noise)));
    const decided = this.decisions.at(-1);
    expect(this.decisions).toHaveLength(sent + 1);
    if (decided === undefined) throw new Error('nothing was decided');
    return decided;
  }

  show(sensor: string, message: object): void {
    this.stamp += 1_000_000_000n;
    const release = (): void => {
      this.released++;
    };
    const event = { sensor, stamp: this.stamp, frameId: 'camera', taken: Number(this.stamp), message, release };
    this.agent.take({ topic: 'sensor', event });
  }

  name(name: string, stamp = this.stamp): void {
    this.agent.take({ topic: 'label', event: { stamp, name } });
  }

  sent(): number {
    return this.decisions.length;
  }

  get decisions(): DecisionEvent[] {
    return this.events.filter((event) => event.kind === 'decision');
  }
}

let robot: Robot;
beforeEach(() => {
  robot = new Robot();
});

/** Learns two bars by their labels. */
function learn(): void {
  for (let k = 0; k < 20; k++) {
    robot.see(k % 2 === 0 ? 1 : 5);
    robot.name(k % 2 === 0 ? 'left' : 'right');
  }
}

describe('a picture that hardly differs from the last decided one', () => {
  it('gets the same answer with its own stamp; nothing is presented or learned', () => {
    learn();
    const first = robot.see(1);
    const { learned, energyUsed } = robot.agent.status();
    const hash = robot.agent.weightsHash();
    const second = robot.see(1, 4);
    expect(first).toMatchObject({ label: 'left', repeated: false });
    const { label, givenLabel, confidence, unknown, unknownScore, readout, classes, scores, timesteps } = first;
    expect(second).toMatchObject({ label, givenLabel, confidence, unknown, unknownScore, readout, classes, scores });
    expect(second).toMatchObject({ timesteps, stamp: robot.stamp, repeated: true, learned: false, energy: 0 });
    expect(second.timestepsRun).toBe(0);
    expect(robot.agent.weightsHash()).toBe(hash);
    expect(robot.agent.status()).toMatchObject({ learned, energyUsed, repeats: 1, decided: 22, received: 22 });
    expect(robot.agent.status().sensors).toEqual([{ name: 'image', heard: 22, used: 22, counted: 0, waiting: 0 }]);
    expect(robot.released).toBe(22);
  });

  it('is decided when a part of it changed, or when it changed slowly', () => {
    robot.see(1);
    expect(robot.see(2).repeated).toBe(false);
    expect(robot.see(2).repeated).toBe(true);
    const shades = [0, 3, 6, 9].map((more) => {
      const event = imageMessage(grey(64, 64, (x) => (x >> 3 === 3 ? 200 : 60) + more));
      robot.show('image', event);
      return robot.decisions.at(-1)?.repeated;
    });
    expect(shades).toEqual([false, true, true, false]);
  });

  it('is decided after a label, a forgotten class and a reset', () => {
    learn();
    robot.see(1);
    robot.name('centre');
    expect(robot.see(1)).toMatchObject({ repeated: false });
    expect(robot.see(1).repeated).toBe(true);
    robot.agent.editClass({ name: 'centre', newName: '' });
    expect(robot.see(1)).toMatchObject({ repeated: false, classes: ['left', 'right'] });
    robot.agent.reset();
    expect(robot.see(1)).toMatchObject({ repeated: false, classes: [] });
  });

  it('is decided during teaching, and while a label waits', () => {
    robot.see(1);
    robot.agent.teach({ name: 'left', duration: 2, done: () => undefined });
    expect([robot.see(1), robot.see(1)].map(({ repeated }) => repeated)).toEqual([false, false]);
    robot.see(1);
    expect(robot.see(1).repeated).toBe(true);
    robot.name('left', robot.stamp + 1_000_000_000n);
    expect(robot.see(1).repeated).toBe(false);
    expect(robot.agent.status()).toMatchObject({ labelled: 4, labelsWaiting: 0 });
  });

  it('passes its label to the sample whose answer it got', () => {
    const first = robot.see(1).stamp;
    expect(robot.see(1).repeated).toBe(true);
    robot.name('left');
    expect(robot.agent.classFacts).toMatchObject([{ name: 'left', labels: 1 }]);
    // The same label again says nothing new; another name is a correction.
    robot.name('left');
    robot.name('centre');
    const { labelled, dropped } = robot.agent.status();
    expect({ labelled, dropped: [...dropped] }).toEqual({ labelled: 2, dropped: [['label_repeated', 1]] });
    expect(robot.agent.classFacts).toMatchObject([{ labels: 0 }, { name: 'centre', labels: 1 }]);
    expect(first).toBeLessThan(robot.stamp);
  });

  it('is the sample that teaching names', () => {
    robot.see(1);
    for (let k = 0; k < 10; k++) robot.see(1);
    robot.agent.teach({ name: 'left', duration: 1.5, done: () => undefined });
    robot.see(1);
    robot.see(1);
    expect(robot.agent.classFacts).toMatchObject([{ name: 'left', labels: 2 }]);
    robot.name('right', 0n);
    expect(robot.events.at(-1)).toMatchObject({ kind: 'taught', label: { name: 'right', stamp: robot.stamp } });
  });

  it('leaves the same state after a restart, bit for bit', () => {
    learn();
    robot.see(1);
    const stored = decodeSnapshot(encodeSnapshot(robot.agent.snapshot()), 'memory');
    const again = new Robot();
    again.stamp = robot.stamp;
    again.agent.restore(stored);
    const lived = [robot, again].map((each) => {
      const decided = [each.see(1, 2), each.see(1), each.see(5), each.see(5)];
      return {
        decided: decided.map((event) => ({ ...event, latency: 0 })),
        state: encodeSnapshot(each.agent.snapshot()),
      };
    });
    expect(lived[0].decided.map(({ repeated }) => repeated)).toEqual([true, true, false, true]);
    expect(lived[1]).toEqual(lived[0]);
  });

  it('is decided like any other when novelty is 0', () => {
    robot = new Robot([{ ...camera, values: { ...camera.values, novelty: 0 } }]);
    robot.see(1);
    expect(robot.see(1)).toMatchObject({ repeated: false, learned: true });
    expect('last_answer' in robot.agent.snapshot().meta).toBe(false);
  });
});

describe('a scan that hardly differs from the last decided one', () => {
  const scan = (far: number) => {
    const ranges = Float32Array.from({ length: 64 }, (_, k) => (k < 32 ? 1 : far));
    return scanMessage({ ranges, angleMin: -1.5, angleIncrement: 0.05, rangeMin: 0.1, rangeMax: 12 });
  };

  it('gets the same answer, compared by its intensities', () => {
    robot = new Robot([{ name: 'scan', values: { novelty: 0.05 } }]);
    for (const far of [6, 6.01, 3, 3.01]) robot.show('scan', scan(far));
    expect(robot.decisions.map(({ repeated }) => repeated)).toEqual([false, true, false, true]);
  });

  it('is decided beside a picture unless both hardly differ', () => {
    robot = new Robot([camera, { name: 'scan', values: { novelty: 0.05 } }]);
    const both = (place: number, far: number): void => {
      robot.show('scan', scan(far));
      robot.stamp -= 1_000_000_000n;
      robot.show('image', imageMessage(bar(place)));
    };
    both(1, 6);
    both(1, 6);
    both(1, 3);
    both(5, 3);
    both(5, 3);
    expect(robot.decisions.map(({ repeated }) => repeated)).toEqual([false, true, false, false, true]);
  });

  it('is read once, whether it is decided or not', () => {
    const reads = (novelty: number): number[] => {
      robot = new Robot([{ name: 'scan', values: { novelty } }]);
      return [6, 3].map((far) => {
        let read = 0;
        const { ranges, ...rest } = scan(far);
        const counted = {
          ...rest,
          get ranges() {
            read++;
            return ranges;
          },
        };
        robot.show('scan', counted);
        return read;
      });
    };
    expect(reads(0.05)).toEqual(reads(0));
    expect(robot.agent.status().energyUsed).toBeGreaterThan(0);
  });

  it('costs the same energy as without novelty where it is decided', () => {
    const energies = [0, 0.05].map((novelty) => {
      robot = new Robot([{ name: 'scan', values: { novelty } }]);
      for (const far of [6, 3]) robot.show('scan', scan(far));
      return robot.decisions.map(({ energy }) => energy);
    });
    expect(energies[1]).toEqual(energies[0]);
  });
});

describe('a window of inertial messages that hardly differs from the last decided one', () => {
  /** Half a second of messages of a robot that shakes along x, with the noise of a sensor. @returns what was repeated */
  function live(shake: number): boolean[] {
    const before = robot.sent();
    for (let k = 0; k < 50; k++) {
      const noise = (): number => 0.02 * (random.uniform() - 0.5);
      const covariance = new Float64Array(9);
      robot.show('imu', {
        linear_acceleration: { x: shake * Math.sin(k) + noise(), y: noise(), z: 9.81 + noise() },
        angular_velocity: { x: noise(), y: noise(), z: noise() },
        ...{ linear_acceleration_covariance: covariance, angular_velocity_covariance: covariance },
      });
      robot.stamp -= 990_000_000n;
    }
    return robot.decisions.slice(before).map(({ repeated }) => repeated);
  }
  let random: Random;
  beforeEach(() => {
    random = new Random(1);
    robot = new Robot([{ name: 'imu', values: { novelty: 0.05, window: 0.5, hop: 0.5 } }]);
  });

  it('gets the same answer while the robot is parked, despite the noise of the sensor', () => {
    live(0);
    live(0);
    expect([live(0), live(0), live(0)].flat()).toEqual([true, true, true]);
  });

  it('is decided when the robot begins to shake, and when it rests again', () => {
    live(0);
    live(0);
    // A window ends with the first message of the next half second.
    expect([live(3), live(3), live(0), live(0)].flat()).toEqual([true, false, true, false]);
  });

  it('is compared after a restart as before', () => {
    live(0);
    live(0);
    const again = new Robot([{ name: 'imu', values: { novelty: 0.05, window: 0.5, hop: 0.5 } }]);
    again.agent.restore(decodeSnapshot(encodeSnapshot(robot.agent.snapshot()), 'memory'));
    again.stamp = robot.stamp;
    robot = again;
    expect(live(0)).toEqual([true]);
  });
});
