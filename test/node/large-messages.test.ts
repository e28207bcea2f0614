import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { profileVariables, publishLargeMessages } from '../../src/node/large-messages.js';

describe('the profile for large messages', () => {
  it.each([
    ['humble', 'FASTRTPS_DEFAULT_PROFILES_FILE'],
    ['jazzy', 'FASTRTPS_DEFAULT_PROFILES_FILE'],
    ['kilted', 'FASTDDS_DEFAULT_PROFILES_FILE'],
    ['lyrical', 'FASTDDS_DEFAULT_PROFILES_FILE'],
  ])('is found as %s reads it, without a warning', (distro, name) => {
    const env: NodeJS.ProcessEnv = { ROS_DISTRO: distro };
    publishLargeMessages(env);
    expect(Object.keys(env)).toEqual(['ROS_DISTRO', name]);
    expect(existsSync(env[name] ?? '')).toBe(true);
  });

  it.each(profileVariables)("does not replace the user's own in %s", (name) => {
    const env = { ROS_DISTRO: 'kilted', [name]: 'mine.xml' };
    publishLargeMessages(env);
    expect(env).toEqual({ ROS_DISTRO: 'kilted', [name]: 'mine.xml' });
  });
});
