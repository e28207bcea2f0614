import { TopsparkError } from '../base/errors.js';
import type { SensorKind } from '../sensing/sensor.js';
import { sensorKind, sensorKinds } from '../sensing/sensor-kinds.js';
import { checkTopics } from '../sensing/sensor-topics.js';
import type { BagReader, BagTopic } from './bag-reader.js';

/** What a topic of the bag is to the agent. */
export interface BagInput {
  /** Name of a sensor, or `label`, `battery_state`, `taught`, `class_edit`, `odom`. */
  readonly input: string;
  /** Type that its messages must have. */
  readonly type: string;
}

/** What is heard beside sensors. */
const others: readonly (BagInput & { readonly topic: string })[] = [
  { input: 'label', topic: 'label', type: 'topspark_msgs/msg/Label' },
  { input: 'taught', topic: '~/taught', type: 'topspark_msgs/msg/Label' },
  { input: 'class_edit', topic: '~/class_edit', type: 'topspark_msgs/msg/ClassEdit' },
  { input: 'battery_state', topic: 'battery_state', type: 'sensor_msgs/msg/BatteryState' },
];

/** Heard where it is minded how fast the robot drives. */
const odometry = { input: 'odom', topic: 'odom', type: 'nav_msgs/msg/Odometry' };

/**
 * Which topics of a bag the agent hears, by the rules of ROS: relative names in the node's namespace, remapped.
 *
 * @param sensors - in use, with their topics
 * @param namespace - of the node: `/`, `/robot1`
 * @param remappings - `FROM:=TO`, as after `--ros-args -r`
 * @param speed - how fast the robot drives is minded
 * @throws {@link TopsparkError} `bad_remapping`; `bad_combination` where two sensors would be heard on one topic
 */
export function bagTopics(
  sensors: readonly SensorKind[],
  namespace: string,
  remappings: readonly string[],
  speed = false,
): Map<string, BagInput> {
  const inputs: (BagInput & { readonly topic: string })[] = [
    ...sensors.map(({ name, topic, type }) => ({ input: name, topic, type })),
    ...others,
    ...(speed ? [odometry] : []),
  ];
  const absolute = (name: string): string => {
    const relative = name.replace(/^~\//, 'topspark/');
    return relative.startsWith('/') ? relative : `${namespace.replace(/\/$/, '')}/${relative}`.replace(/^(?!\/)/, '/');
  };
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
  const resolve = (topic: string): string => renamed.get(absolute(topic)) ?? absolute(topic);
  checkTopics(sensors, resolve);
  return new Map(inputs.map(({ input, topic, type }) => [resolve(topic), { input, type }]));
}

/** What a topic of a bag can be to the agent, and the options by which `topspark replay` hears it so. */
export interface BagUse {
  /** Name of a sensor, or `label`, `battery_state`. */
  readonly input: string;
  readonly options: string;
}

/** What messages of a type are good for; undefined where for nothing. */
export function useOf({ topic, type }: { readonly topic: string; readonly type: string }): BagUse | undefined {
  const remap = (input: string): string => (topic === `/${input}` ? '' : `-r ${input}:=${topic}`);
  const other = others.find((each) => each.type === type);
  if (other !== undefined) return { input: other.input, options: remap(other.topic) };
  const kind = sensorKinds.find((each) => each.type === type);
  if (kind === undefined) return undefined;
  return { input: kind.name, options: `-p "sensors:=[${kind.name}]" ${remap(kind.topic)}`.trim() };
}

/** Topics that a sentence names; of more `--list` tells. */
const named = 20;

/**
 * The error of a bag in which no wanted sensor was heard. It was read before.
 *
 * @param wanted - topics that were listened to
 * @param refused - why the first message of a wanted sensor could not be read, where one was there
 */
export function nothingHeard(bag: BagReader, wanted: ReadonlyMap<string, BagInput>, refused?: string): TopsparkError {
  const { topics } = bag.contents();
  const seen = topics.filter(({ messages }) => messages > 0);
  const list = (of: readonly BagTopic[]): string => {
    const first = of.slice(0, named).map(({ topic, type }) => `${topic} (${type || 'of no type'})`);
    return [...first, ...(of.length > named ? [`${of.length - named} more, which --list shows`] : [])].join(', ');
  };
  const problems = bag.problems.join('; ');
  if (seen.length === 0) {
    const defined = topics.length > 0 ? `, of the topics ${list(topics)}` : '';
    const why = problems === '' ? `nothing was recorded${defined}` : problems;
    return new TopsparkError('bag_without_messages', 'data', `${bag.path} has no message that can be read: ${why}`);
  }
  const sensors = [...wanted].filter(([, { input }]) => isSensor(input));
  const expected = sensors.map(([topic, { type }]) => `${topic} (${type})`).join(', ');
  const found = `${bag.path} has ${list(seen)}${problems === '' ? '' : `, and damages: ${problems}`}`;
  const why = refused ?? elsewhere(seen, sensors);
  return new TopsparkError('bag_without_samples', 'data', `${found}, expected ${expected}; ${why}`);
}

// What would help, where the bag shows it: the sensor elsewhere, or another one.
function elsewhere(seen: readonly BagTopic[], sensors: readonly [string, BagInput][]): string {
  for (const [, { input, type }] of sensors) {
    const found = seen.find((each) => each.type === type);
    if (found !== undefined) return `--remap ${sensorKind(input).topic}:=${found.topic} says where a sensor is`;
  }
  for (const each of seen) {
    const use = useOf(each);
    if (use !== undefined && isSensor(use.input)) return `${use.options} hears the sensor that it has`;
  }
  const [[, { input }] = ['', { input: 'image' }]] = sensors;
  return `none of them is of a type that is heard; --remap ${sensorKind(input).topic}:=/its/topic says where a sensor is`;
}

/** Whether an input is a sensor. */
export const isSensor = (input: string): boolean => [...others, odometry].every((each) => each.input !== input);
