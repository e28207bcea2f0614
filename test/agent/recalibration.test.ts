import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Recalibration, type RecalibrationParts } from '../../src/agent/recalibration.js';
import { Agent } from '../../src/agent/agent.js';
import type { RecalibrationEvent } from '../../src/agent/events.js';
import { clockFrom } from '../../src/base/time.js';
import { cmos45 } from '../../src/energy/energy-account.js';
import { imageMessage } from '../sensing/messages.js';
import { grey } from '../sensing/frames.js';
import { smallAgent } from './settings.js';

const point = { timesteps: 35, events: 400, keep: 96, exitFirst: 0, exit: 0 };
const measured = {
  ...{ point, samples: 9, accuracy: 0.2, accuracyLow: 0, accuracyHigh: 1, recall: 0.2 },
  ...{ energy: { train: 2e-7, infer: 1e-7 }, latency: { train: 1e-5, infer: 1e-5 } },
};
const profile = { policy: 'lean', points: [measured] };

let events: RecalibrationEvent[];
beforeEach(() => {
  events = [];
});

describe('recalibration at the charger', () => {
  let agent: Agent;

  /** An agent with this many labelled samples. */
  function start(recalibrateAtCharger: boolean, samples = 5): void {
    agent = new Agent(
      { ...smallAgent, profile, recalibrateAtCharger },
      clockFrom(() => 0),
    );
    agent.onEvent = (event) => {
      if (event.kind === 'recalibration') events.push(event);
    };
    for (let k = 1; k <= samples; k++) {
      const message = imageMessage(grey(8, 8, (x) => (x === k % 4 ? 250 : 10)));
      agent.take({ topic: 'sensor', event: { sensor: 'image', stamp: BigInt(k), frameId: '', taken: 0, message } });
      agent.take({ topic: 'label', event: { stamp: BigInt(k), name: `kind ${k % 2}` } });
    }
  }

  /** A second passes with a battery that charges or does not. */
  function beat(charging: boolean): void {
    const battery = { present: true, percentage: 0.5, charge: NaN, capacity: NaN, status: charging ? 1 : 2 };
    agent.take({ topic: 'battery_state', event: battery });
    agent.tick();
    agent.finish();
  }

  it('begins once when charging begins, and again at the next charge', () => {
    start(true);
    for (const charging of [false, true, true, false]) beat(charging);
    expect(events).toEqual([{ kind: 'recalibration', samples: 5 }]);
    beat(true);
    expect(events).toHaveLength(2);
  });

  it('does not begin when the settings do not ask for it', () => {
    start(false);
    beat(true);
    expect(events).toEqual([]);
  });

  it('proceeds by itself, a slice in each turn of the event loop', async () => {
    start(true);
    agent.beginRecalibration();
    await vi.waitUntil(() => events.length === 1);
    expect(events).toEqual([{ kind: 'recalibration', samples: 5 }]);
  });

  it('reports zero samples when none was labelled', () => {
    start(true, 0);
    beat(true);
    expect(events).toEqual([{ kind: 'recalibration', samples: 0 }]);
  });
});

describe('recalibration beside the decisions', () => {
  /** An agent whose network fails on request. */
  function recalibrationThat(probe: () => object): Recalibration {
    const parts = {
      controller: { profile, adopt: () => undefined },
      classifier: {
        labelled: Array.from({ length: 3 }, () => ({ intensities: new Uint8Array(64), name: 'kind' })),
        probe,
      },
      costs: cmos45,
      // Every sample takes longer than a slice.
      time: (() => {
        let now = 0;
        return () => now++;
      })(),
      finish: () => undefined,
      done: (event: RecalibrationEvent) => events.push(event),
    };
    return new Recalibration(parts as unknown as RecalibrationParts);
  }

  it('does not begin a second time while one is running', async () => {
    let probes = 0;
    const recalibration = recalibrationThat(() => {
      probes++;
      return { label: 'kind', operations: {} };
    });
    recalibration.begin();
    recalibration.begin();
    await vi.waitUntil(() => events.length === 1);
    expect(probes).toBe(3);
    recalibration.begin();
    await vi.waitUntil(() => events.length === 2);
    expect(probes).toBe(6);
  });

  it('ends at once on request, and reports that once', async () => {
    const recalibration = recalibrationThat(() => ({ label: 'kind', operations: {} }));
    recalibration.begin();
    expect(events).toEqual([]);
    recalibration.finish();
    recalibration.finish();
    await new Promise(setImmediate);
    expect(events).toHaveLength(1);
  });

  it('reports a fault, and can begin again', async () => {
    const fault = new Error('no memory');
    const recalibration = recalibrationThat(() => {
      throw fault;
    });
    recalibration.begin();
    await vi.waitUntil(() => events.length === 1);
    expect(events[0]).toEqual({ kind: 'recalibration', samples: 0, error: fault });
    recalibration.begin();
    await vi.waitUntil(() => events.length === 2);
  });
});
