import type { AgentSettings } from '../../src/agent/agent-settings.js';
import { defaultModes } from '../../src/timestep/controller/modes.js';

/** An agent of few neurons that sees 8×8 images. */
export const smallAgent: AgentSettings = {
  network: { neurons: 20, classes: 8, memory: 16 },
  sensors: {
    use: [{ name: 'image', values: { width: 8, height: 8, max_pixels: 10_000 } }],
    sync: { slop: 0.05, policy: 'wait', queue: 32 },
  },
  input: { maxText: 40, maxBytes: 100_000 },
  modes: defaultModes,
  profile: undefined,
  battery: { timeout: 30, hysteresis: 0.02 },
  accuracy: { measure: 'accuracy', window: 100, fading: 0.99 },
  goals: { target: 0.9, deadline: 0, mission: { until: '', timeZone: 'UTC', reserve: 0.2 } },
  dwell: 30,
  learning: true,
};
