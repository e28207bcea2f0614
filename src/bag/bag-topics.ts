import { TopsparkError } from '../base/errors.js';
import { sensorKind } from '../sensing/sensor-kinds.js';

/** What a topic of the bag is to the agent. */
export interface BagInput {
  /** Name of a sensor's kind, or `label`, `battery_state`. */
  readonly input: string;
  /** Type that its messages must have. */
  readonly type: string;
}

/**
 * Which topics of a bag the agent hears, by the rules of ROS: relative names in the node's namespace, remapped.
 *
 * @param sensors - in use
 * @param namespace - of the node: `/`, `/robot1`
 * @param remappings - `FROM:=TO`, as after `--ros-args -r`
 * @throws {@link TopsparkError} `bad_remapping`
 */
export function bagTopics(
  sensors: readonly string[],
  namespace: string,
  remappings: readonly string[],
): Map<string, BagInput> {
  const inputs: (BagInput & { readonly topic: string })[] = [
    ...sensors.map((input) => ({ input, topic: sensorKind(input).topic, type: sensorKind(input).type })),
    { input: 'label', topic: 'label', type: 'topspark_msgs/msg/Label' },
    { input: 'battery_state', topic: 'battery_state', type: 'sensor_msgs/msg/BatteryState' },
  ];
  const absolute = (name: string): string =>
    name.startsWith('/') ? name : `${namespace.replace(/\/$/, '')}/${name}`.replace(/^(?!\/)/, '/');
  const renamed = new Map(
    remappings.map((each) => {
      const parts = each.split(':=');
      const [from = '', to = ''] = parts;
      if (parts.length !== 2 || from === '' || to === '') {
        throw new TopsparkError('bad_remapping', 'usage', `the remapping is "${each}", expected FROM:=TO`);
      }
      return [absolute(from), absolute(to)];
    }),
  );
  return new Map(
    inputs.map(({ input, topic, type }) => [renamed.get(absolute(topic)) ?? absolute(topic), { input, type }]),
  );
}

/**
 * The error of a bag in which no wanted sensor was heard.
 *
 * @param seen - topics that it has, with the types of their messages
 * @param wanted - topics that were listened to
 * @param refused - why the first message of a wanted sensor could not be read, where one was there
 */
export function nothingHeard(
  path: string,
  seen: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, BagInput>,
  refused?: string,
): TopsparkError {
  const sensors = [...wanted].filter(([, { input }]) => isSensor(input));
  const found = [...seen].map(([topic, type]) => `${topic} (${type || 'of no type'})`);
  const has = found.length > 0 ? found.join(', ') : 'no readable message';
  const expected = sensors.map(([topic, { type }]) => `${topic} (${type})`).join(', ');
  const why = refused ?? `${elsewhere(seen, sensors)} says where a sensor is`;
  return new TopsparkError('bag_without_samples', 'data', `${path} has ${has}, expected ${expected}; ${why}`);
}

// The remapping that would help, where the bag shows it.
function elsewhere(seen: ReadonlyMap<string, string>, sensors: readonly [string, BagInput][]): string {
  for (const [, { input, type }] of sensors) {
    const topic = [...seen].find(([, each]) => each === type)?.[0];
    if (topic !== undefined) return `--remap ${sensorKind(input).topic}:=${topic}`;
  }
  const [[, { input }] = ['', { input: 'image' }]] = sensors;
  return `--remap ${sensorKind(input).topic}:=/its/topic`;
}

/** Whether an input is a sensor. */
export const isSensor = (input: string): boolean => input !== 'label' && input !== 'battery_state';
