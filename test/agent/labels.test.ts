import { beforeEach, describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import type { RefusalEvent } from '../../src/base/refusal.js';
import { mostWaiting } from '../../src/agent/labels.js';
import type { AgentSettings } from '../../src/agent/agent-settings.js';
import { clockFrom } from '../../src/base/time.js';
import { decodeSnapshot, encodeSnapshot } from '../../src/checkpoint/safetensors.js';
import { smallAgent } from './settings.js';

const ms = 1_000_000n;
/** Stamp of an image: 30 images a second, stamped as by a camera. */
const frame = (k: number): bigint => 1_764_000_000_123_456_789n + BigInt(k) * 33_333_333n;

const features = { name: 'features', values: { size: 16, signed: false } };
const one: Partial<AgentSettings> = {
  sensors: { use: [features], sync: { slop: 0.05, policy: 'wait', queue: 32 } },
  network: { neurons: 20, classes: 8, memory: 64 },
};
const two: Partial<AgentSettings> = {
  ...one,
  sensors: {
    use: [features, { name: 'range', values: {} }],
    sync: { slop: 0.02, policy: 'wait', queue: 32 },
  },
};
const moving: Partial<AgentSettings> = {
  ...one,
  sensors: { use: [{ name: 'imu', values: { window: 1, hop: 0.5 } }], sync: { slop: 0.05, policy: 'wait', queue: 32 } },
};

class Robot {
  readonly agent: Agent;
  readonly refusals: RefusalEvent[] = [];
  readonly decided: bigint[] = [];
  time = 0;

  constructor(settings: Partial<AgentSettings> = one) {
    this.agent = new Agent(
      { ...smallAgent, ...settings },
      clockFrom(() => this.time),
    );
    this.agent.forceMode('FULL');
    this.agent.onEvent = (event) => {
      if (event.kind === 'refusal') this.refusals.push(event);
      if (event.kind === 'decision') this.decided.push(event.stamp);
    };
  }

  /** A vector of class `k` modulo 4. */
  see(k: number, stamp = frame(k)): void {
    const values = Float32Array.from({ length: 16 }, (_, i) => (i % 4 === k % 4 ? 0.5 + ((i * 7 + k) % 5) / 10 : 0));
    this.#hear('features', stamp, { values });
  }

  /** A vector that is refused. */
  seeWrong(stamp: bigint): void {
    this.#hear('features', stamp, { values: new Float32Array(3) });
  }

  range(stamp: bigint): void {
    const message = { radiation_type: 0, field_of_view: 0.1, min_range: 0.1, max_range: 4, range: 1 };
    this.#hear('range', stamp, message);
  }

  move(stamp: bigint): void {
    const covariance = new Float64Array(9);
    this.#hear('imu', stamp, {
      angular_velocity: { x: 0, y: 0, z: 0.1 },
      angular_velocity_covariance: covariance,
      linear_acceleration: { x: 0, y: 0, z: 9.81 + Math.sin(Number(stamp % 1_000_000_000n) / 3e7) },
      linear_acceleration_covariance: covariance,
    });
  }

  label(stamp: bigint, name = 'a'): void {
    this.agent.take({ topic: 'label', event: { stamp, name } });
  }

  get account(): Record<string, number> {
    const { labelled, labelsWaiting, dropped } = this.agent.status();
    const causes = [...dropped].filter(([cause]) => cause.startsWith('label_'));
    return { labelled, waiting: labelsWaiting, ...Object.fromEntries(causes) };
  }

  /** Number of labels of a class that were used and not withdrawn. */
  heard(name: string): number {
    return this.agent.classFacts.find((each) => each.name === name)?.labels ?? 0;
  }

  get hash(): string {
    return this.agent.weightsHash();
  }

  #hear(sensor: string, stamp: bigint, message: object): void {
    this.agent.take({ topic: 'sensor', event: { sensor, stamp, frameId: '', taken: this.time, message } });
    this.agent.finish();
  }
}

let robot: Robot;
beforeEach(() => {
  robot = new Robot();
});
const name = (k: number): string => `class ${k % 4}`;

describe('labels that come before their samples', () => {
  it('teach the same bits as labels right after their samples', () => {
    const prompt = new Robot();
    for (let k = 0; k < 100; k++) {
      prompt.see(k);
      prompt.label(frame(k), name(k));
      robot.label(frame(k), name(k));
      robot.see(k);
    }
    expect(prompt.account).toEqual({ labelled: 100, waiting: 0 });
    expect(robot.account).toEqual({ labelled: 100, waiting: 0 });
    expect(robot.hash).toBe(prompt.hash);
  });

  it('wait while their samples wait for another sensor', () => {
    robot = new Robot(two);
    for (let k = 0; k < 100; k++) {
      robot.see(k);
      robot.label(frame(k), name(k));
      robot.range(frame(k) + 5n * ms);
    }
    expect(robot.decided).toHaveLength(100);
    expect(robot.account).toEqual({ labelled: 100, waiting: 0 });
  });

  it('may be some images ahead, out of order, or two for one sample; the second then corrects the first', () => {
    for (const k of [3, 1, 2, 0]) robot.label(frame(k), name(k));
    robot.label(frame(2), 'other');
    for (let k = 0; k < 4; k++) robot.see(k);
    expect(robot.account).toEqual({ labelled: 5, waiting: 0 });
    expect(robot.heard('other')).toBe(1);
    expect(robot.heard(name(2))).toBe(0);
  });

  it('survive a restart, after which everything is as without it', () => {
    const life = (k: number, each: Robot): void => {
      each.label(frame(k + 3), name(k + 3));
      each.see(k);
    };
    const whole = new Robot();
    for (let k = 0; k < 40; k++) life(k, whole);
    for (let k = 0; k < 20; k++) life(k, robot);
    expect(robot.account).toMatchObject({ waiting: 3 });
    const again = new Robot();
    again.agent.restore(decodeSnapshot(encodeSnapshot(robot.agent.snapshot()), 'memory'));
    expect(again.account).toMatchObject({ waiting: 3 });
    for (let k = 20; k < 40; k++) life(k, again);
    expect(encodeSnapshot(again.agent.snapshot()).equals(encodeSnapshot(whole.agent.snapshot()))).toBe(true);
  });

  it('wait longer than a pause of the sensor', () => {
    robot.see(0);
    robot.label(frame(9001), 'a');
    robot.see(9000);
    robot.see(9001);
    expect(robot.account).toEqual({ labelled: 1, waiting: 0 });
  });

  it.each([60, 200])('all find their samples when a recording of %d samples is played again', (samples) => {
    for (let loop = 0; loop < 3; loop++) {
      for (let k = 0; k < samples; k++) {
        robot.label(frame(k), name(k));
        robot.see(k);
      }
    }
    expect(robot.account).toEqual({ labelled: 3 * samples, waiting: 0 });
  });

  it('are used or refused at the next decision when they are far behind and no recording starts again', () => {
    for (let k = 0; k < 60; k++) {
      robot.see(k);
      robot.label(frame(k), name(k));
    }
    for (const k of [0, 10]) robot.label(frame(k), 'again');
    robot.label(frame(0) - 9_000n * ms, 'long ago');
    expect(robot.account).toEqual({ labelled: 60, waiting: 3 });
    robot.see(60);
    expect(robot.account).toEqual({ labelled: 62, waiting: 0, label_unknown_stamp: 1 });
    expect(robot.heard('again')).toBe(2);
  });
});

describe('labels whose samples never come', () => {
  it('are refused once sample stamps are past them by label.wait', () => {
    robot.see(0);
    robot.label(frame(1) + 8n * ms, 'lost');
    for (let k = 1; k < 151; k++) robot.see(k);
    expect(robot.account).toEqual({ labelled: 0, waiting: 1 });
    for (let k = 151; k < 153; k++) robot.see(k);
    expect(robot.account).toEqual({ labelled: 0, waiting: 0, label_unknown_stamp: 1 });
    expect(robot.refusals[0].message).toMatch(/^label "lost" names 1764000000\.16\d+ s, it comes|too late/);
  });

  it('are refused when they come from another clock, once label.wait is over', () => {
    robot.see(0);
    robot.label(frame(0) + 3_600_000n * ms, 'ahead');
    for (let k = 1; k < 155; k++) robot.see(k);
    expect(robot.account).toEqual({ labelled: 0, waiting: 0, label_unknown_stamp: 1 });
    expect(robot.refusals[0].message).toContain('ahead, and its sample did not come within label.wait = 5 s');
  });

  it('are refused when the clock was set back before them', () => {
    robot.see(9000);
    robot.label(frame(9001), 'late');
    robot.see(0);
    expect(robot.account).toEqual({ labelled: 0, waiting: 0, label_unknown_stamp: 1 });
  });

  it('are reported after a time without samples, but not dropped', () => {
    robot.label(frame(3));
    robot.time = 6;
    expect(robot.agent.status()).toMatchObject({ labelsWaiting: 1, labelsOverdue: 1 });
    robot.see(3);
    expect(robot.account).toEqual({ labelled: 1, waiting: 0 });
  });

  it('say why their sample was not decided, before or after they came', () => {
    robot.label(frame(0), 'early');
    robot.seeWrong(frame(0));
    robot.label(frame(0), 'late');
    expect(robot.account).toEqual({ labelled: 0, waiting: 0, label_unknown_stamp: 2 });
    const words = robot.refusals.filter(({ topic }) => topic === 'label').map(({ message }) => message);
    for (const word of words) expect(word).toMatch(/names .* s, a sample that was not decided: features_/);
  });

  it('wait in limited number; the oldest is dropped and counted', () => {
    for (let k = 0; k < mostWaiting + 5; k++) robot.label(frame(k));
    expect(robot.account).toEqual({ labelled: 0, waiting: mostWaiting, label_waiting_full: 5 });
  });

  it.each([
    [-1n, /none of the last 64 samples: .* … .* \(2\.1 s\); it comes .* too late: raise network\.memory = 64$/],
  ])('report what is there and what to do: %s', (_, sentence) => {
    for (let k = 0; k < 400; k++) robot.see(k);
    robot.label(frame(100));
    robot.see(400);
    expect(robot.refusals[0]).toMatchObject({ topic: 'label', cause: 'label_unknown_stamp' });
    expect(robot.refusals[0].message).toMatch(sentence);
  });
});

describe('the stamp of a label', () => {
  it('may be rounded to microseconds or come from float seconds, early or late', () => {
    for (let k = 0; k < 100; k++) {
      const rounded =
        k % 2 === 0 ? (frame(k) / 1000n) * 1000n : BigInt(Math.round((Number(frame(k)) / 1e9) * 1e6)) * 1000n;
      if (k % 3 === 0) robot.label(rounded, name(k));
      robot.see(k);
      if (k % 3 !== 0) robot.label(rounded, name(k));
    }
    expect(robot.account).toEqual({ labelled: 100, waiting: 0 });
  });

  it('matches its own sample at 1 kHz too, not the one before', () => {
    const [prompt, fast] = [new Robot(), (k: number) => frame(0) + BigInt(k) * ms];
    for (let k = 0; k < 60; k++) {
      robot.label(fast(k), name(k));
      robot.see(k, fast(k));
      prompt.see(k, fast(k));
      prompt.label(fast(k), name(k));
    }
    expect(robot.account).toEqual({ labelled: 60, waiting: 0 });
    expect(robot.hash).toBe(prompt.hash);
  });

  it('may lie anywhere in the window of an IMU: the first window that ends at or after it is meant', () => {
    robot = new Robot(moving);
    const at = (k: number): bigint => frame(0) + BigInt(k) * 10n * ms;
    // Windows end at 1.0, 1.5, 2.0 … s.
    for (let k = 0; k <= 300; k++) {
      if (k === 40 || k === 130) robot.label(at(k) + 3n * ms, 'early');
      robot.move(at(k));
      if (k === 210) robot.label(at(160), 'late');
    }
    expect(robot.account).toEqual({ labelled: 3, waiting: 0 });
    const [first, second, third] = robot.decided;
    for (const stamp of [first, second]) robot.label(stamp, 'early');
    robot.label(third, 'late');
    for (let k = 301; k <= 350; k++) robot.move(at(k));
    expect(robot.account).toEqual({ labelled: 3, waiting: 0, label_duplicate: 3 });
    robot.label(robot.decided[3]);
    expect(robot.account).toMatchObject({ labelled: 4 });
  });
});

describe('a label of an earlier sample while a newer one waits for the thread', () => {
  it('teaches the same bits as in replay', async () => {
    let now = 0;
    const slow = (): Agent => {
      // Every read of the clock takes a millisecond, so that a sample of 350 timesteps has many slices.
      const clock = { date: () => 0, elapsed: () => 0, monotonic: () => (now += 0.001) };
      const network = { neurons: 20, classes: 8, memory: 64, timed: { policy: 'rate' as const } };
      const { FULL } = smallAgent.modes;
      const modes = { ...smallAgent.modes, FULL: { ...FULL, point: { ...FULL.point, timesteps: 350 } } };
      const agent = new Agent({ ...smallAgent, ...one, network, modes }, clock);
      agent.forceMode('FULL');
      return agent;
    };
    const life = async (agent: Agent, done: () => void): Promise<readonly string[]> => {
      const answers: string[] = [];
      agent.onEvent = (event) => {
        if (event.kind === 'decision') answers.push(event.label);
      };
      for (let k = 0; k < 40; k++) {
        // Two in a row have the same class: the label of the first helps the second.
        const values = Float32Array.from({ length: 16 }, (_, i) => (i % 4 === (k >> 1) % 4 ? 0.5 + (i % 5) / 10 : 0));
        const event = { sensor: 'features', stamp: frame(k), frameId: '', taken: now, message: { values } };
        agent.take({ topic: 'sensor', event });
        done();
        if (k % 2 === 0) continue;
        agent.take({ topic: 'label', event: { stamp: frame(k - 1), name: name(k >> 1) } });
        done();
        while (answers.length <= k) await new Promise(setImmediate);
      }
      expect(agent.status()).toMatchObject({ decided: 40, labelled: 20 });
      return [agent.weightsHash(), ...answers];
    };
    const replayed = slow();
    const live = await life(slow(), () => undefined);
    expect(live).toEqual(await life(replayed, replayed.finish.bind(replayed)));
  });
});

describe('new names when there is no room for another class', () => {
  it('replace the classes with the fewest labels, which is reported and counted', () => {
    for (let k = 0; k < 8; k++) {
      robot.see(k);
      robot.label(frame(k), `junk ${k}`);
    }
    for (let k = 8; k < 208; k++) {
      robot.see(k);
      robot.label(frame(k), name(k));
    }
    expect(robot.account).toEqual({ labelled: 208, waiting: 0 });
    const { classes, dropped } = robot.agent.status();
    expect([...classes].sort()).toEqual([...[0, 1, 2, 3].map(name), ...[4, 5, 6, 7].map((k) => `junk ${k}`)]);
    expect(dropped.get('class_given_up')).toBe(4);
    expect(robot.refusals[0].message).toBe(
      'network.classes = 8 are known, and class "class 0" is new: class "junk 0", which had 1 labels, is given up for it; ' +
        'raise network.classes, or look where the names come from',
    );
    const clean = new Robot();
    for (let k = 0; k < 208; k++) {
      clean.see(k);
      if (k >= 8) clean.label(frame(k), name(k));
    }
    const right = (each: Robot): number => {
      const before = each.agent.status().right;
      for (let k = 208; k < 248; k++) {
        each.see(k);
        each.label(frame(k), name(k));
      }
      return each.agent.status().right - before;
    };
    expect(right(robot)).toBe(right(clean));
  });

  it('do not replace a class with more than two labels when they come once', () => {
    for (let k = 0; k < 24; k++) {
      robot.see(k);
      robot.label(frame(k), `class ${k % 8}`);
    }
    const before = robot.hash;
    robot.label(frame(23), 'one more');
    robot.see(24);
    robot.label(frame(24), 'one more');
    expect(robot.account).toEqual({ labelled: 24, waiting: 0, label_too_many_classes: 2 });
    expect(before).not.toBe('');
  });

  it('do not keep out an intended one in a flood of a thousand', () => {
    let k = 0;
    const say = (what: string): void => {
      robot.see(k);
      robot.label(frame(k), what);
      k++;
    };
    // Three known classes, and others that come a few times each and never again.
    for (; k < 60;) say(name(k % 3));
    for (let junk = 0; junk < 1000; junk++) for (let times = 0; times <= 3 + (junk % 5); times++) say(`junk ${junk}`);
    for (let times = 0; times < 20; times++) say('kitchen');
    const known = Object.fromEntries(robot.agent.classFacts.map((facts) => [facts.name, facts.labels]));
    expect(known).toMatchObject({ [name(0)]: 20, [name(1)]: 20, [name(2)]: 20 });
    expect(known['kitchen']).toBeGreaterThan(5);
    expect(robot.agent.status().dropped.get('class_given_up')).toBeGreaterThan(10);
    expect(robot.refusals.at(-1)?.message).toMatch(
      /and class "kitchen" is new: class "junk \d+", which had \d labels, is given up/,
    );
  });

  it('are handled alike after a restart', () => {
    const life = (each: Robot, from: number, to: number): void => {
      for (let k = from; k < to; k++) {
        each.see(k);
        each.label(frame(k), k % 3 === 0 ? `id ${k < 60 ? k : 60 + ((k / 3) & 3)}` : name(k));
      }
    };
    const whole = new Robot();
    life(whole, 0, 120);
    life(robot, 0, 70);
    const again = new Robot();
    again.agent.restore(decodeSnapshot(encodeSnapshot(robot.agent.snapshot()), 'memory'));
    life(again, 70, 120);
    expect(encodeSnapshot(again.agent.snapshot()).equals(encodeSnapshot(whole.agent.snapshot()))).toBe(true);
    expect(whole.agent.status().classes).toEqual(expect.arrayContaining([0, 1, 2, 3].map(name)));
  });
});

it('says how late a label may be, as a time', () => {
  expect(robot.agent.status().remembered).toEqual({ samples: 64, seconds: NaN });
  for (let k = 0; k < 200; k++) robot.see(k);
  expect(robot.agent.status().remembered.seconds).toBeCloseTo(64 / 30, 2);
});
