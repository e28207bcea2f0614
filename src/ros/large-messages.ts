import { fileURLToPath } from 'node:url';

/**
 * Lets this process publish messages larger than the 512 KiB that Fast DDS's shared memory holds, unless its user gave it
 * a profile; call it before ROS is initialised. It costs 16 MiB of memory, and other middlewares do not look at it.
 */
export function publishLargeMessages(): void {
  process.env['FASTRTPS_DEFAULT_PROFILES_FILE'] ??= fileURLToPath(
    new URL('../../config/fastdds_large_messages.xml', import.meta.url),
  );
}
