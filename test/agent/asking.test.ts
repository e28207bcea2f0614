import { describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import { Asking, checkQuietHours, noAsking, type QuestionSettings } from '../../src/agent/asking.js';
import type { AgentEvent, QuestionEvent } from '../../src/agent/events.js';
import { clockFrom } from '../../src/base/time.js';
import { OnlineClassifier } from '../../src/classifier/online-classifier.js';
import { leanPoint } from '../../src/timestep/policy/lean-policy.js';
import { smallAgent } from './settings.js';

/** Noon in UTC. */
const noon = 1_764_072_000;
const often: QuestionSettings = { ...noAsking, perMinute: 60, perHour: 3600 };

/** An agent that sees vectors of four kinds, ten a second. */
class Robot {
  readonly agent: Agent;
  readonly events: AgentEvent[] = [];
  time = 0;

  constructor(questions: QuestionSettings, begin = noon, more: Readonly<Record<string, number>> = {}) {
    const sensors = { ...smallAgent.sensors, use: [{ name: 'features', values: { size: 16, ...more } }] };
    const network = { neurons: 30, classes: 8, memory: 64 };
    this.agent = new Agent(
      { ...smallAgent, network, sensors, questions },
      clockFrom(() => this.time),
    );
    this.agent.forceMode('FULL');
    this.agent.onEvent = (event) => this.events.push(event);
    this.begin = begin;
  }

  readonly begin: number;

  stamp(k: number): bigint {
    return BigInt(this.begin) * 1_000_000_000n + BigInt(k) * 100_000_000n;
  }

  /** Shows a vector as the n-th sample. */
  see(k: number, n = k): void {
    this.time = n / 10;
    const values = Float32Array.from({ length: 16 }, (_, i) => (i % 4 === k % 4 ? 0.6 + ((i * 5 + k) % 4) / 10 : 0));
    const event = { sensor: 'features', stamp: this.stamp(n), frameId: 'arm', taken: this.time, message: { values } };
    this.agent.take({ topic: 'sensor', event });
  }

  seeAll(from: number, to: number): void {
    for (let k = from; k < to; k++) this.see(k);
  }

  drive(k: number, speed: number): void {
    this.agent.take({ topic: 'odom', event: { stamp: this.stamp(k), speed } });
  }

  get questions(): QuestionEvent[] {
    return this.events.flatMap((event) => (event.kind === 'question' ? [event] : []));
  }
}

describe('Asking', () => {
  /** Whether the robot asks about a sample with these leads of the final and the net answer, after 200 leads of 14. */
  function isAsked(given: number, net: number): boolean {
    const asking = new Asking({ ...often, perHour: 360 });
    const classifier = new OnlineClassifier({ neurons: 10, rows: 1, columns: 16 });
    const answer = classifier.decide(new Uint8Array(16).fill(200), 0n, leanPoint(10), true);
    const see = (k: number, lead: number, ofNet: number): boolean => {
      const stamp = BigInt(noon + k) * 1_000_000_000n;
      const sample = { stamp, frameId: 'arm', candidates: () => [], timeLeft: () => 1 };
      const events = asking.decided(sample, { ...answer, lead, net: { ...answer.net, lead: ofNet } }, k < 200);
      return events.some((event) => event.kind === 'question' && event.why === 'unsure');
    };
    for (let k = 0; k < 200; k++) see(k, 14, 14);
    // One of them may be a random check.
    return [200, 201, 202].map((k) => see(k, given, net)).includes(true);
  }

  it('asks about a sample whose given answer hardly leads, whatever the votes alone say', () => {
    expect(isAsked(0.1, 100)).toBe(true);
    expect(isAsked(100, 0.1)).toBe(false);
  });
});

describe('an agent that asks', () => {
  it('asks about the first sample, about which it knows nothing', () => {
    const robot = new Robot(often);
    robot.see(0);
    const [question] = robot.questions;
    expect(question).toMatchObject({
      stamp: robot.stamp(0),
      frameId: 'arm',
      candidates: [],
      why: 'unsure',
      answer: 'answer',
    });
    expect(robot.agent.status().questions).toBe(1);
  });

  it('names the possible classes, the likeliest first, and how long a label can still find the sample', () => {
    const robot = new Robot(often);
    for (let k = 0; k < 400; k++) {
      robot.see(k);
      if (k < 200) robot.agent.take({ topic: 'label', event: { stamp: robot.stamp(k), name: `kind ${k % 4}` } });
    }
    const checks = robot.questions.filter(({ why }) => why === 'random_check');
    const last = checks.at(-1);
    const decision = robot.events.find((event) => event.kind === 'decision' && event.stamp === last?.stamp);
    expect(checks.length).toBeGreaterThan(5);
    expect(last?.answer).toBe('random');
    expect(last?.timeLeft).toBeCloseTo(6.4, 6);
    expect(decision).toMatchObject({
      givenLabel: last?.candidates[0].label,
      confidence: last?.candidates[0].confidence,
    });
    for (const { candidates } of robot.questions) {
      const sum = candidates.reduce((all, { confidence }) => all + confidence, 0);
      expect(candidates.length).toBeLessThanOrEqual(5);
      expect(candidates).toEqual(candidates.toSorted((a, b) => b.confidence - a.confidence));
      expect(sum).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  it('takes an answer by its stamp and kind, and charges nothing for an unanswered question', () => {
    const robot = new Robot(often);
    robot.seeAll(0, 64);
    const questions = robot.questions;
    for (const { stamp, answer } of questions) {
      robot.agent.take({ topic: 'label', event: { stamp, name: 'any', kind: answer } });
    }
    const random = questions.filter(({ why }) => why === 'random_check').length;
    expect(questions.length).toBeGreaterThan(random);
    expect(robot.agent.status()).toMatchObject({ labelled: questions.length, tested: random });

    const hash = (settings: QuestionSettings): string => {
      const other = new Robot(settings);
      other.seeAll(0, 300);
      return other.agent.weightsHash();
    };
    expect(hash(often)).toBe(hash(noAsking));
  });

  it('does not ask about a labelled sample, nor when nothing is learned', () => {
    const robot = new Robot(often);
    for (let k = 0; k < 100; k++) {
      robot.agent.take({ topic: 'label', event: { stamp: robot.stamp(k), name: 'any' } });
      robot.see(k);
    }
    expect(robot.questions).toEqual([]);
    robot.agent.setLearning(false);
    robot.seeAll(100, 200);
    expect(robot.questions).toEqual([]);
  });

  it('does not ask while the robot drives fast, nor when the speed is unknown', () => {
    const robot = new Robot({ ...often, maxSpeed: 0.5 });
    robot.seeAll(0, 50);
    expect(robot.questions).toEqual([]);
    for (let k = 50; k < 100; k++) {
      robot.drive(k, 0.8);
      robot.see(k);
    }
    expect(robot.questions).toEqual([]);
    for (let k = 100; k < 150; k++) {
      robot.drive(k, -0.3);
      robot.see(k);
    }
    const asked = robot.questions.length;
    expect(asked).toBeGreaterThan(0);
    // Odometry stays valid for a second.
    robot.seeAll(161, 300);
    expect(robot.questions).toHaveLength(asked);
    const notices = robot.events.flatMap((event) => (event.kind === 'notice' ? [event.message] : []));
    expect(notices).toEqual([
      expect.stringContaining('question.max_speed is 0.5 m/s, but for 10 s no speed was known'),
    ]);
    robot.drive(300, NaN);
    expect(robot.events.at(-1)).toMatchObject({ kind: 'refusal', topic: 'odom', cause: 'speed_invalid' });
  });

  it('does not ask during quiet hours, in the time zone of the mission', () => {
    const asks = (quietHours: string, timeZone = 'UTC'): number => {
      const robot = new Robot({ ...often, quietHours, timeZone });
      robot.seeAll(0, 100);
      return robot.questions.length;
    };
    expect(asks('22:00-07:00')).toBeGreaterThan(0);
    expect(asks('11:00-13:00')).toBe(0);
    expect(asks('18:00-12:30')).toBe(0);
    expect(asks('22:00-07:00', 'Pacific/Auckland')).toBe(0);
    expect(() => {
      checkQuietHours('22-7');
    }).toThrow('question.quiet_hours is "22-7", expected two times of day as 22:00-07:00, or nothing');
  });

  it('does not postpone a random check that falls on a repeated sample', () => {
    const life = (still: boolean): bigint[] => {
      const robot = new Robot({ ...often, perHour: 600 }, noon, still ? { novelty: 0.5 } : {});
      for (let k = 0; k < 600; k++) robot.see(k % 200 < 100 ? 4 * (k >> 2) : 4 * (k - (k % 200)), k);
      expect(robot.events.some((event) => event.kind === 'decision' && event.repeated)).toBe(still);
      const checks = robot.questions.filter(({ why }) => why === 'random_check');
      return checks.map(({ stamp }) => stamp);
    };
    const [some, all] = [life(true), life(false)];
    expect(all.length).toBeGreaterThan(3);
    expect(some.length).toBeLessThan(all.length);
    expect(some.filter((stamp) => !all.includes(stamp))).toEqual([]);
  });

  it('asks alike after a restore', () => {
    const robot = new Robot({ ...often, perHour: 600 });
    robot.seeAll(0, 300);
    const other = new Robot({ ...often, perHour: 600 });
    other.agent.restore(robot.agent.snapshot());
    const before = robot.questions.length;
    robot.seeAll(300, 900);
    other.seeAll(300, 900);
    expect(before).toBeGreaterThan(1);
    expect(other.questions.map(({ stamp, why }) => [stamp, why])).toEqual(
      robot.questions.slice(before).map(({ stamp, why }) => [stamp, why]),
    );
    robot.agent.reset();
    expect(() => {
      const { tensors, ...rest } = other.agent.snapshot();
      robot.agent.restore({
        ...rest,
        tensors: { ...tensors, 'questions.asked': { shape: [1], data: new Float64Array([NaN]) } },
      });
    }).toThrow('questions.asked[0] of the stored classifier is NaN');
  });

  it('follows a budget that changes at run time', () => {
    const robot = new Robot(noAsking);
    robot.seeAll(0, 100);
    expect(robot.questions).toEqual([]);
    robot.agent.setQuestions(often);
    robot.seeAll(100, 200);
    const asked = robot.questions.length;
    expect(asked).toBeGreaterThan(0);
    robot.agent.setQuestions(noAsking);
    robot.seeAll(200, 300);
    expect(robot.questions).toHaveLength(asked);
  });
});
