import type { ControllerInput } from '../../src/timestep/controller/controller-input.js';
import type { ModeDecision } from '../../src/timestep/controller/controller.js';
import { defaultModes, type ModeName } from '../../src/timestep/controller/modes.js';

/** A decision for a mode and its own point, without remarks. */
export function modeDecision(mode: ModeName, change: Partial<ModeDecision> = {}): ModeDecision {
  return {
    ...{ mode, settings: defaultModes[mode], point: defaultModes[mode].point, forced: false, charge: 0.9 },
    ...{ mission: undefined, expected: { value: 0.93, deviation: 0.01 }, latency: 0.001, inTime: true },
    ...{ target: 0.9, measure: 'accuracy', deadline: 0, drift: false, warning: 0 },
    ...{ reason: 'battery', pointReason: 'T 35' },
    ...change,
  };
}

/** What the controller knows: nothing is observed, only an accuracy of 0.9 is requested. */
export const calm: ControllerInput = {
  ...{
    date: 1000,
    elapsed: 1000,
    charge: 0.9,
    charging: false,
    forced: 'AUTO',
    mission: undefined,
    target: 0.9,
    measure: 'accuracy',
  },
  ...{ correction: 0, deviation: 0.01, warning: 0, drift: false, deadline: 0, overhead: 0 },
};
