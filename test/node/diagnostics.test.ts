import { describe, expect, it } from 'vitest';
import { sensorKinds } from '../../src/sensing/sensor-kinds.js';
import { diagnosticStatuses, type DiagnosticFacts } from '../../src/node/diagnostics.js';
import { FrequencyMonitor, type FrequencyReport, type SensorReport } from '../../src/node/sensor-watch.js';
import { modeDecision } from '../timestep/facts.js';

const image = (frequency: FrequencyReport): SensorReport => ({
  ...{ name: 'image', topic: 'image', frequency, expected: 0, silence: 0.5 },
});

const accuracy = {
  ...{ accuracy: 0.95, low: 0.92, high: 0.97, faded: 0.94, samples: 100 },
  ...{ recall: 0.8, recallLow: 0.7, recallHigh: 0.89, reason: 'from few labels' },
};
const facts: DiagnosticFacts = {
  active: true,
  publishers: { image: 1 },
  sensors: [image({ total: 50, frequency: 10, verdict: 'ok' })],
  fruitless: new Map(),
  labels: 3,
  headingHint: undefined,
  refused: () => undefined,
  mode: { kind: 'mode', ...modeDecision('FULL') },
  status: {
    ...{
      received: 5,
      decided: 5,
      learned: 5,
      familiar: 0,
      repeats: 0,
      unknown: 0,
      labelled: 2,
      questions: 0,
      repeated: 0,
      groupsNamed: 0,
      labelsWaiting: 0,
      labelsOverdue: 0,
      remembered: { samples: 1800, seconds: 60.5 },
      tested: 0,
      right: 0,
      dropped: new Map([['image_empty', 4]]),
      sensors: [],
      neuronsUsed: 1,
    },
    ...{ neurons: 400, classes: [], accuracy, energyUsed: 1 },
    ...{ energySaved: 9, latencyP50: 0.1, latencyP99: 0.2, power: 0.5, energyPerSample: 0.1, weightsHash: '' },
  },
  energy: {
    ...{ joules: 12, power: 3, source: 'rapl', measured: true, covers: 'CPU package-0', uncertainty: NaN },
  },
  energyAsked: 'auto',
  missionAsked: '',
  charging: false,
  checkpoint: { directory: '/d', name: 'checkpoint-1', fault: undefined, failures: 0 },
  unknownParameters: { misspelt: [], foreign: ['other.thing'] },
  clock: { simulated: false, jumps: 0, restarts: 0, still: 0, strange: 0, trouble: undefined },
  services: { held: 0, failed: 0 },
  waiting: { subscriptions: 0, reason: undefined },
};

const mission = { start: 0, charge: 1, until: 3600, reserve: 0.2, planned: 0.5 };

function task(name: string, changes: Partial<DiagnosticFacts> = {}) {
  const found = diagnosticStatuses({ ...facts, ...changes }, 'robot1/topspark', 'host').find(
    (status) => status.name === `robot1/topspark: ${name}`,
  );
  if (found === undefined) throw new Error(`no task ${name}`);
  return found;
}

describe('diagnostics', () => {
  it('suggest a cause when answers keep being wrong', () => {
    const status = { ...facts.status, accuracy: { ...accuracy, accuracy: 0.5, high: 0.6 } };
    const mode = { ...facts.mode, target: 0.9 };
    expect(task('accuracy', { status, mode, headingHint: 'look left' })).toMatchObject({
      ...{ level: 1, message: 'below target: look left' },
    });
    expect(task('accuracy', { status, mode })).toMatchObject({ level: 1, message: 'below target' });
  });

  it('are OK when all is well', () => {
    const statuses = diagnosticStatuses(facts, 'robot1/topspark', 'host');
    expect(statuses.map(({ level }) => level)).toEqual(Array.from({ length: 13 }, () => 0));
    expect(statuses.every(({ hardware_id }) => hardware_id === 'host')).toBe(true);
    expect(task('image').values).toContainEqual({ key: 'dropped: image_empty', value: '4' });
    expect(task('image').values).toContainEqual({ key: 'Actual frequency (Hz)', value: '10' });
  });

  it('have unique names and keys, as rqt needs them, with every sensor too', () => {
    const frequency: FrequencyReport = { total: 50, frequency: 10, verdict: 'ok' };
    const sensors = sensorKinds.map(({ name, topic }) => ({ name, topic, frequency, expected: 0, silence: 0.5 }));
    const dropped = new Map(sensors.flatMap(({ name }, k) => [[`${name}_broken`, k + 1] as const]));
    const all = { ...facts, sensors, status: { ...facts.status, dropped } };
    const statuses = diagnosticStatuses(all, 'robot1/topspark', 'host');
    expect(statuses).toHaveLength(sensors.length + 12);
    expect(new Set(statuses.map(({ name }) => name)).size).toBe(statuses.length);
    for (const { values } of statuses) expect(new Set(values.map(({ key }) => key)).size).toBe(values.length);
    const counted = statuses.flatMap(({ values }) => values.filter(({ key }) => key.startsWith('dropped: ')));
    expect(counted.map(({ value }) => value)).toEqual(sensors.map((_, k) => String(k + 1)));
  });

  it.each([
    ['image', { sensors: [image({ total: 0, frequency: NaN, verdict: 'none' })] }, 2, 'No events recorded.'],
    ['image', { sensors: [image({ total: 9, frequency: 1, verdict: 'low' })] }, 1, 'Frequency too low.'],
    [
      'image',
      { sensors: [{ ...image({ total: 0, frequency: NaN, verdict: 'none' }), fault: 'nobody publishes /image' }] },
      2,
      'No events recorded. nobody publishes /image',
    ],
    ['parameters', {}, 0, 'all are known'],
    [
      'parameters',
      { unknownParameters: { misspelt: ['sensor', 'scan.naer'], foreign: [] } },
      1,
      '2 not known and ignored: sensor, scan.naer',
    ],
    ['image', { refused: (topic) => (topic === 'image' ? 'too large' : undefined) }, 1, 'too large'],
    ['label', { refused: (topic) => (topic === 'label' ? 'unknown stamp' : undefined) }, 1, 'unknown stamp'],
    ['battery', { mode: { ...facts.mode, charge: undefined } }, 1, 'no valid reading'],
    ['battery', { refused: (topic) => (topic === 'battery_state' ? 'is 87' : undefined) }, 1, 'is 87'],
    ['accuracy', { mode: { ...facts.mode, target: 0.98 } }, 1, 'below target'],
    ['accuracy', { mode: { ...facts.mode, measure: 'recall' } }, 1, 'below target'],
    ['accuracy', { mode: { ...facts.mode, drift: true } }, 1, 'answers have become worse'],
    ['deadline', { mode: { ...facts.mode, deadline: 0.1 } }, 0, 'met'],
    ['deadline', { mode: { ...facts.mode, deadline: 0.1, inTime: false } }, 1, 'broken by T 35'],
    ['mission', { mode: { ...facts.mode, mission } }, 0, 'as planned'],
    ['mission', { mode: { ...facts.mode, mission, charge: 0.4 } }, 1, 'the charge is below the plan'],
    ['mission', {}, 0, 'none'],
    ['mission', { missionAsked: '2026-03-01T18:00Z' }, 1, 'there is none: 2026-03-01T18:00Z is past'],
    ['mission', { missionAsked: '18:00', charging: true }, 0, 'the plan begins when charging ends'],
    ['mission', { missionAsked: '18:00', mode: { ...facts.mode, charge: undefined } }, 0, 'waits for the battery'],
    ['energy source', { energyAsked: 'rapl' }, 0, 'measured by rapl: CPU package-0'],
    ['energy source', { energyAsked: 'iio' }, 1, 'iio is missing; measured by rapl: CPU package-0'],
    ['checkpoint', { checkpoint: { directory: '/d', name: '', fault: 'disk full', failures: 0 } }, 2, 'disk full'],
  ] satisfies [string, Partial<DiagnosticFacts>, number, string][])('%s with %o', (name, changes, level, message) => {
    expect(task(name, changes)).toMatchObject({ level, message });
  });

  it('give each sensor a task with its own causes', () => {
    const laser: SensorReport = {
      name: 'scan',
      topic: 'laser',
      frequency: facts.sensors[0].frequency,
      expected: 10,
      silence: 0.5,
    };
    const dropped = new Map(Object.entries({ image_empty: 4, scan_silent: 2, rate_cap: 7 }));
    const changes = {
      sensors: [...facts.sensors, laser],
      status: { ...facts.status, dropped },
      publishers: { laser: 3 },
    };
    const causes = (name: string): string[] =>
      task(name, changes).values.flatMap(({ key, value }) => (key.startsWith('dropped') ? [`${key} ${value}`] : []));
    expect(causes('image')).toEqual(['dropped: image_empty 4', 'dropped: rate_cap 7']);
    expect(causes('scan')).toEqual(['dropped: scan_silent 2']);
    expect(task('scan', changes).values).toContainEqual({ key: 'Publishers', value: '3' });
    expect(task('scan', changes).values).toContainEqual({ key: 'Lowest frequency expected (Hz)', value: '10' });
  });

  it('list the outcomes of the messages of each sensor', () => {
    const account = { name: 'image', heard: 12, used: 9, counted: 2, waiting: 1 };
    const { values } = task('image', { status: { ...facts.status, sensors: [account] } });
    const shown = Object.fromEntries(values.map(({ key, value }) => [key, value]));
    expect(shown).toMatchObject({ Heard: '12', Used: '9', Counted: '2', Waiting: '1' });
  });

  it('warn as long as nothing comes from a sensor', () => {
    const fruitless = new Map([['image', 'nothing was decided for 12 s']]);
    expect(task('image', { fruitless })).toMatchObject({ level: 1, message: 'nothing was decided for 12 s' });
    expect(task('label', { fruitless })).toMatchObject({ level: 0 });
  });

  it('are OK while inactive on purpose, whatever else is wrong', () => {
    const checkpoint = { directory: '/d', name: '', fault: 'disk full', failures: 0 };
    expect(task('checkpoint', { active: false, checkpoint })).toMatchObject({ level: 0, message: 'inactive' });
  });
});

describe('FrequencyMonitor', () => {
  function run(expected: number, perSecond: readonly number[]) {
    const monitor = new FrequencyMonitor(expected);
    let total = 0;
    return perSecond.map((events, second) => monitor.tick(second, (total += events)));
  }

  it('reports no events at first, and again when events stop for five seconds', () => {
    const verdicts = run(0, [0, 3, 0, 0, 0, 0, 0, 0]).map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['none', 'ok', 'ok', 'ok', 'ok', 'ok', 'none', 'none']);
  });

  it('never calls a frequency too high: the expected one is the lowest', () => {
    expect(run(8, [10, 10, 10, 10, 10, 10]).at(-1)?.verdict).toBe('ok');
    expect(run(8, [100, 100, 100, 100, 100, 100]).at(-1)?.verdict).toBe('ok');
  });

  it('judges the mean over five seconds, with a tolerance of a tenth', () => {
    expect(run(10, [10, 10, 10, 10, 10, 10]).at(-1)).toEqual({ total: 60, frequency: 10, verdict: 'ok' });
    expect(run(10, [9, 9, 9, 9, 9, 9]).at(-1)?.verdict).toBe('ok');
    expect(run(10, [8, 8, 8, 8, 8, 8]).at(-1)?.verdict).toBe('low');
  });
});
