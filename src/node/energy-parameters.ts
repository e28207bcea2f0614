import { TopsparkError } from '../base/errors.js';
import {
  choice,
  double,
  needsOneOf,
  text,
  where,
  whereGiven,
  type ParameterEntry,
  type ParameterValues,
} from '../base/parameters.js';
import { cmos45, costTables, type CostTable } from '../energy/energy-account.js';
import { energySources } from '../energy/energy-meter.js';
import { frontEndNames, operationNames } from '../snn/operation-counts.js';
import { settingsIn, type SettingsFile } from './settings-file.js';

const custom = 'custom';
const priced = [...operationNames, ...frontEndNames];
const [first, second, ...others] = Object.keys(costTables);

/** Name of an operation in the file: `synaptic_events`. */
const nameOf = (operation: string): string => operation.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/** File with the costs of operations, for a table of the user. */
export const costFile: SettingsFile = {
  parameter: 'energy.costs.file',
  block: 'energy.costs',
  shipped: 'config/energy_costs.yaml',
  needs: [needsOneOf('energy.cost_table', [custom])],
  entries: priced.map((operation) =>
    double(
      nameOf(operation),
      cmos45[operation],
      [0, 1e9],
      'read-only',
      `energy of one operation counted as ${operation} [pJ]`,
    ),
  ),
};

/** Parameters of the energy source and the costs of operations. */
export const energyEntries: readonly ParameterEntry[] = [
  choice(
    'energy.source',
    'auto',
    ['auto', ...energySources],
    'read-only',
    'where energy is read; auto: the first that is present',
  ),
  choice(
    'energy.cost_table',
    'cmos45',
    [first, second, ...others, custom],
    'read-only',
    'table of what operations cost',
  ),
  {
    ...text(costFile.parameter, '', 'YAML file of what operations cost [pJ], as config/energy_costs.yaml'),
    needs: costFile.needs,
  },
  // Needed with every source: the estimate replaces one that is missing.
  double('energy.watts_per_core', 2, [0, 1000], 'read-only', 'power of one busy CPU core, for the estimate [W]'),
  ...where(needsOneOf('energy.source', ['auto', 'hwmon', 'iio']), [
    text(
      'energy.rails',
      '',
      'labels of the supplies to read, with commas; empty: the one that feeds all others, else all',
    ),
  ]),
  ...where(needsOneOf('energy.source', ['auto', 'rapl', 'hwmon', 'iio']), [
    whereGiven(
      text('energy.sysfs', '/sys', "where the kernel's files about hardware are; another place in a container"),
    ),
  ]),
];

/**
 * The cost table that the parameters name.
 *
 * @throws {@link TopsparkError} `bad_combination` where a user's table is selected but not given, or the file is
 *   invalid
 */
export function costTableOf(values: ParameterValues): CostTable {
  const name = values.text('energy.cost_table');
  const preset = new Map<string, CostTable>(Object.entries(costTables)).get(name);
  if (preset) return preset;
  const set = settingsIn(costFile, values);
  if (set.size === 0 && values.text(costFile.parameter) === '') {
    const message = `energy.cost_table is ${custom} and ${costFile.parameter} is empty, expected a file as ${costFile.shipped}`;
    throw new TopsparkError('bad_combination', 'usage', message);
  }
  return Object.fromEntries(
    priced.map((operation) => [operation, set.get(nameOf(operation)) ?? cmos45[operation]]),
  ) as CostTable;
}
