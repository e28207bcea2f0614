import { readdirSync, readFileSync } from 'node:fs';
import { ros2humble, ros2jazzy } from '@foxglove/rosmsg-msgs-common';
import { parse } from '@foxglove/rosmsg';

/** A type with its fields in their order on the wire. */
export type Definition = ReturnType<typeof parse>[number];

// Messages of event cameras: their fields in the order on the wire. The common messages of ROS distributions lack them.
const eventArray = (of: string): string => `std_msgs/Header header\nuint32 height\nuint32 width\n${of}/Event[] events`;
const event = 'uint16 x\nuint16 y\nbuiltin_interfaces/Time ts\nbool polarity';
const eventCameras: Readonly<Record<string, string>> = {
  'event_camera_msgs/EventPacket':
    'std_msgs/Header header\nuint32 height\nuint32 width\nuint64 seq\nuint64 time_base\nstring encoding\nbool is_bigendian\nuint8[] events',
  'dvs_msgs/EventArray': eventArray('dvs_msgs'),
  'dvs_msgs/Event': event,
  'prophesee_event_msgs/EventArray': eventArray('prophesee_event_msgs'),
  'prophesee_event_msgs/Event': event,
};

type Definitions = Readonly<Record<string, Definition | undefined>>;

const folder = new URL('../../msgs/msg/', import.meta.url);
let own: Record<string, Definition> | undefined;

// Definitions of topspark_msgs, read from msgs/msg, and of event cameras.
function ownDefinitions(): Definitions {
  if (own !== undefined) return own;
  own = {};
  for (const [name, text] of Object.entries(eventCameras)) {
    const [definition] = parse(text, { ros2: true, skipTypeFixup: true });
    own[name] = { ...definition, name };
  }
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.msg'))) {
    const name = `topspark_msgs/${file.slice(0, -'.msg'.length)}`;
    const [definition] = parse(readFileSync(new URL(file, folder), 'utf8'), { ros2: true, skipTypeFixup: true });
    own[name] = { ...definition, name };
  }
  return own;
}

/**
 * Fields added after 0.2.0 to types of topspark_msgs that are read from bags. A new field of such a type belongs here
 * too: otherwise bags recorded before it are refused.
 */
const later: Readonly<Record<string, readonly string[] | undefined>> = {
  'topspark_msgs/Label': ['kind'],
  'topspark_msgs/Decision': ['readout', 'given_label', 'unknown', 'unknown_score', 'repeated'],
};

// Definitions of topspark_msgs in version 0.2.0.
function earlierDefinitions(): Definitions {
  const all = Object.entries(ownDefinitions()).flatMap(([name, definition]) => {
    if (definition === undefined) return [];
    const fields = definition.definitions.filter((field) => !(later[name] ?? []).includes(field.name));
    return [[name, { ...definition, definitions: fields }] as const];
  });
  return Object.fromEntries(all);
}

/**
 * Sets of definitions with which messages may be recorded, the newest first. A type may have gained fields between
 * them.
 */
const distributions: readonly (readonly [common: Definitions, own: () => Definitions])[] = [
  [ros2jazzy, ownDefinitions],
  [ros2jazzy, earlierDefinitions],
  [ros2humble, ownDefinitions],
];

/**
 * Definitions that a type may have in bags without definitions, the newest first, each with its nested types; empty
 * where the type is neither one of ROS 2's common messages nor of topspark_msgs.
 *
 * @param type - `sensor_msgs/msg/LaserScan`
 */
export function knownDefinitions(type: string): Definition[][] {
  const found = distributions
    .map(([common, own]) => withParts(shortName(type), common, own))
    .filter((each) => each !== undefined);
  const texts = found.map((each) => JSON.stringify(each));
  return found.filter((_, index) => texts.indexOf(texts[index]) === index);
}

function withParts(type: string, common: Definitions, own: () => Definitions = () => ({})): Definition[] | undefined {
  const needed = [type];
  const found: Definition[] = [];
  for (const name of needed) {
    const definition = common[name] ?? own()[name];
    if (definition === undefined) return undefined;
    found.push({ ...definition, name: name === type ? undefined : name } as Definition);
    const parts = definition.definitions
      .filter(({ isComplex }) => isComplex === true)
      .map((each) => partOf(name, each.type));
    needed.push(...parts.filter((each) => !needed.includes(each)));
  }
  return found;
}

// A type without a package belongs to the package that uses it.
function partOf(whole: string, type: string): string {
  const short = shortName(type);
  return short.includes('/') ? short : `${whole.slice(0, whole.indexOf('/'))}/${short}`;
}

const shortName = (type: string): string => type.replace('/msg/', '/');

/**
 * Writes a type's definition with its nested types as bags store it (`ros2msg`): fields only.
 *
 * @param type - `sensor_msgs/msg/LaserScan`, one of {@link knownDefinitions}
 */
export function schemaOf(type: string): string {
  const known = knownDefinitions(type).at(0);
  if (known === undefined) throw new TypeError(`there is no definition of ${type}`);
  const [first, ...others] = known;
  const times = [first, ...others].flatMap(({ definitions }) => definitions).some((field) => field.type === 'time');
  const parts = [...others, ...(times ? (withParts(timeType, ros2jazzy) ?? []) : [])];
  const texts = parts.map((each) => `${'='.repeat(80)}\nMSG: ${each.name ?? timeType}\n${fieldsOf(each)}`);
  return [fieldsOf(first), ...texts].join('');
}

const timeType = 'builtin_interfaces/Time';

const fieldsOf = ({ definitions }: Definition): string =>
  definitions
    .filter(({ isConstant }) => isConstant !== true)
    .map(({ name, type, isArray, arrayLength, arrayUpperBound, upperBound }) => {
      const bound = upperBound === undefined ? '' : `<=${upperBound}`;
      const most = arrayUpperBound === undefined ? '' : `<=${arrayUpperBound}`;
      const array = isArray === true ? `[${arrayLength ?? most}]` : '';
      return `${type === 'time' ? timeType : type}${bound}${array} ${name}\n`;
    })
    .join('');
