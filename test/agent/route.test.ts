import { beforeEach, describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import type { AgentEvent } from '../../src/agent/events.js';
import { clockFrom } from '../../src/base/time.js';
import { Random } from '../../src/base/random.js';
import { decodeSnapshot, encodeSnapshot } from '../../src/checkpoint/safetensors.js';
import { grey } from '../sensing/frames.js';
import { imageMessage } from '../sensing/messages.js';
import { smallAgent } from './settings.js';

const places = 12;
const random = new Random(1);
/** The look of a corridor at each place: its own grey spots. */
const spots = Array.from({ length: places }, () => Uint8Array.from({ length: 64 }, () => 90 + random.below(80)));

/** A robot that sees a picture a second, and keeps pictures of places. */
class Robot {
  readonly events: AgentEvent[] = [];
  readonly agent: Agent;
  readonly #noise = new Random(7);
  stamp = 0n;

  constructor(placePictures = 20) {
    const use = [{ name: 'image', values: { width: 8, height: 8, max_pixels: 10_000, encoding: 'plain' } }];
    this.agent = new Agent(
      {
        ...{ ...smallAgent, network: { ...smallAgent.network, classes: 16 }, sensors: { ...smallAgent.sensors, use } },
        ...{ placePictures, placeDwell: 0, unknownRate: 0.05 },
      },
      clockFrom(() => Number(this.stamp)),
    );
    this.agent.onEvent = (event) => this.events.push(event);
  }

  see(place: number, noise = 0): void {
    this.stamp += 1_000_000_000n;
    const off = (): number => (noise === 0 ? 0 : this.#noise.below(2 * noise + 1) - noise);
    const frame = grey(8, 8, (x, y) => Math.min(255, Math.max(0, spots[place][8 * y + x] + off())));
    const message = imageMessage(frame);
    const event = { sensor: 'image', stamp: this.stamp, frameId: 'camera', taken: Number(this.stamp), message };
    this.agent.take({ topic: 'sensor', event });
  }

  name(name: string, stamp = this.stamp, kind?: 'correction'): void {
    this.agent.take({ topic: 'label', event: { stamp, name, ...(kind && { kind }) } });
  }

  /** Drives through the corridor once, and labels each place by one picture. */
  learn(): void {
    for (let k = 0; k < places; k++) {
      this.see(k);
      this.name(`place ${k}`);
    }
  }

  /** Shows places with this much noise. Returns the places that the robot believes to be at. */
  drive(way: readonly number[], noise: number): string[] {
    return way.map((place) => {
      this.see(place, noise);
      return this.agent.place.label;
    });
  }
}

const way = [0, 1, 2, 3, 4, 5, 5, 5, 6, 7, 8, 7, 6, 7, 8, 9, 10, 11];
const right = (found: readonly string[]): number => found.filter((label, k) => label === `place ${way[k]}`).length;

let robot: Robot;
beforeEach(() => {
  robot = new Robot();
  robot.learn();
});

describe('places of a route with one picture each', () => {
  it('are found by the last samples when single ones are mistaken', () => {
    const found = robot.drive(way, 90);
    expect(right(found)).toBeGreaterThan(14);
    const alone = new Robot(0);
    alone.learn();
    expect(right(alone.drive(way, 90))).toBeLessThan(right(found));
  });

  it('affect only the place: decisions, weights and labels are as without', () => {
    const without = new Robot(0);
    without.learn();
    const events = [robot, without].map((each) => {
      each.drive(way, 40);
      const decisions = each.events.filter(({ kind }) => kind === 'decision');
      return { hash: each.agent.weightsHash(), decisions: decisions.map((event) => ({ ...event, energy: 0 })) };
    });
    expect(events[0]).toEqual(events[1]);
    expect(robot.agent.energyUsed).toBeGreaterThan(without.agent.energyUsed);
  });

  it('follow their class when it is renamed, and when a label is taken back', () => {
    robot.agent.editClass({ name: 'place 3', newName: 'kitchen' });
    robot.agent.editClass({ name: 'place 5', newName: '' });
    robot.name('', 2_000_000_000n, 'correction');
    const found = new Set(robot.drive([0, 1, 2, 3, 4, 5, 6, 7], 0));
    expect(found).toContain('kitchen');
    expect([...found].filter((name) => ['place 1', 'place 3', 'place 5'].includes(name))).toEqual([]);
  });

  it('are part of a checkpoint, and gone after a reset', () => {
    const stored = decodeSnapshot(encodeSnapshot(robot.agent.snapshot()), 'memory');
    const again = new Robot();
    again.stamp = robot.stamp;
    again.agent.restore(stored);
    expect(right(again.drive(way, 0))).toBeGreaterThan(16);
    again.agent.reset();
    expect(again.drive([1], 0)).toEqual(['']);
    // The checkpoint of a robot that keeps none has none.
    const none = new Robot(0);
    expect('route_names' in none.agent.snapshot().meta).toBe(false);
    robot.agent.restore(none.agent.snapshot());
    expect(robot.drive([1, 2], 0)).toEqual(['', '']);
  });

  it('are kept up to a limit; the rest is counted, and still learned', () => {
    const small = new Robot(10);
    small.learn();
    expect([...small.agent.status().dropped]).toEqual([['label_route_full', 2]]);
    expect(small.agent.status().labelled).toBe(12);
  });
});
