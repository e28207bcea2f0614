import { buttonClasses } from '../agent/joystick.js';
import type { SensorSettings } from '../sensing/in-time/sample-source.js';
import type { AgentSettings } from '../agent/agent-settings.js';
import { syncPolicies } from '../sensing/in-time/synchroniser.js';
import { linearReadoutUses } from '../classifier/linear-use.js';
import type { TimedOptions } from '../classifier/network-binding.js';
import { TopsparkError } from '../base/errors.js';
import { spikeEncodings, spikeRules } from '../snn/timed/timed-baseline.js';
import { timedPolicies } from '../timestep/policy/timed-policy.js';
import { learning } from './learning-parameters.js';
import { byPolicy } from './network-parameters.js';
import type { ParameterValues } from '../base/parameters.js';
import { controllerSettings } from './controller-settings.js';
import { costTableOf } from './energy-parameters.js';
import { modesOf } from './mode-parameters.js';
import { questions } from './question-parameters.js';
import { sensorsInUse } from './sensor-takeover.js';

/**
 * Settings of the agent from the parameters.
 *
 * @throws {@link TopsparkError} where parameters or modes are inconsistent, or a file is invalid
 */
export function agentSettings(values: ParameterValues): AgentSettings {
  const modes = modesOf(values);
  const timed = timedOptions(values);
  return {
    network: {
      neurons: values.number('network.neurons'),
      classes: values.number('network.classes'),
      memory: values.number('network.memory'),
      selfLearning: values.bool('network.self_learning'),
      inferKinds: values.text('label.kind') === 'infer',
      linearReadout: linearReadoutUses.find((each) => each === values.text('network.linear_readout')) ?? 'auto',
      ...(timed && { timed }),
    },
    sensors: sensorSettings(values),
    labels: { wait: values.number('label.wait'), slop: values.number('label.slop') },
    buttons: buttonClasses(values.text('teach.buttons')),
    input: { maxText: values.number('input.max_text'), maxBytes: values.number('input.max_bytes') },
    modes,
    ...controllerSettings(values, modes),
    costs: costTableOf(values),
    recalibrateAtCharger: values.text('schedule.recalibration') !== '',
    learning: learning(values),
    questions: questions(values),
    unknownRate: values.number('decision.unknown'),
    placeDwell: values.number('place.dwell'),
    placePictures: values.number('place.pictures'),
  };
}

function sensorSettings(values: ParameterValues): SensorSettings {
  const use = sensorsInUse(values);
  const policy = values.text('sync.policy');
  const sync = {
    slop: values.number('sync.slop'),
    policy: syncPolicies.find((each) => each === policy) ?? 'wait',
    queue: values.number('sync.queue'),
  };
  return { use, sync };
}

// Settings that would be ignored are refused.
function timedOptions(values: ParameterValues): TimedOptions | undefined {
  const policy = timedPolicies.find((name) => name === values.text('network.policy'));
  const rule = spikeRules.find((name) => name === values.text('network.rule'));
  const encoding = spikeEncodings.find((name) => name === values.text('network.encoding'));
  if (policy) {
    if (values.text('learning.samples') === 'novel') {
      const message = `learning.samples is novel with network.policy ${policy}, expected all: only lean knows what is novel`;
      throw new TopsparkError('bad_combination', 'usage', message);
    }
    return { policy, ...(rule && { rule }), ...(encoding && { encoding }), seed: values.number('network.seed') };
  }
  for (const [name, value] of Object.entries({ rule: rule === 'expected' ? undefined : rule, encoding })) {
    if (value === undefined) continue;
    const message = `network.${name} is ${value} with network.policy lean, expected ${byPolicy}: lean has its own`;
    throw new TopsparkError('bad_combination', 'usage', message);
  }
  return undefined;
}
