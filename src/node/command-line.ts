import { closest, quoted } from '../base/quoted.js';
import { TopsparkError } from '../base/errors.js';
import { sensorKinds } from '../sensing/sensor-kinds.js';
import { endpoints } from './endpoints.js';

/** Commands of the node beside ROS arguments. */
export type NodeCommand = 'run' | 'help' | 'version';

const options: Readonly<Record<string, NodeCommand>> = {
  '--help': 'help',
  '-h': 'help',
  '--version': 'version',
  '-V': 'version',
};

/**
 * Reads the node's command line. As for every ROS node, ROS arguments begin at `--ros-args` and end at `--` or the end.
 *
 * @param args - without interpreter and script
 * @throws {@link TopsparkError} `bad_argument` for anything else, which would be ignored
 */
export function nodeCommand(args: readonly string[]): NodeCommand {
  let ofRos = false;
  let command: NodeCommand = 'run';
  for (const arg of args) {
    if (arg === '--ros-args') ofRos = true;
    else if (arg === '--') ofRos = false;
    else if (!ofRos) {
      const asked = Object.hasOwn(options, arg) ? options[arg] : undefined;
      if (asked === undefined) throw unknownArgument(arg);
      if (command === 'run') command = asked;
    }
  }
  return command;
}

function unknownArgument(arg: string): TopsparkError {
  const ros = ['-p', '-r', '--param', '--remap', '--params-file', '--log-level', '--enclave'].includes(arg);
  const meant = closest(arg, Object.keys(options));
  const hint = ros ? `--ros-args before ${arg}` : (meant ?? '--help, --version, or --ros-args and what ROS takes');
  return new TopsparkError('bad_argument', 'usage', `argument ${quoted(arg)} is not known, expected ${hint}`);
}

/** What `topspark_node --help` prints. */
export function nodeUsage(): string {
  const row = (topic: string, type: string): string => `  ${topic.padEnd(18)} ${type}`;
  const { label, battery, decision, energyMode, status, diagnostics } = endpoints;
  const heard = [
    ...sensorKinds.map(({ topic, type }) => row(topic, type)),
    row(label.topic, 'topspark_msgs/msg/Label'),
    row(battery.topic, 'sensor_msgs/msg/BatteryState'),
  ];
  const published = [
    row(decision.topic, 'topspark_msgs/msg/Decision'),
    row(energyMode.topic, 'topspark_msgs/msg/EnergyMode'),
    row(status.topic, 'topspark_msgs/msg/Status'),
    row(diagnostics.topic, 'diagnostic_msgs/msg/DiagnosticArray'),
  ];
  return `Usage: topspark_node [--help | --version] [--ros-args ROS_ARGUMENT...]

A managed node that learns on board with a spiking neural network. It configures and activates itself
(parameter autostart) and ends with everything saved at SIGINT and SIGTERM.

ROS arguments, after --ros-args:
  --params-file FILE     parameters; share/topspark/config/topspark.yaml names all of them with their meaning
  -p NAME:=VALUE         one parameter, as sensors:=[scan]
  -r FROM:=TO            another name of a topic, as image:=/camera/image_raw
  -r __ns:=/robot1       namespace of the node
  --log-level LEVEL      debug, info, warn, error, fatal

Topics that it reads; of the sensors, those in the parameter sensors, several of a kind each with an ending:
sensors:=[scan_front, scan_rear] reads scan_front and scan_rear, or the topic in scan_rear.topic:
${heard.join('\n')}

Topics that it publishes:
${published.join('\n')}

Environment:
  TOPSPARK_LOG=json                JSON lines in place of [SEVERITY] [time] [name]: message
  RCUTILS_CONSOLE_OUTPUT_FORMAT    format of the lines, RCUTILS_COLORIZED_OUTPUT their colours

Examples:
  $ ros2 run topspark topspark_node --ros-args -p sensors:=[scan] -p accuracy.target:=0.95
  $ ros2 launch topspark topspark.launch.py params_file:=robot.yaml
`;
}
