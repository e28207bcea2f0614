import type { Agent } from '../agent/agent.js';
import { TopsparkError } from '../base/errors.js';
import {
  bool,
  choice,
  double,
  integer,
  ParameterValues,
  text,
  type Apply,
  type Parameter,
  type ParameterEntry,
} from '../base/parameters.js';
import { checkModes, defaultModes, modeNames } from '../timestep/controller/modes.js';
import type { EnergyMode, ModeName, ModeTable } from '../timestep/controller/modes.js';
import { policyNames, shippedModes } from '../timestep/policy/policies.js';
import { anyEmbedding } from './sensor-takeover.js';
import { settingsIn, type SettingsFile } from './settings-file.js';

/**
 * Largest side of the picture in each mode, where a sensor has the encoding embedding [pixel]. A network that has
 * learned at 224 loses 1 point of accuracy at 160 and takes half the time. At 96 it loses 18 points, so only a profile
 * chooses that (docs/eyes.md).
 */
const resolutions: Readonly<Record<ModeName, number>> = { FULL: 224, BALANCED: 224, SAVER: 160, CRITICAL: 160 };

function modeEntries(mode: ModeName, { point, minBattery, maxRate, learning }: EnergyMode): ParameterEntry[] {
  const at = (name: string): string => `${mode.toLowerCase()}.${name}`;
  const early = (when: string): string => `vote lead that ends a decision of ${mode} ${when}; 0: never`;
  return [
    double(at('min_battery'), minBattery, [0, 1], 'read-only', `lowest charge of ${mode} on battery`),
    integer(at('timesteps'), point.timesteps, [1, 1000], `timesteps T in which ${mode} presents a sample`),
    integer(at('events'), point.events, [8, 65535], `input events E that ${mode} reads per sample`),
    integer(at('keep'), point.keep, [1, 6400], `neurons K that read all events in ${mode}`),
    double(at('exit_first'), point.exitFirst, [0, 100], 'read-only', early('after the coarse pass')),
    double(at('exit'), point.exit, [0, 100], 'read-only', early('after the full pass')),
    integer(
      at('resolution'),
      resolutions[mode],
      [16, 512],
      `largest side of the picture for an embedding in ${mode} [pixel]`,
    ),
    double(
      at('max_rate'),
      maxRate,
      [0, 100_000],
      'read-only',
      `largest number of decisions a second in ${mode} [1/s]; 0: no limit`,
    ),
    bool(at('learning'), learning, 'read-only', `whether ${mode} learns from samples`),
  ];
}

/** Choice that returns the mode to the controller. */
export const automatic = 'AUTO';

/** Lets the controller choose the mode, or forces one. */
export const forceMode: Apply<Agent> = (agent, values) => {
  const asked = values.text('energy_mode.forced');
  agent.forceMode(modeNames.find((mode) => mode === asked) ?? automatic);
};

/** Limits of each energy mode; defaults for network.policy lean. */
export const modeFile: SettingsFile = {
  parameter: 'modes.file',
  block: 'modes',
  shipped: 'config/modes.yaml',
  needs: [],
  entries: modeNames.flatMap((mode) => modeEntries(mode, defaultModes[mode])),
};

/** Parameters of the energy modes. */
export const energyModeEntries: readonly Parameter<Agent>[] = [
  choice(
    'energy_mode.forced',
    automatic,
    [automatic, ...modeNames],
    forceMode,
    'energy mode to stay in; AUTO: the controller chooses',
  ),
  double('energy_mode.dwell', 30, [0, 3600], 'read-only', 'shortest time between changes that are not urgent [s]'),
  text(
    modeFile.parameter,
    '',
    'YAML file with the limits of each energy mode, as config/modes.yaml; empty: the shipped modes',
  ),
];

/**
 * The energy modes: those shipped for the policy, with the user's changes.
 *
 * @throws {@link TopsparkError} where the file is invalid, or modes are inconsistent
 */
export function modesOf(values: ParameterValues): ModeTable {
  const set = settingsIn(modeFile, values);
  const policy = policyNames.find((name) => name === values.text('network.policy')) ?? 'lean';
  const shipped = shippedModes(policy);
  const sees = anyEmbedding(values);
  const rows = modeNames.map((name) => [name, modeOf(name, shipped[name], set, sees)]);
  const modes = Object.fromEntries(rows) as ModeTable;
  try {
    checkModes(modes);
  } catch (error) {
    const file = values.text(modeFile.parameter);
    if (!(error instanceof TopsparkError) || file === '') throw error;
    throw new TopsparkError(error.code, error.kind, `${modeFile.parameter} ${file}: ${error.message}`, {
      cause: error,
    });
  }
  return modes;
}

/** @param sees - whether a sensor has the encoding embedding; only then do modes have a resolution */
function modeOf(mode: ModeName, shipped: EnergyMode, set: ReturnType<typeof settingsIn>, sees: boolean): EnergyMode {
  const standard = modeEntries(mode, shipped).map((entry) => [entry.name, entry.standard] as const);
  const values = new ParameterValues(new Map([...standard, ...set]));
  const at = (name: string): string => `${mode.toLowerCase()}.${name}`;
  return {
    minBattery: values.number(at('min_battery')),
    point: {
      timesteps: values.number(at('timesteps')),
      events: values.number(at('events')),
      keep: values.number(at('keep')),
      exitFirst: values.number(at('exit_first')),
      exit: values.number(at('exit')),
      ...(sees && { resolution: values.number(at('resolution')) }),
    },
    maxRate: values.number(at('max_rate')),
    learning: values.bool(at('learning')),
  };
}
