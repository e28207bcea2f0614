import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { agentSettings } from '../../src/node/settings-of-parameters.js';
import { isDynamic, type ParameterEntry, type ParameterValue, ParameterValues } from '../../src/base/parameters.js';
import { idleBecause } from '../../src/node/idle-parameters.js';
import { costFile } from '../../src/node/energy-parameters.js';
import { modeFile } from '../../src/node/mode-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { cmos45 } from '../../src/energy/energy-account.js';
import { shippedProfile } from '../../src/timestep/controller/shipped-profile.js';
import { defaultModes, type ModeName } from '../../src/timestep/controller/modes.js';

interface Tree {
  readonly [name: string]: Tree | ParameterValue;
}

const config = (file: string): string => fileURLToPath(new URL(`../../config/${file}`, import.meta.url));

function read(file: string): { text: string; values: Map<string, ParameterValue> } {
  const text = readFileSync(config(file), 'utf8');
  const tree = parse(text) as { '/**': { ros__parameters: Tree } };
  return { text, values: new Map(flatten(tree['/**'].ros__parameters)) };
}

function flatten(tree: Tree, prefix = ''): [string, ParameterValue][] {
  return Object.entries(tree).flatMap(([name, value]): [string, ParameterValue][] =>
    isTree(value) ? flatten(value, `${prefix}${name}.`) : [[prefix + name, value]],
  );
}

const isTree = (value: Tree | ParameterValue): value is Tree => typeof value === 'object' && !Array.isArray(value);

const defaults = new Map(parameterTable.map((entry) => [entry.name, entry.standard]));

describe('the parameter file of topspark.launch.py', () => {
  // Parameters set there are not taken over from a checkpoint.
  it('sets only what launch sets itself, to its default', () => {
    expect([...read('launch.yaml').values]).toEqual([['autostart', defaults.get('autostart')]]);
  });
});

describe('the shipped parameter file', () => {
  const { text, values } = read('topspark.yaml');

  it('lists every parameter of the table with its default, and no other', () => {
    expect(Object.fromEntries(values)).toEqual(Object.fromEntries(defaults));
  });

  it('writes doubles as doubles, so that it loads everywhere', () => {
    const doubles = parameterTable.filter(({ type }) => type === 'double').map(({ name }) => name.split('.').at(-1));
    for (const name of doubles) expect(text).toMatch(new RegExp(`^ +${name}: -?\\d+\\.\\d+$`, 'm'));
  });

  it('comments every parameter, and marks the dynamic ones', () => {
    const lines = text.split('\n');
    const commented = lines.filter(
      (line, index) => / {4,}\w+: \S/.test(line) && /^ +(#|\w+: \S)/.test(lines[index - 1]),
    );
    expect(commented).toHaveLength(parameterTable.length);
    const marked = [...text.matchAll(/\(dynamic\)\n +(\w+):/g)].map(([, name]) => name);
    const dynamic = parameterTable.filter(isDynamic).map(({ name }) => name.split('.').at(-1));
    expect(marked).toEqual(dynamic);
  });

  it('names the range of each number', () => {
    for (const entry of parameterTable) {
      if (entry.type === 'integer') expect(text).toContain(`${entry.low}..${entry.high}`);
    }
  });
});

describe("the demo's parameter file", () => {
  it('contains known parameters only, and starts with nothing learned', () => {
    const { values } = read('demo.yaml');
    for (const name of values.keys()) expect(defaults.has(name), name).toBe(true);
    expect(values.get('checkpoint.restore')).toBe(false);
  });

  it('goes with modes that do not cap decisions, and learn', () => {
    const { modes } = agentSettings(
      new ParameterValues(new Map([...defaults, ['modes.file', config('demo_modes.yaml')]])),
    );
    for (const [name, mode] of Object.entries(defaultModes)) {
      expect(modes[name as ModeName]).toEqual({ ...mode, maxRate: 0, learning: true });
    }
  });
});

describe.each([
  ['modes.yaml', modeFile],
  ['energy_costs.yaml', costFile],
] as const)('the shipped file %s', (name, { entries }) => {
  const text = readFileSync(config(name), 'utf8');

  it('lists every setting with its default, and no other', () => {
    const standard = entries.map((entry) => [entry.name, entry.standard]);
    expect(Object.fromEntries(flatten(parse(text) as Tree))).toEqual(Object.fromEntries(standard));
  });

  it('names the range of each number', () => {
    for (const entry of entries) if (entry.type === 'integer') expect(text).toContain(`${entry.low}..${entry.high}`);
  });
});

describe('declared parameters', () => {
  const declared = (...set: [string, ParameterValue][]): string[] => {
    const values = new ParameterValues(new Map([...defaults, ...set]));
    const blocks = new Set(set.map(([name]) => name.split('.')[0]));
    // As the node does.
    const wanted = (entry: ParameterEntry): boolean =>
      entry.whereGiven !== true || blocks.has(entry.name.split('.')[0]);
    return parameterTable
      .filter((entry) => idleBecause(entry, values) === undefined && wanted(entry))
      .map(({ name }) => name);
  };

  it('are those with an effect for one camera', () => {
    const names = declared();
    // ROS declares two of its own, and a topic with given quality of service three more: 60 in all.
    expect(names.length).toBeLessThanOrEqual(55);
    const blocks = new Set(names.map((name) => name.split('.')[0]));
    for (const sensor of ['scan', 'imu', 'points', 'sync']) expect(blocks).not.toContain(sensor);
    for (const name of ['image.weight', 'network.seed', 'energy.costs.file']) expect(names).not.toContain(name);
    for (const name of ['image.encoding', 'learning.samples', 'energy.rails']) expect(names).toContain(name);
  });

  it('depend on the sensors, the policy, the energy source and the cost table', () => {
    const two = declared(['sensors', ['scan', 'imu']]);
    for (const name of ['scan.weight', 'imu.hop', 'sync.slop']) expect(two).toContain(name);
    expect(two).not.toContain('image.width');
    const timed = declared(['network.policy', 'rate']);
    expect(timed).toEqual(expect.arrayContaining(['network.rule', 'network.encoding', 'network.seed']));
    expect(timed).not.toContain('learning.samples');
    const battery = declared(['energy.source', 'battery']);
    expect(battery).toContain('energy.watts_per_core');
    for (const name of ['energy.rails', 'energy.sysfs']) expect(battery).not.toContain(name);
    expect(declared(['energy.cost_table', 'custom'])).toContain('energy.costs.file');
  });
});

describe('the parameter table', () => {
  it('names each parameter once, in snake_case, with a default in range', () => {
    expect(defaults.size).toBe(parameterTable.length);
    for (const entry of parameterTable) {
      expect(entry.name).toMatch(/^[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)*$/);
      expect(entry.description).toMatch(/^\S.*[^.\s]$/);
      if (entry.type === 'string' && entry.choices) expect(entry.choices).toContain(entry.standard);
      if (entry.type === 'stringArray') expect(entry.choices).toEqual(expect.arrayContaining([...entry.standard]));
      if (entry.type === 'integer' || entry.type === 'double') {
        expect(entry.standard).toBeGreaterThanOrEqual(entry.low);
        expect(entry.standard).toBeLessThanOrEqual(entry.high);
      }
    }
  });

  it('allows no free text at run time, such as a path', () => {
    const free = (entry: ParameterEntry): boolean => entry.type === 'string' && !entry.choices && !entry.check;
    expect(parameterTable.filter(free).map(({ name }) => name)).toContain('checkpoint.directory');
    for (const entry of parameterTable.filter(isDynamic)) {
      expect(free(entry), entry.name).toBe(false);
      if (entry.type === 'string' && entry.check) expect(() => entry.check?.('/etc/passwd')).toThrow('expected');
    }
  });

  it.each([
    ['rate', [350, 100, 50, 25]],
    ['none', [350, 350, 350, 350]],
  ] as const)('has other modes for spikes in time: %s', (policy, timesteps) => {
    const values = new Map<string, ParameterValue>([...defaults, ['network.policy', policy], ['network.seed', 3]]);
    const { modes, network } = agentSettings(new ParameterValues(values));
    expect(Object.values(modes).map(({ point }) => point.timesteps)).toEqual(timesteps);
    expect(Object.values(modes).every(({ point }) => point.exitFirst === 0 && point.exit === 0)).toBe(true);
    expect(network.timed).toEqual({ policy, seed: 3 });
    const chosen = agentSettings(
      new ParameterValues(new Map(values).set('network.rule', 'adaptive').set('network.encoding', 'ttfs')),
    );
    expect(chosen.network.timed).toEqual({ policy, rule: 'adaptive', encoding: 'ttfs', seed: 3 });
  });

  it.each([
    ['network.rule', 'pair'],
    ['network.encoding', 'poisson'],
  ])('refuses what lean would ignore: %s', (name, value) => {
    const settings = (): unknown => agentSettings(new ParameterValues(new Map([...defaults, [name, value]])));
    expect(settings).toThrow(`${name} is ${value} with network.policy lean, expected auto: lean has its own`);
  });

  it("configures the agent's learning; only lean can learn novel samples alone", () => {
    const novel = [...defaults, ['learning.samples', 'novel'] as const];
    expect(agentSettings(new ParameterValues(new Map(novel))).learning).toBe('novel');
    const off = new Map([...novel, ['learning.enabled', false] as const]);
    expect(agentSettings(new ParameterValues(off)).learning).toBe(false);
    const timed = new Map([...novel, ['network.policy', 'rate'] as const]);
    expect(() => agentSettings(new ParameterValues(timed))).toThrow(
      'learning.samples is novel with network.policy rate, expected all: only lean knows what is novel',
    );
  });

  it('gives the agent the shipped modes by default', () => {
    const settings = agentSettings(new ParameterValues(defaults));
    expect(settings.modes).toEqual(defaultModes);
    expect(settings).toMatchObject({
      network: { neurons: 400, classes: 64, memory: 1800 },
      sensors: { use: [{ name: 'image' }], sync: { slop: 0.05, policy: 'wait', queue: 32 } },
      battery: { timeout: 30, hysteresis: 0.02 },
      accuracy: { measure: 'accuracy', window: 1000, fading: 0.995 },
      goals: { target: 0.9, deadline: 0, mission: { until: '', timeZone: 'UTC', reserve: 0.2 } },
      profile: shippedProfile,
      dwell: 30,
      costs: cmos45,
      learning: true,
    });
  });

  it('throws an internal error when a value is read by a wrong type or name', () => {
    const values = new ParameterValues(defaults);
    expect(() => values.bool('network.neurons')).toThrow(
      'parameter network.neurons is number here, expected a boolean',
    );
    expect(() => values.number('no.such')).toThrow('no.such');
  });
});
