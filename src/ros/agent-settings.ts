import { TopsparkError } from '../base/errors.js';
import type { AgentSettings } from '../agent/settings.js';
import { imageEncodings } from '../encoding/image-encoder.js';
import { checkModes, type EnergyMode, type ModeName } from '../timestep/modes.js';
import type { ParameterValues } from './parameter-values.js';

/**
 * What the parameters say to the agent.
 *
 * @throws {@link TopsparkError} where the modes do not fit each other, naming mode, value and bound
 */
export function agentSettings(values: ParameterValues): AgentSettings {
  const encoding = imageEncodings.find((name) => name === values.text('image.encoding'));
  if (encoding === undefined) {
    throw new TopsparkError('image_encoding', 'usage', `image.encoding is ${values.text('image.encoding')}`);
  }
  const modes = {
    FULL: energyMode(values, 'FULL'),
    BALANCED: energyMode(values, 'BALANCED'),
    SAVER: energyMode(values, 'SAVER'),
    CRITICAL: energyMode(values, 'CRITICAL'),
  };
  checkModes(modes);
  return {
    network: {
      neurons: values.number('network.neurons'),
      classes: values.number('network.classes'),
      memory: values.number('network.memory'),
    },
    image: {
      width: values.number('image.width'),
      height: values.number('image.height'),
      encoding,
      maxPixels: values.number('image.max_pixels'),
    },
    modes,
    battery: { timeout: values.number('battery.timeout'), hysteresis: values.number('battery.hysteresis') },
    accuracy: { target: values.number('accuracy.target'), window: values.number('accuracy.window') },
    learning: values.bool('learning.enabled'),
  };
}

function energyMode(values: ParameterValues, mode: ModeName): EnergyMode {
  const at = (name: string): string => `modes.${mode.toLowerCase()}.${name}`;
  return {
    minBattery: values.number(at('min_battery')),
    point: {
      timesteps: values.number(at('timesteps')),
      events: values.number(at('events')),
      keep: values.number(at('keep')),
      exitFirst: values.number(at('exit_first')),
      exit: values.number(at('exit')),
    },
    maxRate: values.number(at('max_rate')),
    learning: values.bool(at('learning')),
  };
}
