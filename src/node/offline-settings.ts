import type { AgentSettings } from '../agent/agent-settings.js';
import { offlineParameters, type GivenParameters } from './offline-parameters.js';
import { parameterTable } from './parameter-table.js';
import { agentSettings } from './settings-of-parameters.js';

/**
 * Settings of an agent as a node with these parameters would have them; docs/parameters.md has the names.
 *
 * @param given - what is to differ from the defaults, such as `{ set: ['network.neurons:=1600'] }`, or a parameter file
 * @throws {@link TopsparkError} of kind `usage`, naming parameter, value and range
 */
export function settingsFromParameters(given: GivenParameters = {}): AgentSettings {
  return agentSettings(offlineParameters(given, '/topspark', parameterTable));
}
