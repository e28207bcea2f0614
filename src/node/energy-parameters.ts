import { choice, double, text, type ParameterEntry, type ParameterValues } from '../base/parameters.js';
import { cmos45, costTables, type CostTable } from '../energy/energy-account.js';
import { energySources } from '../energy/energy-meter.js';
import { frontEndNames, operationNames } from '../snn/operation-counts.js';

const custom = 'custom';
const priced = [...operationNames, ...frontEndNames];
const [first, second, ...others] = Object.keys(costTables);

/** Name of the parameter for the cost of one operation. */
const costOf = (operation: string): string =>
  `energy.costs.${operation.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)}`;

/** Parameters of where energy is read and what operations cost. */
export const energyEntries: readonly ParameterEntry[] = [
  choice(
    'energy.source',
    'auto',
    ['auto', ...energySources],
    'read-only',
    'where energy is read; auto: the best present',
  ),
  choice('energy.cost_table', 'cmos45', [first, second, ...others, custom], 'read-only', 'what operations cost'),
  ...priced.map((operation) => {
    const description = `energy of one of ${operation} with cost_table custom [pJ]`;
    return double(costOf(operation), cmos45[operation], [0, 1e9], 'read-only', description);
  }),
  double('energy.watts_per_core', 2, [0, 1000], 'read-only', 'power of one busy CPU core, for the estimate [W]'),
  text(
    'energy.rails',
    '',
    'labels of the supplies to read, with commas; empty: the one that feeds all others, else all',
  ),
  text('energy.sysfs', '/sys', "where the kernel's files about hardware are; another place in a container"),
];

/** The cost table that the parameters name. */
export function costTableOf(values: ParameterValues): CostTable {
  const name = values.text('energy.cost_table');
  const preset = new Map<string, CostTable>(Object.entries(costTables)).get(name);
  if (preset) return preset;
  const costs = priced.map((operation) => [operation, values.number(costOf(operation))] as const);
  return Object.fromEntries(costs) as CostTable;
}
