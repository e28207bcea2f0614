import type { Endpoint } from './qos-parameters.js';
import { qosProfiles } from './qos-profiles.js';

const subscription = (topic: string, profile: Endpoint['profile']): Endpoint => ({
  ...{ topic, kind: 'subscription', profile },
});
const publisher = (topic: string, profile: Endpoint['profile']): Endpoint => ({ topic, kind: 'publisher', profile });

/** Every topic of the node. Inputs are relative names, which users remap; what the node owns is private. */
export const endpoints = {
  image: subscription('image', qosProfiles.sensorData),
  label: subscription('label', qosProfiles.labels),
  battery: subscription('battery_state', qosProfiles.sensorData),
  decision: publisher('~/decision', qosProfiles.output),
  energyMode: publisher('~/energy_mode', qosProfiles.latched),
  status: publisher('~/status', qosProfiles.output),
  diagnostics: publisher('/diagnostics', qosProfiles.output),
} as const satisfies Record<string, Endpoint>;
