import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cmos45, loihi, type CostTable } from '../../src/energy/energy-account.js';
import { costTableOf } from '../../src/node/energy-parameters.js';
import { modesOf } from '../../src/node/mode-parameters.js';
import { movedSentences, movedTo } from '../../src/node/moved-parameters.js';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { settingsFromParameters } from '../../src/node/offline-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { defaultModes, type ModeTable } from '../../src/timestep/controller/modes.js';
import { shippedModes } from '../../src/timestep/policy/policies.js';

const folder = mkdtempSync(join(tmpdir(), 'topspark-'));
const file = join(folder, 'settings.yaml');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const values = (...set: string[]) => offlineParameters({ set }, '/topspark', parameterTable);

/** The modes of a node with this file and more parameters. */
function modes(yaml: string, ...set: string[]): ModeTable {
  writeFileSync(file, yaml);
  return modesOf(values(`modes.file:=${file}`, ...set));
}

/** The costs of a node with this file and more parameters. */
function costs(yaml: string, ...set: string[]): CostTable {
  writeFileSync(file, yaml);
  return costTableOf(values('energy.cost_table:=custom', `energy.costs.file:=${file}`, ...set));
}

describe('the file that modes.file names', () => {
  it('sets only its entries; the others keep the defaults of the policy', () => {
    expect(modes('saver: {timesteps: 20, max_rate: 5}')).toEqual({
      ...defaultModes,
      SAVER: { ...defaultModes.SAVER, maxRate: 5, point: { ...defaultModes.SAVER.point, timesteps: 20 } },
    });
    const timed = shippedModes('rate');
    expect(modes('critical: {learning: true}', 'network.policy:=rate')).toEqual({
      ...timed,
      CRITICAL: { ...timed.CRITICAL, learning: true },
    });
    expect(modes('# nothing\n')).toEqual(defaultModes);
    expect(modes('saver:\n  # timesteps: 20\n')).toEqual(defaultModes);
  });

  it('gives way to parameters of the old names, which are reported', () => {
    const set = ['modes.saver.max_rate:=7', 'modes.full.learning:=false'];
    const { SAVER, FULL } = modes('saver: {max_rate: 5}', ...set);
    expect([SAVER.maxRate, FULL.learning]).toEqual([7, false]);
    const given = values(...set);
    expect(movedSentences(given, given.explicit)).toEqual([
      'modes.full.learning, modes.saver.max_rate still count, but stand in the file that modes.file names, as full.learning, saver.max_rate; see config/modes.yaml',
    ]);
    expect(movedTo('modes.saver.max_rate')).toBe(
      'it stands as saver.max_rate in the file that modes.file names; see config/modes.yaml',
    );
    expect([movedTo('modes.file'), movedTo('modes.saver.nothing')]).toEqual([undefined, undefined]);
  });

  it.each([
    ['saver: {timesteps: 0}', `saver.timesteps is 0, expected an integer in 1..1000`],
    ['saver: {timesteps: 20.0}', `saver.timesteps is 20.0, expected an integer in 1..1000`],
    ['saver: {learning: 1}', 'saver.learning is 1, expected true or false'],
    [
      'sever: {timesteps: 20}',
      'sever.timesteps is not known; did you mean saver?, expected one of full, balanced, saver, critical',
    ],
    [
      'turbo: {timesteps: 20}',
      'turbo.timesteps is not known, expected one of full, balanced, saver, critical; see config/modes.yaml',
    ],
    ['saver: {timestep: 20}', 'saver.timestep is not known; did you mean saver.timesteps?; see config/modes.yaml'],
    ['saver: 20', 'saver is not a map, expected one of min_battery, timesteps, events,'],
    ['saver: {min_battery: 0.5}', 'mode SAVER: minBattery is 0.5, expected below 0.3, that of BALANCED'],
  ])('is refused when it contains %s', (yaml, why) => {
    expect(() => modes(yaml)).toThrow(`modes.file ${file}: ${why}`);
  });

  it('is refused when it is no YAML, no map or no file', () => {
    expect(() => modes('saver: [1,')).toThrow(new RegExp(`^modes.file ${file} is not YAML: .*line 1`));
    expect(() => modes('saver: *nothing')).toThrow(`modes.file ${file} is not YAML: Unresolved alias`);
    expect(() => modes('- saver')).toThrow(
      `modes.file ${file} is not a map, expected one of full, balanced, saver, critical; see config/modes.yaml`,
    );
    expect(() => modesOf(values('modes.file:=/no/such.yaml'))).toThrow(
      'modes.file /no/such.yaml cannot be read: ENOENT: no such file or directory',
    );
    expect(() => modesOf(values(`modes.file:=${folder}`))).toThrow(`${folder} is a folder, expected a file`);
  });
});

describe('the file that energy.costs.file names', () => {
  it('sets only its entries when a custom table is requested', () => {
    expect(costs('{synaptic_events: 7, output_spikes: 0.5}')).toEqual({
      ...cmos45,
      synapticEvents: 7,
      outputSpikes: 0.5,
    });
    expect(costs('{synaptic_events: 7}', 'energy.costs.synaptic_events:=8').synapticEvents).toBe(8);
    expect(costTableOf(values('energy.cost_table:=loihi'))).toEqual(loihi);
    expect(costTableOf(values('energy.cost_table:=custom', 'energy.costs.label_updates:=1')).labelUpdates).toBe(1);
  });

  it('is refused when it is invalid or missing', () => {
    expect(() => costs('{synaptic_events: -1}')).toThrow(
      `energy.costs.file ${file}: synaptic_events is -1, expected a double in 0..1000000000`,
    );
    expect(() => costs('{synaptic: 1}')).toThrow(
      `energy.costs.file ${file}: synaptic is not known; see config/energy_costs.yaml`,
    );
    expect(() => costTableOf(values('energy.cost_table:=custom'))).toThrow(
      'energy.cost_table is custom and energy.costs.file is empty, expected a file as config/energy_costs.yaml',
    );
  });
});

it('modes have a resolution if a sensor uses a pretrained network', () => {
  const { modes, profile } = settingsFromParameters({
    set: ['image.encoding:=embedding', 'modes.saver.resolution:=96'],
  });
  expect(Object.values(modes).map(({ point }) => point.resolution)).toEqual([224, 224, 96, 160]);
  // What was measured of pixels says nothing of it.
  expect(profile).toBeUndefined();
});

it('settings without a node have the modes of their policy', () => {
  expect(settingsFromParameters({ set: ['network.policy:=rate'] }).modes).toEqual(shippedModes('rate'));
  expect(settingsFromParameters().modes).toEqual(defaultModes);
});
