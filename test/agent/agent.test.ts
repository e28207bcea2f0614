import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import { clockFrom } from '../../src/base/time.js';
import type { AgentEvent, DecisionEvent } from '../../src/agent/events.js';
import type { AgentSettings } from '../../src/agent/agent-settings.js';
import { atOnce } from '../../src/base/slices.js';
import type { ProfilePoint } from '../../src/timestep/controller/profile.js';
import { grey } from '../sensing/frames.js';
import { imageMessage } from '../sensing/messages.js';
import { smallAgent } from './settings.js';

const battery = { present: true, percentage: 0.9, charge: NaN, capacity: NaN, status: 2 };

/** A bright upright or lying bar at a varying place: two classes that a network of 20 neurons can separate. */
const bar = (upright: boolean, place: number) =>
  grey(8, 8, (x, y) => ((upright ? x : y) === 2 + (place % 4) ? 250 : 10 + ((x * 7 + y * 3 + place) % 5)));

let time: number;
let agent: Agent;
let events: AgentEvent[];
let stamp: bigint;
/** Stamps of the messages whose buffers were released. */
let released: bigint[];

function start(changed: Partial<AgentSettings> = {}): void {
  // The two clocks have different origins, as ROS time and a process's own time have.
  agent = new Agent({ ...smallAgent, ...changed }, { ...clockFrom(() => time), monotonic: () => time - 900 });
  events = [];
  agent.onEvent = (event) => events.push(event);
}
beforeEach(() => {
  time = 1000;
  stamp = 0n;
  released = [];
  start();
});

const hearBattery = (change: Partial<typeof battery>): void => {
  agent.take({ topic: 'battery_state', event: { ...battery, ...change } });
};
const hearLabel = (name: string, at = stamp): void => {
  agent.take({ topic: 'label', event: { stamp: at, name } });
};
function see(frame = bar(true, 0), frameId = 'camera'): void {
  stamp += 1n;
  const at = stamp;
  const release = (): void => void released.push(at);
  const taken = time - 900.25;
  const event = { sensor: 'image', stamp, frameId, taken, message: imageMessage(frame), release };
  agent.take({ topic: 'sensor', event });
}
function learn(samples: number): void {
  for (let k = 0; k < samples; k++) {
    see(bar(k % 2 === 0, k >> 1));
    hearLabel(k % 2 === 0 ? 'upright' : 'lying');
  }
}
const decisions = (): DecisionEvent[] => events.filter((event) => event.kind === 'decision');
const refusals = () => events.filter((event) => event.kind === 'refusal');
const hash = (): string => agent.snapshot().weightsHash;

describe('Agent', () => {
  it('answers every image with its stamp, frame and cost', () => {
    see();
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      kind: 'decision',
      stamp: 1n,
      frameId: 'camera',
      label: '',
      confidence: 0,
      timesteps: 35,
      latency: 0.25,
      learned: true,
    });
    expect(decisions()[0]?.energy).toBeGreaterThan(0);
  });

  it('counts the cost of the front end, also for a flat image', () => {
    const { sync } = smallAgent.sensors;
    const values = { width: 8, height: 8, encoding: 'contrast' };
    start({ sensors: { sync, use: [{ name: 'image', values }] } });
    see(grey(8, 8, () => 90));
    expect(decisions()).toEqual([]);
    const flat = 2e-12 * (8 * 64 + 16 * 5);
    expect(agent.energyUsed).toBeCloseTo(flat, 18);
    see();
    expect(decisions()[0]?.energy).toBeCloseTo(agent.energyUsed - flat, 18);
    const network = agent.status().energySaved;
    expect(agent.energyUsed + network - 6.72e-7).toBeGreaterThan(2 * flat);
  });

  it('learns from labels while it runs', () => {
    learn(60);
    events.length = 0;
    see(bar(true, 1));
    see(bar(false, 2));
    expect(decisions().map(({ label }) => label)).toEqual(['upright', 'lying']);
    expect(decisions()[0]?.classes).toEqual(['upright', 'lying']);
    expect(decisions()[0]?.scores).toHaveLength(2);
    expect(agent.status()).toMatchObject({ received: 62, decided: 62, learned: 62, labelled: 60 });
    expect(agent.status().accuracy.samples).toBe(60);
  });

  it('does not change the scores of an earlier decision', () => {
    learn(20);
    const first = decisions().at(-1);
    const before = [...(first?.scores ?? [])];
    learn(20);
    expect([...(first?.scores ?? [])]).toEqual(before);
  });

  it('reports energy spent and saved', () => {
    learn(10);
    const { energyUsed, energySaved } = agent.status();
    expect(energyUsed).toBeGreaterThan(0);
    // Both include the cost of seeing.
    expect(energyUsed + energySaved).toBeCloseTo(10 * 6.72e-7 + 3.15e-8, 8);
  });

  it('reports mean power and energy per sample since the last report', () => {
    learn(10);
    time += 2;
    const { power, energyPerSample, energyUsed } = agent.status();
    expect(power).toBeCloseTo(energyUsed / 2, 12);
    expect(energyPerSample).toBeCloseTo(energyUsed / 10, 12);
    expect(agent.status()).toMatchObject({ power: 0, energyPerSample: NaN });
  });
});

describe('a sample that takes longer than a slice', () => {
  const large = { ...smallAgent, network: { ...smallAgent.network, timed: { policy: 'rate' as const } } };

  // Time advances at every read, so that every slice takes too long.
  beforeEach(() => {
    agent = new Agent(large, { ...clockFrom(() => time), monotonic: () => (time += 0.01) });
    events = [];
    agent.onEvent = (event) => events.push(event);
  });
  const next = async (count: number): Promise<void> => {
    for (let seen = 0; seen < 1000 && decisions().length < count; seen++) await nextTurn();
  };

  it('is decided while the event loop runs; then the newest follows, and the skipped ones are counted', async () => {
    see();
    see(bar(false, 1));
    see(bar(false, 2));
    see(bar(false, 3));
    expect(events).toEqual([]);
    await next(2);
    expect(decisions().map((each) => each.stamp)).toEqual([1n, 4n]);
    expect(agent.status()).toMatchObject({ received: 4, decided: 2, dropped: new Map([['busy', 2]]) });
    expect(released).toEqual([1n, 2n, 3n, 4n]);
  });

  it('gives the same bits as one that is decided at once', async () => {
    for (let k = 0; k < 6; k++) {
      see(bar(k % 2 === 0, k));
      await next(k + 1);
      hearLabel(k % 2 === 0 ? 'upright' : 'lying');
    }
    const sliced = hash();
    start({ network: large.network });
    for (let k = 0; k < 6; k++) {
      see(bar(k % 2 === 0, k));
      agent.finish();
      hearLabel(k % 2 === 0 ? 'upright' : 'lying');
    }
    expect(hash()).toBe(sliced);
  });

  it('can be labelled while it is being decided, before the next one begins', async () => {
    see();
    hearLabel('upright');
    see(bar(false, 1));
    await next(2);
    expect(agent.status()).toMatchObject({ labelled: 1, dropped: new Map() });
    expect(decisions().map(({ classes }) => classes)).toEqual([[], ['upright']]);
  });

  it('is finished at once before a save, a restore, a reset and at the end', async () => {
    see();
    const snapshot = agent.snapshot();
    expect(decisions()).toHaveLength(1);
    see();
    agent.restore(snapshot);
    expect(decisions()).toHaveLength(2);
    see();
    agent.reset();
    expect(decisions()).toHaveLength(3);
    see();
    see();
    agent.finish();
    await nextTurn();
    expect(decisions()).toHaveLength(4);
    expect(agent.status().dropped).toEqual(new Map([['busy', 1]]));
  });
});

describe('Agent refuses', () => {
  it.each([
    ['image_encoding', { encoding: 'jpeg' }],
    ['image_size_mismatch', { data: new Uint8Array(3) }],
    ['image_empty', { width: 0 }],
    ['image_too_large', { width: 10_000, height: 10_000 }],
    ['image_flat', { data: new Uint8Array(64) }],
  ])('an image as %s, changes no weight and decides the next one', (cause, change) => {
    learn(10);
    const before = hash();
    events.length = 0;
    see({ ...bar(true, 0), ...change });
    expect(events).toEqual([expect.objectContaining({ kind: 'refusal', topic: 'image', cause }) as AgentEvent]);
    expect(agent.status().dropped.get(cause)).toBe(1);
    expect(hash()).toBe(before);
    see();
    expect(decisions()).toHaveLength(1);
  });

  it('a label for an unknown stamp, and changes nothing', () => {
    learn(10);
    const before = hash();
    hearLabel('upright', -99_000_000_001n);
    expect(hash()).toBe(before);
    // The next sample shows that no recording has started again.
    see();
    expect(refusals()[0]?.message).toMatch(/^label "upright" names -99\.000000001 s, none of the last 11 samples: /);
    expect(agent.status()).toMatchObject({ labelled: 10, labelsWaiting: 0 });
    expect(agent.status().dropped.get('label_unknown_stamp')).toBe(1);
  });

  it('a second label that repeats the first', () => {
    see();
    hearLabel('upright');
    hearLabel('upright');
    expect(refusals().map(({ cause }) => cause)).toEqual(['label_duplicate']);
    expect(agent.status().accuracy.samples).toBe(1);
  });

  it('a battery of 87, and keeps the mode', () => {
    hearBattery({ percentage: 87 });
    expect(refusals()[0]?.message).toContain('looks like a percentage of 0..100');
    expect(agent.mode).toMatchObject({ mode: 'FULL', charge: undefined });
  });

  it('an image whose frame_id is too long, and quotes only its beginning', () => {
    see(bar(true, 0), 'f'.repeat(100_000));
    const shown = `frame_id is "${'f'.repeat(60)}…" (100000 characters), expected at most input.max_text = 40 characters`;
    expect(events).toEqual([{ kind: 'refusal', topic: 'image', cause: 'frame_too_long', message: shown }]);
    see(bar(true, 0), 'f'.repeat(40));
    expect(decisions()).toHaveLength(1);
  });

  it('a class whose name is too long, and quotes only its beginning', () => {
    see();
    hearLabel('x'.repeat(100_000));
    expect(agent.status().classes).toEqual([]);
    const found = `has the name "${'x'.repeat(60)}…" (100000 characters), expected 1 to input.max_text = 40 characters`;
    const message = expect.stringMatching(/^label of [\d.]+ s /) as string;
    expect(refusals()).toEqual([{ kind: 'refusal', topic: 'label', cause: 'label_too_long', message }]);
    expect(refusals()).toMatchObject([{ message: expect.stringContaining(found) as string }]);
    hearLabel('y'.repeat(40));
    expect(agent.status().classes).toEqual(['y'.repeat(40)]);
  });

  it('one class too many', () => {
    for (let k = 0; k < 25; k++) {
      see(bar(true, k));
      hearLabel(`class ${k < 24 ? k % 8 : 8}`);
    }
    expect(refusals()[0]?.message).toBe(
      'label "class 8" is a new class, but network.classes = 8 are known and each has more than 2 labels; raise network.classes or use ~/forget_class; fewest labels: "class 0" (3), "class 1" (3), "class 2" (3); the new name replaces one of them once it has come more often, so far 1 times',
    );
  });
});

describe('energy mode', () => {
  it('falls with the battery, and is reported when it changes', () => {
    for (const percentage of [0.9, 0.5, 0.49, 0.2, 0.1]) hearBattery({ percentage });
    const modes = events.filter((event) => event.kind === 'mode').map(({ mode }) => mode);
    expect(modes).toEqual(['BALANCED', 'SAVER', 'CRITICAL']);
  });

  it('follows a battery whose driver never sets present, and warns once', () => {
    for (const percentage of [0.2, 0.19]) hearBattery({ percentage, present: false });
    expect(agent.mode.mode).toBe('SAVER');
    const notices = events.filter((event) => event.kind === 'notice');
    expect(notices).toEqual([
      {
        kind: 'notice',
        topic: 'battery_state',
        message:
          'present is false though the charge is 20.0 %: the charge is used, since many drivers never set present',
      },
    ]);
    expect(refusals()).toEqual([]);
  });

  it('stays when there is no battery: every message is counted, the first is reported', () => {
    for (let k = 0; k < 5; k++) hearBattery({ percentage: NaN, present: false });
    expect(agent.status().dropped.get('battery_absent')).toBe(5);
    expect(refusals()).toMatchObject([{ topic: 'battery_state', cause: 'battery_absent' }]);
    expect(agent.mode).toMatchObject({ mode: 'FULL', charge: undefined });
  });

  it('is not CRITICAL because a driver starts with 0', () => {
    hearBattery({ percentage: 0 });
    expect(agent.mode.mode).toBe('FULL');
    hearBattery({ percentage: 0.8 });
    expect(agent.mode).toMatchObject({ mode: 'FULL', charge: 0.8 });
    expect(agent.status().dropped.get('battery_unconfirmed')).toBe(1);
  });

  it('sets the operating point of the next sample', () => {
    hearBattery({ percentage: 0.2 });
    see();
    expect(decisions()[0]).toMatchObject({ timesteps: 16, learned: true });
  });

  it('caps the decisions a second, and does not read what it does not decide', () => {
    hearBattery({ percentage: 0.2 });
    for (let k = 0; k < 30; k++) {
      time += 1 / 30;
      see({ ...bar(true, k), encoding: k % 3 === 0 ? 'mono8' : 'never read' });
    }
    expect(decisions()).toHaveLength(10);
    expect(refusals()).toEqual([]);
    expect(agent.status().dropped.get('rate_cap')).toBe(20);
    expect(released).toHaveLength(30);
  });

  it('stays when the battery falls silent, and says so', () => {
    hearBattery({ percentage: 0.2 });
    time += 31;
    agent.tick();
    expect(agent.mode).toMatchObject({
      mode: 'SAVER',
      charge: undefined,
      reason: 'battery unknown: SAVER is kept',
    });
  });

  it('can be forced and released', () => {
    hearBattery({ percentage: 0.9 });
    expect(agent.forceMode('CRITICAL')).toMatchObject({ mode: 'CRITICAL', forced: true });
    see();
    expect(decisions()[0]).toMatchObject({ timesteps: 8, learned: false });
    expect(agent.forceMode('AUTO')).toMatchObject({ mode: 'FULL', forced: false });
    expect(events.filter((event) => event.kind === 'mode')).toHaveLength(2);
  });
});

describe('learning only what is novel', () => {
  it('skips what a settled network is sure of, counts it, and uses every label', () => {
    agent.setLearning('novel');
    learn(2000);
    const { decided, learned, familiar, labelled } = agent.status();
    expect(familiar).toBeGreaterThan(100);
    expect(learned).toBeGreaterThan(500);
    expect({ decided, labelled }).toEqual({ decided: learned + familiar, labelled: decided });
    expect(decisions().filter((each) => !each.learned)).toHaveLength(familiar);
    agent.setLearning(true);
    learn(10);
    expect(agent.status()).toMatchObject({ learned: learned + 10, familiar });
  });
});

describe('learning switched off', () => {
  it('changes no weight for any sample or label', () => {
    learn(20);
    const before = hash();
    agent.setLearning(false);
    learn(20);
    expect(hash()).toBe(before);
    expect(decisions().at(-1)?.learned).toBe(false);
  });

  it('still compares answers with labels', () => {
    learn(20);
    agent.setLearning(false);
    learn(10);
    expect(agent.status().accuracy.samples).toBe(30);
    expect(agent.status().labelled).toBe(30);
  });
});

describe('agent state', () => {
  it('continues in another agent as if it had never stopped', () => {
    learn(30);
    see();
    const stored = agent.snapshot();
    hearLabel('upright');
    learn(10);
    const wanted = hash();
    const wantedStamp = stamp;
    start();
    agent.restore(stored);
    stamp = 31n;
    hearLabel('upright');
    learn(10);
    expect(stamp).toBe(wantedStamp);
    expect(hash()).toBe(wanted);
  });

  it('is forgotten on reset', () => {
    const fresh = hash();
    learn(30);
    agent.reset();
    expect(hash()).toBe(fresh);
    expect(agent.status()).toMatchObject({ neuronsUsed: 0, classes: [], weightsHash: fresh });
  });

  it('is not replaced by one that does not fit', () => {
    learn(30);
    const before = hash();
    const other = new Agent(
      { ...smallAgent, network: { neurons: 30, classes: 8, memory: 16 } },
      clockFrom(() => 0),
    );
    expect(() => {
      agent.restore(other.snapshot());
    }).toThrow(/30/);
    expect(hash()).toBe(before);
  });
});

it('refuses impossible settings by name', () => {
  expect(() => {
    start({ network: { neurons: 5, classes: 8, memory: 16 } });
  }).toThrow(/neurons is 5/);
});

describe('measured operating points', () => {
  const point = { timesteps: 35, events: 400, keep: 96, exitFirst: 0, exit: 0 };
  const measured = (events: number, accuracy: number): ProfilePoint => ({
    ...{ point: { ...point, events }, samples: 9, accuracy, accuracyLow: 0, accuracyHigh: 1, recall: accuracy },
    ...{ energy: { train: 2e-7, infer: 1e-7 }, latency: { train: 1e-5, infer: 1e-5 } },
  });

  it('are what the controller chooses from, while decisions and learning go on', () => {
    // Both figures are far from what the network does.
    start({ profile: { policy: 'lean', points: [measured(400, 0.2), measured(50, 0.1)] } });
    learn(80);
    expect(atOnce(agent.recalibrate())).toBe(80);
    learn(1);
    const [dear, cheap] = agent.profile?.points ?? [];
    expect(dear.accuracy).toBeGreaterThan(0.9);
    expect(cheap.energy.infer).toBeLessThan(dear.energy.infer);
    expect(decisions()).toHaveLength(81);
    expect(refusals()).toEqual([]);
  });

  it('are stored with the samples that they rest on, so that another agent continues alike', () => {
    const profile = { policy: 'lean', points: [measured(400, 0.2), measured(50, 0.1)] };
    start({ profile });
    learn(80);
    atOnce(agent.recalibrate());
    const found = agent.profile;
    const stored = structuredClone(agent.snapshot());
    const wantedStamp = stamp;
    learn(520);
    const wanted = agent.snapshot();
    start({ profile });
    agent.restore(stored);
    expect(agent.profile).toEqual(found);
    stamp = wantedStamp;
    learn(520);
    const again = agent.snapshot();
    expect(again.meta).toEqual(wanted.meta);
    expect(again.tensors['reservoir.intensities']).toEqual(wanted.tensors['reservoir.intensities']);
    expect(again.weightsHash).toBe(wanted.weightsHash);
    expect(again.meta['reservoir_names']).toHaveLength(500);
  });

  it('are discarded when the points to choose from have changed', () => {
    start({ profile: { policy: 'lean', points: [measured(400, 0.2)] } });
    learn(20);
    atOnce(agent.recalibrate());
    const stored = agent.snapshot();
    const profile = { policy: 'lean', points: [measured(300, 0.2)] };
    start({ profile });
    agent.restore(stored);
    expect(agent.profile).toEqual(profile);
    expect(atOnce(agent.recalibrate())).toBe(20);
  });

  it('are refused when they are no state of an agent, and nothing changes', () => {
    learn(20);
    const stored = agent.snapshot();
    const before = hash();
    learn(5);
    const changed = hash();
    expect(changed).not.toBe(before);
    const broken = { ...stored, meta: { ...stored.meta, reservoir_names: ['upright', ''] } };
    expect(() => {
      agent.restore(broken);
    }).toThrow('reservoir_names of the stored classifier is ["upright",""], expected at most 500 names, none empty');
    expect(() => {
      agent.restore({ ...stored, meta: { ...stored.meta, profile: { policy: 'lean' } } });
    }).toThrow('profile of the stored agent: points is missing, expected a list of at least one point');
    expect(hash()).toBe(changed);
  });

  it('need a profile and labelled samples', () => {
    learn(5);
    start();
    expect(atOnce(agent.recalibrate())).toBe(0);
    learn(5);
    const without = agent.profile === undefined;
    expect(atOnce(agent.recalibrate())).toBe(without ? 0 : 5);
  });
});
