import { fileURLToPath } from 'node:url';
import { Child, type ChildName } from './child.js';
import type { DemoOptions } from './options.js';

/** State of charge at which the demo's battery ends: just above the mode that does not learn. */
const lastCharge = 0.16;

/** Samples over which the truth is averaged; the agent's estimate looks back as far. */
const lookBack = 1000;

/**
 * What each process is started with: ROS arguments.
 *
 * @param scratch - folder for what the agent stores
 */
export function processArguments(options: DemoOptions, scratch: string): Record<ChildName, string[]> {
  const { samples, rate, labels, neurons, seed, dataset } = options;
  return {
    agent: [
      '--params-file',
      fileURLToPath(new URL('../../config/demo.yaml', import.meta.url)),
      ...parameters({
        'network.neurons': neurons,
        'accuracy.window': Math.max(10, Math.round(lookBack * labels)),
        'checkpoint.directory': scratch,
      }),
    ],
    camera: parameters({ rate, samples, label_share: labels, seed, dataset, await_truth: true }),
    // Two: the agent and the view, which listens when all is ready.
    battery: parameters({ from: 1, to: lastCharge, seconds: samples / rate, listeners: 2, await_camera: true }),
  };
}

/**
 * Starts agent, camera and battery. They inherit the environment.
 *
 * @param scratch - folder for what the agent stores; the demo removes it
 * @param onLine - told every line that one of them prints
 */
export function startProcesses(
  options: DemoOptions,
  scratch: string,
  onLine: (name: ChildName, line: string) => void,
): Readonly<Record<ChildName, Child>> {
  const rosArguments = processArguments(options, scratch);
  const start = (name: ChildName): Child => {
    const script = fileURLToPath(new URL(`${name}.js`, import.meta.url));
    return new Child(name, script, ['--ros-args', ...rosArguments[name]], (line) => {
      onLine(name, line);
    });
  };
  return { agent: start('agent'), camera: start('camera'), battery: start('battery') };
}

/** ROS parameters as command line arguments; strings are quoted as YAML, so that a folder named `1` stays a name. */
function parameters(values: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-p', `${name}:=${JSON.stringify(value)}`]);
}
