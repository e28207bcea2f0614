import { fileURLToPath } from 'node:url';

/** Where Fast DDS looks for a profile: Humble and Jazzy under the first name alone, later ones under both; the first is warned of. */
export const profileVariables = ['FASTRTPS_DEFAULT_PROFILES_FILE', 'FASTDDS_DEFAULT_PROFILES_FILE'] as const;

/**
 * Lets this process publish messages larger than the 512 KiB that Fast DDS's shared memory holds, unless its user gave it
 * a profile; call it before ROS is initialised. It costs 16 MiB of memory, and other middlewares do not look at it.
 */
export function publishLargeMessages(env: NodeJS.ProcessEnv = process.env): void {
  if (profileVariables.some((name) => env[name] !== undefined)) return;
  const [old, current] = profileVariables;
  const name = ['humble', 'jazzy'].includes(env['ROS_DISTRO'] ?? '') ? old : current;
  env[name] = fileURLToPath(new URL('../../config/fastdds_large_messages.xml', import.meta.url));
}
