import { fileURLToPath } from 'node:url';
import { Child, type ChildName } from './child.js';
import type { DemoOptions } from './options.js';

/** State of charge at which the demo's battery ends: just above the mode that does not learn. */
const lastCharge = 0.16;

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
  const start = (name: ChildName, args: readonly string[]): Child => {
    const script = fileURLToPath(new URL(`${name}.js`, import.meta.url));
    return new Child(name, script, ['--ros-args', ...args], (line) => {
      onLine(name, line);
    });
  };
  const seconds = options.samples / options.rate;
  return {
    agent: start('agent', [
      '--params-file',
      fileURLToPath(new URL('../../config/demo.yaml', import.meta.url)),
      ...parameters({ 'network.neurons': options.neurons, 'checkpoint.directory': scratch }),
    ]),
    camera: start(
      'camera',
      parameters({
        rate: options.rate,
        samples: options.samples,
        label_share: options.labels,
        seed: options.seed,
        dataset: options.dataset,
        await_truth: true,
      }),
    ),
    battery: start('battery', parameters({ from: 1, to: lastCharge, seconds })),
  };
}

/** ROS parameters as command line arguments; strings are quoted as YAML, so that a folder named `1` stays a name. */
function parameters(values: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-p', `${name}:=${JSON.stringify(value)}`]);
}
