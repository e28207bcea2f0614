import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { AgentStatus } from '../../src/agent/agent-status.js';
import { stateLines } from '../../src/cli/status-text.js';
import {
  batteryEvent,
  decisionMessage,
  energyModeMessage,
  labelEvent,
  sensorEvent,
  statusMessage,
} from '../../src/node/messages.js';
import { toNanoseconds, toStamp } from '../../src/base/time.js';
import { modeDecision } from '../timestep/facts.js';

const header = { stamp: { sec: 12, nanosec: 345 }, frame_id: 'camera' };

const status: AgentStatus = {
  received: 10,
  decided: 8,
  learned: 7,
  familiar: 1,
  repeats: 2,
  unknown: 0,
  labelled: 2,
  questions: 7,
  repeated: 5,
  groupsNamed: 1,
  labelsWaiting: 3,
  labelsOverdue: 0,
  remembered: { samples: 1800, seconds: 60.5 },
  tested: 0,
  right: 0,
  dropped: new Map([['rate_cap', 2]]),
  sensors: [],
  neuronsUsed: 5,
  neurons: 400,
  classes: ['a', 'b'],
  accuracy: {
    ...{ accuracy: 0.5, low: 0.1, high: 0.9, faded: 0.6, samples: 2 },
    ...{ recall: 0.4, recallLow: 0.05, recallHigh: 0.95, reason: 'from few labels' },
  },
  energyUsed: 1e-6,
  energySaved: 2e-4,
  latencyP50: 0.001,
  latencyP99: 0.002,
  power: 1e-5,
  energyPerSample: NaN,
  weightsHash: 'ab',
};

describe('stamps', () => {
  it('convert to nanoseconds and back exactly', () => {
    const stamp = { sec: 2 ** 31 - 1, nanosec: 999_999_999 };
    expect(toNanoseconds(stamp)).toBe(2147483647999999999n);
    expect(toStamp(toNanoseconds(stamp))).toEqual(stamp);
  });
});

describe('inputs', () => {
  it('a sensor message keeps stamp and frame, and is otherwise not read', () => {
    const message = { header, ranges: Float32Array.of(1) };
    const event = sensorEvent('scan', message, 1.5);
    expect(event).toEqual({ sensor: 'scan', stamp: 12_000_000_345n, frameId: 'camera', taken: 1.5, message });
    expect(event.message).toBe(message);
  });

  it('a label names the stamp of its sample', () => {
    const named = { stamp: 12_000_000_345n, name: 'seven' };
    expect(labelEvent({ header, label: 'seven', kind: 0 })).toEqual({ ...named, kind: 'unset' });
    expect(labelEvent({ header, label: 'seven', kind: 4 })).toEqual({ ...named, kind: 'teaching' });
    // As in recordings from before labels had kinds.
    expect(labelEvent({ header, label: 'seven' })).toEqual({ ...named, kind: 'unset' });
    expect(() => labelEvent({ header, label: 'seven', kind: 9 })).toThrow(
      'kind of label "seven" is 9, expected one of 0 unset, 1 random, 2 correction, 3 answer, 4 teaching',
    );
  });

  it('a battery message is passed on unchanged, whatever its values', () => {
    const unused = {
      ...{
        header,
        voltage: NaN,
        temperature: NaN,
        current: NaN,
        design_capacity: NaN,
        location: 'left bay',
        serial_number: 'A1',
      },
      ...{ power_supply_health: 0, power_supply_technology: 0, cell_voltage: [], cell_temperature: [] },
    };
    const message = { ...unused, present: true, percentage: 87, charge: 1, capacity: 2, power_supply_status: 2 };
    const sent = { present: true, percentage: 87, charge: 1, capacity: 2, status: 2 };
    expect(batteryEvent(message)).toEqual({
      ...{ ...sent, voltage: unused.voltage, current: unused.current },
      names: [header.frame_id, 'left bay', 'A1'],
    });
  });
});

const energy = {
  ...{ joules: 5, power: 2.5, source: 'rapl' as const, measured: true, covers: 'CPU', uncertainty: NaN },
};

describe('outputs', () => {
  it('a decision copies stamp and frame of its input and fills every field', () => {
    const event = {
      ...{ kind: 'decision' as const, stamp: 12_000_000_345n, frameId: 'camera', label: 'a', confidence: 0.75 },
      ...{ givenLabel: 'a', unknown: false, unknownScore: 0.25 },
      ...{ classes: ['a', 'b'], scores: Float32Array.of(3, 1), timesteps: 35, timestepsRun: 4, latency: 0.001 },
      ...{ energy: 2e-7, learned: true, repeated: true, readout: 'class_neurons' as const },
    };
    expect(decisionMessage(event)).toEqual({
      ...{ header, label: 'a', confidence: 0.75, classes: ['a', 'b'], scores: Float32Array.of(3, 1), timesteps: 35 },
      ...{ timesteps_run: 4, latency: 0.001, energy: 2e-7, learned: true, readout: 1 },
      ...{ given_label: 'a', unknown: false, unknown_score: 0.25, repeated: true },
    });
  });

  it('an energy mode has NaN for unknown values, never 0', () => {
    const unknown = { charge: undefined, expected: undefined, latency: undefined, reason: 'forced to SAVER' };
    const event = { kind: 'mode' as const, ...modeDecision('SAVER', { ...unknown, forced: true }) };
    expect(energyModeMessage(event, status, energy, false, header.stamp)).toEqual({
      ...{ header: { stamp: header.stamp, frame_id: '' }, mode: 2, name: 'SAVER', forced: true, timesteps: 16 },
      ...{ events: 150, keep: 24, exit_first: 6, exit: 3, max_decisions_rate: 10, learning: false, battery: NaN },
      ...{
        accuracy: 0.5,
        accuracy_low: 0.1,
        accuracy_high: 0.9,
        accuracy_reason: 'from few labels',
        accuracy_faded: 0.6,
        accuracy_target: 0.9,
      },
      ...{ recall: 0.4, recall_low: 0.05, recall_high: 0.95, accuracy_measure: 'accuracy', accuracy_expected: NaN },
      ...{ accuracy_deviation: NaN, accuracy_warning: 0, drift: false, deadline: 0, latency_expected: NaN },
      ...{ in_time: true, mission: false, mission_until: { sec: 0, nanosec: 0 }, mission_reserve: NaN },
      ...{ mission_planned: NaN, power: 1e-5, energy_per_sample: NaN, reason: 'forced to SAVER', point_reason: 'T 35' },
      ...{ energy_source: 'rapl', energy_measured: true, energy_uncertainty: NaN, energy_power: 2.5 },
      ...{ energy_source: 'rapl', energy_measured: true, energy_uncertainty: NaN, energy_power: 2.5 },
    });
  });

  it('an energy mode contains the mission and the expectations', () => {
    const mission = { start: 0, charge: 1, until: 3600.5, reserve: 0.2, planned: 0.5 };
    const event = { kind: 'mode' as const, ...modeDecision('FULL', { mission, charge: 0.2 }) };
    expect(energyModeMessage(event, status, energy, true, header.stamp)).toMatchObject({
      ...{ battery: 0.2, learning: true, mission: true, mission_until: { sec: 3600, nanosec: 500_000_000 } },
      ...{ mission_reserve: 0.2, mission_planned: 0.5, accuracy_expected: 0.93, latency_expected: 0.001 },
    });
  });

  it('a status has 64-bit counts as bigint and drops by cause', () => {
    const stages = new Map(Object.entries({ take: 0.25, idle: 0.75 }));
    expect(statusMessage(status, { cpu: 0.25, memory: 1e8, stages }, header.stamp)).toEqual({
      ...{
        header: { stamp: header.stamp, frame_id: '' },
        received: 10n,
        decided: 8n,
        learned: 7n,
        familiar: 1n,
        repeated: 2n,
        unknown: 0n,
        labelled: 2n,
        labels_repeated: 5n,
        questions: 7n,
        groups_named: 1n,
        labels_waiting: 3n,
        label_lateness: 60.5,
      },
      ...{ dropped_causes: ['rate_cap'], dropped_counts: [2n], neurons_used: 5, neurons: 400, classes: ['a', 'b'] },
      ...{ accuracy: 0.5, accuracy_low: 0.1, accuracy_high: 0.9, accuracy_samples: 2, energy_used: 1e-6 },
      ...{ energy_saved: 2e-4, latency_p50: 0.001, latency_p99: 0.002, cpu: 0.25, memory: 100000000n },
      ...{ stages: ['take', 'idle'], stage_shares: Float32Array.of(0.25, 0.75), weights_hash: 'ab' },
    });
  });
});

describe('the state in words', () => {
  const usage = { cpu: 0.1, memory: 1e8, stages: new Map([['take', 0.01]]) };
  const energy = { joules: 1, power: 2, source: 'operations', measured: false, covers: '', uncertainty: NaN } as const;
  const dead = { name: 'scan', level: 2, message: 'No events recorded. nobody publishes /scan', values: [] };
  const account = { Heard: 12345, Used: 12000, Counted: 344, Waiting: 1 };
  const values = Object.entries(account).map(([key, value]) => ({ key, value: String(value) }));
  const fine = { name: 'image', level: 0, message: 'Desired frequency met', values };
  const lines = (change: Parameters<typeof modeDecision>[1]): string => {
    const event = { kind: 'mode', ...modeDecision('SAVER', change) } as const;
    const mode = energyModeMessage(event, status, energy, true, header.stamp);
    const diagnostics = [dead, fine, { ...dead, name: 'battery', level: 1, message: 'no valid reading' }];
    const state = { mode, status: statusMessage(status, usage, header.stamp), diagnostics };
    return stripVTControlCharacters(stateLines('/topspark', state).join('\n'));
  };

  it('shows mission, deadline and the warning of the margins, if any', () => {
    const until = Date.UTC(2026, 2, 1, 18) / 1000;
    const mission = { start: 0, charge: 1, until, reserve: 0.2, planned: 0.55 };
    const text = lines({ mission, deadline: 0.01, latency: 0.02, inTime: false, warning: 0.03 });
    expect(text).toContain('until 2026-03-01T18:00:00Z with 20.0 % left, 55.0 % planned now');
    expect(text).toContain('10 ms is broken, 20 ms expected');
    expect(text).toContain('3.0 % worse by its margins');
    expect(lines({ deadline: 0.01, latency: undefined })).toContain('10 ms is met');
  });

  it('shows every diagnostic that is not OK', () => {
    const text = lines({});
    expect(text).toMatch(/ERROR +scan: No events recorded\. nobody publishes \/scan/);
    expect(text).toMatch(/warning +battery: no valid reading/);
    expect(text).not.toContain('Desired frequency met');
  });

  it('shows the outcomes of the messages of each sensor', () => {
    expect(lines({})).toMatch(/ image +12,345 messages heard, 12,000 used, 344 refused or skipped, 1 waiting/);
  });

  it('omits parts that were not requested', () => {
    expect(lines({})).not.toMatch(/mission|deadline|margins/);
  });
});
