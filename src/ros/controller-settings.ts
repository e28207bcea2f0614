import { readFileSync } from 'node:fs';
import type { AgentSettings, Goals } from '../agent/settings.js';
import { TopsparkError } from '../base/errors.js';
import { accuracyMeasures } from '../timestep/controller-input.js';
import type { ModeTable } from '../timestep/modes.js';
import { readProfile } from '../timestep/profile-check.js';
import type { OperatingProfile } from '../timestep/profile.js';
import { profileOf, shippedProfile } from '../timestep/shipped-profile.js';
import type { ParameterValues } from '../base/parameter-values.js';

/** Parameters that {@link goals} reads; they can be changed while the node runs. */
export const goalParameters: readonly string[] = [
  ...['accuracy.target', 'decision.deadline', 'mission.until', 'mission.reserve', 'mission.time_zone'],
];

/** What the user asks for now. */
export function goals(values: ParameterValues): Goals {
  return {
    target: values.number('accuracy.target'),
    deadline: values.number('decision.deadline'),
    mission: {
      until: values.text('mission.until'),
      timeZone: values.text('mission.time_zone'),
      reserve: values.number('mission.reserve'),
    },
  };
}

/**
 * What the parameters say to the controller.
 *
 * @throws {@link TopsparkError} `profile_file`, `bad_profile` naming file, field and what was expected
 */
export function controllerSettings(
  values: ParameterValues,
  modes: ModeTable,
): Pick<AgentSettings, 'profile' | 'accuracy' | 'goals' | 'dwell' | 'battery'> {
  const file = values.text('profile.file');
  const policy = values.text('network.policy');
  return {
    profile: file === '' ? shipped(policy, modes) : profileFrom(file, policy),
    accuracy: {
      measure: accuracyMeasures.find((name) => name === values.text('accuracy.measure')) ?? 'accuracy',
      window: values.number('accuracy.window'),
      fading: values.number('accuracy.fading'),
    },
    goals: goals(values),
    dwell: values.number('energy_mode.dwell'),
    battery: { timeout: values.number('battery.timeout'), hysteresis: values.number('battery.hysteresis') },
  };
}

function shipped(policy: string, modes: ModeTable): OperatingProfile | undefined {
  return policy === shippedProfile.policy ? profileOf(modes) : undefined;
}

function profileFrom(file: string, policy: string): OperatingProfile {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TopsparkError('profile_file', 'usage', `profile.file ${file} is not to be read as JSON: ${reason}`);
  }
  const profile = readProfile(json, `profile.file ${file}`);
  if (profile.policy === policy) return profile;
  const expected = `expected network.policy, which is ${policy}`;
  throw new TopsparkError('bad_profile', 'usage', `profile.file ${file}: policy is ${profile.policy}, ${expected}`);
}
