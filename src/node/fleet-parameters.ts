import { hostname } from 'node:os';
import { TopsparkError } from '../base/errors.js';
import {
  checked,
  choice,
  double,
  integer,
  needsText,
  where,
  whereGiven,
  type Parameter,
  type ParameterValues,
} from '../base/parameters.js';
import { quoted } from '../base/quoted.js';
import { fleetNamePattern } from '../fleet/reception.js';
import { robotWeights } from '../fleet/robot-weights.js';

/** Roles in a fleet. */
export const fleetRoles = ['both', 'share', 'receive'] as const;

/** When a robot automatically merges what it has received. */
export const fleetMergeTimes = ['resting', 'charging', 'asked'] as const;

/** Settings of the fleet. */
export interface FleetSettings {
  readonly name: string;
  /** Name of this robot in it. */
  readonly robot: string;
  readonly role: (typeof fleetRoles)[number];
  readonly shares: boolean;
  readonly receives: boolean;
  /** Mean rate in each direction [byte/s], and largest burst [byte]. */
  readonly rate: number;
  readonly burst: number;
  /** Largest storage for all other robots [byte]. */
  readonly mostBytes: number;
  /** Shortest time between two versions [s]. */
  readonly shareEvery: number;
  readonly merge: (typeof fleetMergeTimes)[number];
  /** Weights of robots in a merge, as text. */
  readonly weights: string;
  /** Address of a server; empty: none. */
  readonly server: string;
}

/**
 * Reads the settings.
 *
 * @param node - full name
 * @returns `undefined` where the robot is in no fleet
 */
export function fleetSettings(values: ParameterValues, node: string): FleetSettings | undefined {
  const name = values.text('fleet.name');
  if (name === '') return undefined;
  const role = fleetRoles.find((each) => each === values.text('fleet.role')) ?? 'both';
  return {
    ...{ name, role, shares: role !== 'receive', receives: role !== 'share' },
    robot: values.text('fleet.robot') || robotName(hostname(), node),
    rate: (values.number('fleet.rate') * 1000) / 8,
    burst: values.number('fleet.burst'),
    mostBytes: values.number('fleet.max_bytes'),
    shareEvery: values.number('fleet.share_every'),
    merge: fleetMergeTimes.find((each) => each === values.text('fleet.merge')) ?? 'resting',
    weights: values.text('fleet.weights'),
    server: values.text('fleet.server'),
  };
}

/** Default name of a robot: the names of its machine and node. */
export function robotName(host: string, node: string): string {
  return `${host}${node}`
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replace(/^(?=[0-9])/, 'r')
    .slice(0, 64);
}

function name(what: string): (text: string) => void {
  return (text) => {
    if (text === '' || fleetNamePattern.test(text)) return;
    const message = `${what} is ${quoted(text)}, expected a letter, then letters, digits and _, 64 at most: it is part of names of ROS`;
    throw new TopsparkError('fleet_name', 'usage', message);
  };
}

/**
 * Checks the address of a server.
 *
 * @throws {@link TopsparkError} `fleet_server`; the text may hold a password and is not repeated
 */
export function checkServer(text: string): void {
  if (text === '') return;
  const found = URL.canParse(text) ? new URL(text) : undefined;
  if (found && /^rediss?:$/.test(found.protocol) && found.hostname !== '' && /^(\/\d*)?$/.test(found.pathname)) return;
  const expected = 'redis://[USER[:PASSWORD]@]HOST[:PORT], or rediss:// over TLS';
  throw new TopsparkError('fleet_server', 'usage', `the server of the fleet is no address, expected ${expected}`);
}

/** Parameters of the fleet; declared only with a name in `fleet.name`. */
export const fleetEntries: readonly Parameter<unknown>[] = [
  whereGiven(
    checked(
      'fleet.name',
      '',
      name('fleet.name'),
      'read-only',
      'name of the robot’s fleet; empty: none, and nothing is shared or received',
    ),
  ),
  ...where(needsText('fleet.name'), [
    choice('fleet.role', 'both', fleetRoles, 'read-only', 'what the robot does in its fleet'),
    checked(
      'fleet.robot',
      '',
      name('fleet.robot'),
      'read-only',
      'name of the robot in its fleet; empty: the names of the machine and the node',
    ),
    double('fleet.rate', 64, [1, 100_000], 'read-only', 'mean rate of data received, and of data sent [kbit/s]'),
    integer('fleet.burst', 16_384, [1024, 2 ** 24], 'bytes that may pass at once after a pause'),
    integer('fleet.max_bytes', 2 ** 26, [2 ** 16, 2 ** 31], 'largest storage for data of all other robots [byte]'),
    double(
      'fleet.share_every',
      600,
      [1, 86_400],
      'read-only',
      'shortest time between two versions that the robot shares [s]',
    ),
    choice(
      'fleet.merge',
      'resting',
      fleetMergeTimes,
      'read-only',
      'when what has come is merged: while the robot charges or has decided nothing for 10 s (resting), while it charges, or when ~/merge is called (asked)',
    ),
    checked(
      'fleet.weights',
      '',
      robotWeights,
      'read-only',
      'weights of robots in a merge, 0..1, such as robot3=0.5,robot4=0; others weigh 1',
    ),
    checked(
      'fleet.server',
      '',
      checkServer,
      'read-only',
      'server over which robots of many sites share: redis:// or rediss://HOST[:PORT]; empty: none',
    ),
  ]),
];
