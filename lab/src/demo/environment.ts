import { TopsparkError } from 'topspark/base/errors.js';
import { fastddsProfile } from 'topspark/node/large-messages.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Environment variables that keep the demo among its own processes: a ROS domain of its own, and discovery on this
 * machine only, at once instead of after up to 3 s (config/fastdds_quick_discovery.xml says why). What the user has set
 * is kept.
 *
 * @param domain - ROS domain from the command line
 * @param pid - a number that differs between demos that run at the same time
 * @throws {@link TopsparkError} `ros_missing` where no ROS 2 environment is set
 */
export function demoEnvironment(env: Environment, domain: number | undefined, pid: number): Record<string, string> {
  if (env['AMENT_PREFIX_PATH'] === undefined) {
    const found = 'AMENT_PREFIX_PATH is not set: there is no ROS 2 environment';
    throw new TopsparkError('ros_missing', 'environment', `${found}, expected one: start the demo by \`npm start\``);
  }
  // Domain 0 is the default of everybody else; on Linux, ports of domains above 101 can be taken by outgoing
  // connections.
  const own = String(1 + (pid % 101));
  const local: Record<string, string> =
    env['ROS_DISTRO'] === 'humble' ? { ROS_LOCALHOST_ONLY: '1' } : { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
  const chosen = Object.entries({ ROS_DOMAIN_ID: own, ...local }).map(([name, value]) => [name, env[name] ?? value]);
  const variables = Object.fromEntries(chosen) as Record<string, string>;
  Object.assign(variables, fastddsProfile('quick_discovery', env));
  return domain === undefined ? variables : { ...variables, ROS_DOMAIN_ID: String(domain) };
}
