import { Command } from 'commander';
import { exitCodes, TopsparkError } from '../base/errors.js';
import { jsonLine, printable, quoted } from '../base/quoted.js';
import { atOnce } from '../base/slices.js';
import { loadCheckpoint } from '../checkpoint/checkpoint-file.js';
import { encodeManifest } from '../fleet/manifest.js';
import { contributionOf } from '../fleet/own-contribution.js';
import { fleetNamePattern } from '../fleet/reception.js';
import { FleetFolder } from '../node/fleet-folder.js';
import { pullFleet, type PulledRobot } from '../node/fleet-pull.js';
import { FleetServer, type Pushed } from '../node/fleet-server.js';
import { robotOf } from './robot-of-file.js';

interface ServerFlags {
  readonly server: string;
  readonly fleet: string;
  readonly robot?: string;
  readonly json?: true;
}

/** Output of `topspark fleet push --json`. */
export interface FleetPushResult extends Pushed {
  readonly robot: string;
  readonly version: number;
}

/** Output of `topspark fleet pull --json`. */
export interface FleetPullResult {
  readonly folder: string;
  readonly robots: readonly PulledRobot[];
}

const examples = `
Examples:
  $ npx topspark fleet push robot1.safetensors --server redis://fleet.example.org --fleet yard
  $ npx topspark fleet pull shared --server redis://fleet.example.org --fleet yard --robot robot1
  $ npx topspark fleet merge robot1.safetensors shared/*.shared --robot robot1 --output merged.safetensors
The password of the server is read from TOPSPARK_FLEET_PASSWORD. The client is installed by name: npm install ioredis@6.0.0
`;

const withServer = (command: Command): Command =>
  command
    .requiredOption('--server <address>', 'redis://HOST[:PORT], or rediss:// over TLS')
    .requiredOption('--fleet <name>', 'name of the fleet')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText('after', examples);

/** `topspark fleet push`: puts on a server what a checkpoint shares. */
export function pushCommand(): Command {
  const command = new Command('push')
    .description('Put what a robot learned, by its checkpoint, on the server of its fleet. Needs no ROS.')
    .argument('<checkpoint>', 'a checkpoint (.safetensors)')
    .option('--robot <name>', 'name of the robot in its fleet (default: that of its file)');
  return withServer(command).action(runPush);
}

/** `topspark fleet pull`: fetches into a folder what other robots put on a server. */
export function pullCommand(): Command {
  const command = new Command('pull')
    .description('Fetch what the robots of a fleet have put on its server, as files for merge. Needs no ROS.')
    .argument('<folder>', 'where the files go: ROBOT.shared each')
    .option('--robot <name>', 'robot that is left out, since the files are for it');
  return withServer(command).action(runPull);
}

async function runPush(path: string, { server: address, fleet, robot, json }: ServerFlags): Promise<void> {
  checkName('--fleet', fleet);
  const name = robot ?? robotOf(path);
  checkName('--robot', name);
  const snapshot = loadCheckpoint(path);
  const server = await FleetServer.open(address, fleet, process.env);
  try {
    await server.connected();
    const there = (await server.offers()).find((offer) => offer.robot === name);
    const when = Math.floor(Date.now() / 1000);
    const version = Math.max(when, 1 + (there?.version ?? 0));
    const { manifest, chunks } = atOnce(contributionOf(snapshot, { robot: name, version, when }));
    const pushed = await server.push({ manifest, bytes: encodeManifest(manifest), chunks }, () => Promise.resolve());
    const result: FleetPushResult = { robot: name, version, ...pushed };
    const text = `${printable(name)}: version ${version}, ${pushed.bytes} bytes sent, ${pushed.there} of its parts were there already\n`;
    process.stdout.write(json ? jsonLine(result) : text);
  } finally {
    server.close();
  }
}

async function runPull(path: string, { server: address, fleet, robot = '', json }: ServerFlags): Promise<void> {
  checkName('--fleet', fleet);
  const trust = (): { now: number } => ({ now: Date.now() / 1000 });
  const faults: string[] = [];
  const folder = new FleetFolder(path, trust, ({ message }) => {
    faults.push(message);
  });
  const server = await FleetServer.open(address, fleet, process.env);
  try {
    await server.connected();
    const robots = await pullFleet(server, folder, robot, trust);
    if (faults.length > 0) throw new TopsparkError('fleet_file', 'environment', faults.join('; '));
    if (robots.some(({ refused }) => refused !== undefined)) process.exitCode = exitCodes.data;
    const result: FleetPullResult = { folder: path, robots };
    process.stdout.write(json ? jsonLine(result) : describe(result));
  } finally {
    server.close();
  }
}

function describe({ robots, folder }: FleetPullResult): string {
  if (robots.length === 0) return 'no other robot has put anything there\n';
  const lines = robots.map(({ robot, version, bytes, refused }) => {
    const what = refused === undefined ? (bytes === 0 ? 'was here already' : `${bytes} bytes`) : `refused: ${refused}`;
    return `${printable(robot)}  version ${version}, ${printable(what)}`;
  });
  return [...lines, `in ${printable(folder)}`, ''].join('\n');
}

function checkName(what: string, name: string): void {
  if (fleetNamePattern.test(name)) return;
  const found = `${what} is ${quoted(name)}, expected a letter, then letters, digits and _, 64 at most`;
  throw new TopsparkError('fleet_name', 'usage', found);
}
