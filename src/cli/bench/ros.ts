import { Command, Option } from 'commander';
import { checkInteger, checkNumber } from '../../base/errors.js';
import { number } from '../options.js';
import type { NodeMeasurement, RosBenchResult } from './ros-latency.js';

interface RosFlags {
  readonly rate: number;
  readonly messages: number;
  readonly width: number;
  readonly height: number;
  readonly encoding: RosBenchResult['encoding'];
  readonly numpy?: true;
  readonly json?: true;
}

/** `topspark bench ros`: from a message to its decision over real ROS 2. */
export function rosBench(): Command {
  return new Command('ros')
    .description('Message to decision over real ROS 2: latency, CPU and memory of the node. Needs a sourced ROS 2.')
    .option('--rate <hz>', 'images a second', number, 30)
    .option('--messages <n>', 'images in all', number, 900)
    .option('--width <pixels>', 'of an image', number, 28)
    .option('--height <pixels>', 'of an image', number, 28)
    .addOption(
      new Option('--encoding <name>', 'of an image')
        .choices(['mono8', 'rgb8', 'bgr8', 'rgba8', 'bgra8'])
        .default('mono8'),
    )
    .option('--numpy', 'measure a node of rclpy and numpy with the same scaling as well (from a checkout)')
    .option('--json', 'print one JSON object and nothing else on standard output')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx topspark bench ros --rate 30 --width 640 --height 480 --encoding rgb8 --numpy\n',
    )
    .action(async (flags: RosFlags) => {
      checkNumber('--rate', flags.rate, 0.1, 10_000);
      checkInteger('--messages', flags.messages, 1, 1e7);
      checkInteger('--width', flags.width, 4, 8192);
      checkInteger('--height', flags.height, 4, 8192);
      // Loaded here, since all other commands run without ROS.
      const { benchRos } = await import('./ros-latency.js');
      const { rate, messages, width, height, encoding, numpy = false } = flags;
      const result = await benchRos({ rate, messages, width, height, encoding, numpy });
      process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : describe(result));
    });
}

function describe(result: RosBenchResult): string {
  const { rate, messages, width, height, encoding, latency, memory, peer } = result;
  const milliseconds = (seconds: number): string => `${(1000 * seconds).toFixed(2)} ms`;
  const node = ({ decisions, roundTrip, cpu, cpuPerImage }: NodeMeasurement): string[] => [
    `decisions heard         ${decisions}`,
    `published to heard      p50 ${milliseconds(roundTrip.p50)}  p99 ${milliseconds(roundTrip.p99)}`,
    `CPU of the node         ${(100 * cpu).toFixed(1)} % of one core, ${milliseconds(cpuPerImage)} an image`,
  ];
  return [
    `${messages} images of ${width}×${height} ${encoding} at ${rate} Hz`,
    ...node(result),
    `taken to decided        p50 ${milliseconds(latency.p50)}  p99 ${milliseconds(latency.p99)}`,
    `memory of the node      ${(memory / 2 ** 20).toFixed(0)} MiB`,
    ...(peer ? ['rclpy and numpy, which scales the images down and learns nothing:', ...node(peer)] : []),
    '',
  ].join('\n');
}
