import { fileURLToPath } from 'node:url';
import { programRoot } from 'topspark/base/package.js';
import { Child, type ChildName } from './child-process.js';
import type { DemoOptions } from './demo-options.js';

/** State of charge at which the demo ends: just above the CRITICAL mode, 0..1. */
const lastCharge = 0.16;

/** With a page, the time that the robot stays in each place [s]. */
const carried = 10;

/** Samples over which the accuracy against the truth is averaged; the agent's estimate looks back equally far. */
const lookBack = 1000;

/** The demo's processes. */
export interface DemoProcesses {
  readonly agent: Child;
  /** Source of the agent's samples; when it ends, the demo is over. */
  readonly source: Child;
  /** Other processes that run as long as the demo does. */
  readonly others: readonly Child[];
}

/**
 * ROS arguments of each process. With `world`, one robot replaces camera and battery.
 *
 * @param scratch - folder for what the agent stores
 */
export function processArguments(
  options: DemoOptions,
  scratch: string,
): Partial<Record<ChildName, string[]>> & Record<'agent', string[]> {
  const { samples, rate, labels, neurons, seed, dataset, world, page } = options;
  const shown = { rate, samples, label_share: labels, seed, await_truth: true };
  return {
    agent: [
      '--params-file',
      `${programRoot}config/demo.yaml`,
      ...parameters({
        'modes.file': `${programRoot}config/demo_modes.yaml`,
        'network.neurons': neurons,
        ...(world ? { sensors: ['scan'] } : {}),
        'accuracy.window': Math.max(10, Math.round(lookBack * labels)),
        'checkpoint.directory': scratch,
      }),
    ],
    ...(world
      ? { robot: parameters({ ...shown, last_charge: lastCharge, ...(page !== undefined && { carried }) }) }
      : {
          camera: parameters({ ...shown, dataset }),
          // Two listeners: the agent, and the view, which subscribes once the agent is active.
          battery: parameters({ from: 1, to: lastCharge, seconds: samples / rate, listeners: 2, await_camera: true }),
        }),
  };
}

/** Flags and variables with which bin/topspark_node starts the node; that script says why. */
export const asOnRobot = {
  flags: ['--single-threaded', '--max-semi-space-size=1'],
  variables: { MALLOC_ARENA_MAX: '1' },
} as const;

/** Module of each process, without its ending. */
const programs: Readonly<Record<ChildName, string>> = {
  agent: 'demo-agent',
  camera: 'demo-camera',
  battery: 'demo-battery',
  robot: 'robot',
  page: 'demo-page',
};

/**
 * Starts the agent and the processes around it. They inherit the environment.
 *
 * @param scratch - folder for what the agent stores; the demo removes it
 * @param onLine - called with every line that one of them prints
 */
export function startProcesses(
  options: DemoOptions,
  scratch: string,
  onLine: (name: ChildName, line: string) => void,
): DemoProcesses {
  const rosArguments = processArguments(options, scratch);
  const start = (name: ChildName): Child => {
    const script = fileURLToPath(new URL(`${programs[name]}.js`, import.meta.url));
    const args = ['--ros-args', ...(rosArguments[name] ?? [])];
    const hear = (line: string): void => {
      onLine(name, line);
    };
    return new Child(name, script, args, hear, name === 'agent' ? asOnRobot : undefined);
  };
  const agent = start('agent');
  const page = options.page === undefined ? [] : [startPage(options.page, onLine)];
  if (options.world) return { agent, source: start('robot'), others: page };
  return { agent, source: start('camera'), others: [start('battery')] };
}

function startPage(port: number, onLine: (name: ChildName, line: string) => void): Child {
  const script = fileURLToPath(new URL(`${programs.page}.js`, import.meta.url));
  return new Child('page', script, ['dashboard', '/topspark', '--port', String(port)], (line) => {
    onLine('page', line);
  });
}

/** ROS parameters as command-line arguments. Strings are quoted as in YAML, so that a folder named `1` stays a name. */
function parameters(values: Readonly<Record<string, string | number | boolean | readonly string[]>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-p', `${name}:=${JSON.stringify(value)}`]);
}
