import { readVoltageCurve } from '../energy/voltage-curve.js';
import type { AgentSettings } from '../agent/agent-settings.js';
import { TopsparkError, reasonOf } from '../base/errors.js';
import { readSmallText } from '../base/regular-file.js';
import type { Json } from '../base/snapshot.js';
import { accuracyMeasures } from '../timestep/controller/controller-input.js';
import type { ModeTable } from '../timestep/controller/modes.js';
import { readProfile } from '../timestep/controller/profile-check.js';
import type { OperatingProfile } from '../timestep/controller/profile.js';
import { profileOf, shippedProfile } from '../timestep/controller/shipped-profile.js';
import type { ParameterValues } from '../base/parameters.js';
import { imageEncodings } from '../sensing/image/image-sensor.js';
import { sensorKind } from '../sensing/sensor-kinds.js';
import { readingDifferences, readingsOf, describeDifferences } from '../sensing/sensor-reading.js';
import { timedEncodings, timedPolicies } from '../timestep/policy/timed-policy.js';
import { goals } from './goal-parameters.js';
import { byPolicy } from './network-parameters.js';
import { anyEmbedding, sensorsInUse } from './sensor-takeover.js';

/**
 * Settings of the controller from the parameters.
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
    profile: file === '' ? shipped(policy, modes, values) : profileFrom(file, policy, values),
    accuracy: {
      measure: accuracyMeasures.find((name) => name === values.text('accuracy.measure')) ?? 'accuracy',
      window: values.number('accuracy.window'),
      fading: values.number('accuracy.fading'),
    },
    goals: goals(values),
    dwell: values.number('energy_mode.dwell'),
    battery: {
      timeout: values.number('battery.timeout'),
      full: values.number('battery.full'),
      hysteresis: values.number('battery.hysteresis'),
      voltageCurve: readVoltageCurve(values.text('battery.voltage_curve')),
    },
  };
}

// Measurements with pixels do not apply to a pretrained network, which has another cost and accuracy.
function shipped(policy: string, modes: ModeTable, values: ParameterValues): OperatingProfile | undefined {
  return policy === shippedProfile.policy && !anyEmbedding(values) ? profileOf(modes) : undefined;
}

function profileFrom(file: string, policy: string, values: ParameterValues): OperatingProfile {
  let json: unknown;
  try {
    json = JSON.parse(readSmallText(file));
  } catch (error) {
    const reason = reasonOf(error);
    throw new TopsparkError('profile_file', 'usage', `profile.file ${file} cannot be read as JSON: ${reason}`);
  }
  const where = `profile.file ${file}`;
  const profile = readProfile(json, where);
  if (profile.policy !== policy) bad(`${where}: policy is ${profile.policy}`, `network.policy, which is ${policy}`);
  checkEncodings(json as Recorded, values, where);
  return profile;
}

/** Other contents of `topspark profile` that matter here; files written by hand may lack them. */
interface Recorded {
  readonly training?: { readonly encoding?: unknown; readonly rule?: unknown; readonly image?: unknown } | null;
  readonly dataset?: { readonly sensors?: unknown } | null;
}

// Measurements with other encodings do not apply to this network.
function checkEncodings({ training, dataset }: Recorded, values: ParameterValues, where: string): void {
  const same = (what: string, found: unknown, parameter: string, own: string): void => {
    if (found === undefined || found === own) return;
    const shown = typeof found === 'string' ? found : JSON.stringify(found);
    bad(`${where}: ${what} is ${shown}`, `${parameter}, which is ${own}`);
  };
  const { encoding, rule } = presentation(values);
  same('training.encoding', training?.encoding, 'network.encoding', encoding);
  same('training.rule', training?.rule, 'network.rule', rule);
  const own = readingsOf(sensorsInUse(values));
  const sensors = dataset?.sensors;
  if (sensors !== undefined) {
    const differences = readingDifferences(sensors as Json, own);
    if (differences.length === 0) return;
    throw new TopsparkError('bad_profile', 'usage', `${where}: ${describeDifferences(differences, 'it was measured')}`);
  }
  const [first] = own;
  if (sensorKind(first.name).encodings !== imageEncodings) return;
  const image = training?.image;
  if (image === undefined || image === first.encoding) return;
  const found = `${where}: training.image is ${typeof image === 'string' ? image : JSON.stringify(image)}`;
  const cure = `set ${first.name}.encoding to that, or measure again by topspark profile --image ${first.encoding}`;
  bad(found, `${first.name}.encoding, which is ${first.encoding}: ${cure}`);
}

function presentation(values: ParameterValues): { readonly encoding: string; readonly rule: string } {
  const policy = timedPolicies.find((name) => name === values.text('network.policy'));
  if (policy === undefined) return { encoding: 'systematic', rule: 'expected' };
  const chosen = (name: string, otherwise: string): string =>
    values.text(name) === byPolicy ? otherwise : values.text(name);
  return { encoding: chosen('network.encoding', timedEncodings[policy]), rule: chosen('network.rule', 'pair') };
}

function bad(found: string, expected: string): never {
  throw new TopsparkError('bad_profile', 'usage', `${found}, expected ${expected}`);
}
