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
  if (profileVariables.some((name) => env[name] !== undefined)) return;
  const [old, current] = profileVariables;
  const name = ['humble', 'jazzy'].includes(env['ROS_DISTRO'] ?? '') ? old : current;
  env[name] = fileURLToPath(new URL('../../config/fastdds_large_messages.xml', import.meta.url));
}
