import { standardBounds, type AgentSettings } from 'topspark/agent/agent-settings.js';
import { defaultModes } from 'topspark/timestep/controller/modes.js';

/**
 * Settings of an agent in a benchmark that is not about its choices: as a node has them where nothing is set.
 *
 * @param window - labelled samples that its accuracy looks back
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
