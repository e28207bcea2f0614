import { TopsparkError } from '../base/errors.js';
import type { SensorKind } from '../sensing/sensor.js';
import { sensorKind, sensorKinds } from '../sensing/sensor-kinds.js';
import { checkTopics } from '../sensing/sensor-topics.js';
import type { BagReader, BagTopic } from './bag-reader.js';

/** The agent's use of a topic of the bag. */
export interface BagInput {
  /** Name of a sensor, or `label`, `battery_state`, `taught`, `class_edit`, `odom`. */
  readonly input: string;
  /** Type that its messages must have. */
  readonly type: string;
}

/** Inputs besides sensors. */
const others: readonly (BagInput & { readonly topic: string })[] = [
  { input: 'label', topic: 'label', type: 'topspark_msgs/msg/Label' },
  { input: 'taught', topic: '~/taught', type: 'topspark_msgs/msg/Label' },
  { input: 'class_edit', topic: '~/class_edit', type: 'topspark_msgs/msg/ClassEdit' },
  { input: 'battery_state', topic: 'battery_state', type: 'sensor_msgs/msg/BatteryState' },
];

/** Read where the speed of the robot matters. */
const odometry = { input: 'odom', topic: 'odom', type: 'nav_msgs/msg/Odometry' };

/**
 * Topics of a bag that the agent reads, by the rules of ROS: relative names in the node's namespace, remapped.
 *
 * @param sensors - in use, with their topics
 * @param namespace - of the node: `/`, `/robot1`
 * @param remappings - `FROM:=TO`, as after `--ros-args -r`
 * @param speed - whether the speed of the robot matters
 * @throws {@link TopsparkError} `bad_remapping`; `bad_combination` where two sensors would share one topic
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

/** A possible use of a topic, and the options by which `topspark replay` reads it so. */
export interface BagUse {
  /** Name of a sensor, or `label`, `battery_state`. */
  readonly input: string;
  readonly options: string;
}

/** Use of messages of a type; undefined where there is none. */
export function useOf({ topic, type }: { readonly topic: string; readonly type: string }): BagUse | undefined {
  const remap = (input: string): string => (topic === `/${input}` ? '' : `-r ${input}:=${topic}`);
  const other = others.find((each) => each.type === type);
  if (other !== undefined) return { input: other.input, options: remap(other.topic) };
  const kind = sensorKinds.find((each) => each.type === type);
  if (kind === undefined) return undefined;
  return { input: kind.name, options: `-p "sensors:=[${kind.name}]" ${remap(kind.topic)}`.trim() };
}

/** Most topics listed in a sentence; `--list` shows all. */
const named = 20;

/**
 * Makes the error for a bag without any message of a wanted sensor. The bag was read before.
 *
 * @param wanted - topics that were read
 * @param refused - why the first message of a wanted sensor could not be read; absent: there was none
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

// Advice where the bag shows a solution: the sensor on another topic, or another sensor.
function elsewhere(seen: readonly BagTopic[], sensors: readonly [string, BagInput][]): string {
  for (const [, { input, type }] of sensors) {
    const found = seen.find((each) => each.type === type);
    if (found !== undefined) return `--remap ${sensorKind(input).topic}:=${found.topic} says where a sensor is`;
  }
  for (const each of seen) {
    const use = useOf(each);
    if (use !== undefined && isSensor(use.input)) return `${use.options} uses the sensor in the bag`;
  }
  const [[, { input }] = ['', { input: 'image' }]] = sensors;
  return `none of them has a type that a sensor uses; --remap ${sensorKind(input).topic}:=/its/topic says where a sensor is`;
}

/** Whether an input is a sensor. */
export const isSensor = (input: string): boolean => [...others, odometry].every((each) => each.input !== input);
