import { needsAbove, needsOneOf, needsText } from '../base/parameters.js';
import type { SensorKind } from '../sensing/sensor.js';
import type { Endpoint } from './qos-parameters.js';
import { qosProfiles } from './qos-profiles.js';

const subscription = (topic: string, profile: Endpoint['profile']): Endpoint => ({
  ...{ topic, kind: 'subscription', profile },
});
const publisher = (topic: string, profile: Endpoint['profile']): Endpoint => ({ topic, kind: 'publisher', profile });

/**
 * Every topic of the node except those of its sensors. Inputs have relative names, which users remap. Outputs have
 * private names, except /diagnostics.
 */
export const endpoints = {
  label: subscription('label', qosProfiles.labels),
  battery: subscription('battery_state', qosProfiles.sensorData),
  joy: { ...subscription('joy', qosProfiles.sensorStream), needs: [needsText('teach.buttons')] },
  odometry: { ...subscription('odom', qosProfiles.sensorData), needs: [needsAbove('question.max_speed', 0)] },
  decision: publisher('~/decision', qosProfiles.output),
  question: publisher('~/question', qosProfiles.labels),
  place: publisher('~/place', qosProfiles.latched),
  classification: publisher('~/classification', qosProfiles.output),
  marker: publisher('~/marker', qosProfiles.output),
  spikes: publisher('~/spikes', qosProfiles.output),
  prototypes: publisher('~/prototypes', qosProfiles.output),
  energyMode: publisher('~/energy_mode', qosProfiles.latched),
  status: publisher('~/status', qosProfiles.output),
  taught: publisher('~/taught', qosProfiles.labels),
  classEdit: publisher('~/class_edit', qosProfiles.output),
  fleet: { ...publisher('~/fleet', qosProfiles.latched), needs: [needsText('fleet.name')] },
  diagnostics: publisher('/diagnostics', qosProfiles.output),
} as const satisfies Record<string, Endpoint>;

/** The topic of a sensor. */
export const sensorEndpoint = ({ name, topic, remembers }: SensorKind): Endpoint => ({
  ...subscription(topic, remembers ? qosProfiles.sensorStream : qosProfiles.sensorData),
  needs: [needsOneOf('sensors', [name])],
});

/** Every topic that a node with these sensors may have. */
export const allEndpoints = (sensors: readonly SensorKind[]): Endpoint[] => [
  ...sensors.map(sensorEndpoint),
  ...Object.values(endpoints),
];
