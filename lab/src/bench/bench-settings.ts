import { standardBounds, type AgentSettings } from 'topspark/agent/agent-settings.js';
import { defaultModes } from 'topspark/timestep/controller/modes.js';

/**
 * Makes settings of an agent for a benchmark that does not vary them: the defaults of a node.
 *
 * @param window - labelled samples over which accuracy is measured
 */
export function benchSettings(
  network: AgentSettings['network'],
  sensors: AgentSettings['sensors'],
  window = 100,
): AgentSettings {
  return {
    network,
    sensors,
    input: standardBounds,
    modes: defaultModes,
    battery: { timeout: 30, hysteresis: 0.02 },
    profile: undefined,
    accuracy: { measure: 'accuracy', window, fading: 0.995 },
    goals: { target: 0.9, deadline: 0, mission: { until: '', timeZone: 'UTC', reserve: 0 } },
    dwell: 30,
    learning: true,
  };
}
