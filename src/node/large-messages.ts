import { fileURLToPath } from 'node:url';

/**
 * Environment variables with the file of a Fast DDS profile. Humble and Jazzy read only the first; later distributions
 * read both, and warn of the first.
 */
export const profileVariables = ['FASTRTPS_DEFAULT_PROFILES_FILE', 'FASTDDS_DEFAULT_PROFILES_FILE'] as const;

/**
 * Lets this process publish messages larger than the 512 KiB of Fast DDS's shared memory, unless the user has set a
 * profile; call it before ROS is initialised. It costs 16 MiB of memory; other middlewares ignore it.
 */
export function publishLargeMessages(env: NodeJS.ProcessEnv = process.env): void {
  Object.assign(env, fastddsProfile('large_messages', env));
}

/**
 * The variable that gives a process the profile config/fastdds_NAME.xml; none where the user has set a profile.
 */
export function fastddsProfile(
  name: 'large_messages' | 'quick_discovery',
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  if (profileVariables.some((variable) => env[variable] !== undefined)) return {};
  const [old, current] = profileVariables;
  const variable = ['humble', 'jazzy'].includes(env['ROS_DISTRO'] ?? '') ? old : current;
  return { [variable]: fileURLToPath(new URL(`../../config/fastdds_${name}.xml`, import.meta.url)) };
}
