import { TopsparkError } from 'topspark/base/errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables that keep the demo among its own processes: a domain of its own and this machine only, each unless the
 * user chose otherwise.
 *
 * @param domain - ROS domain that the user asked for on the command line
 * @param pid - a number that differs between demos which run at the same time
 * @throws {@link TopsparkError} `ros_missing` where no ROS 2 environment is set
 */
export function demoEnvironment(env: Environment, domain: number | undefined, pid: number): Record<string, string> {
  if (env['AMENT_PREFIX_PATH'] === undefined) {
    const found = 'AMENT_PREFIX_PATH is not set: there is no ROS 2 environment';
    throw new TopsparkError('ros_missing', 'environment', `${found}, expected one: start the demo by \`npm start\``);
  }
  // 0 is where everybody is; ports of domains above 101 are taken by outgoing connections on Linux.
  const own = String(1 + (pid % 101));
  const local: Record<string, string> =
    env['ROS_DISTRO'] === 'humble' ? { ROS_LOCALHOST_ONLY: '1' } : { ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' };
  const chosen = Object.entries({ ROS_DOMAIN_ID: own, ...local }).map(([name, value]) => [name, env[name] ?? value]);
  const variables = Object.fromEntries(chosen) as Record<string, string>;
  return domain === undefined ? variables : { ...variables, ROS_DOMAIN_ID: String(domain) };
}
