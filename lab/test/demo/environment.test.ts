import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { demoEnvironment } from '../../src/demo/environment.js';

const ros = { AMENT_PREFIX_PATH: '/opt/ros/jazzy', ROS_DISTRO: 'jazzy' };

describe('demoEnvironment', () => {
  it('uses only this machine and its own domain', () => {
    const { ROS_DOMAIN_ID, ROS_AUTOMATIC_DISCOVERY_RANGE } = demoEnvironment(ros, undefined, 5000);
    expect(ROS_AUTOMATIC_DISCOVERY_RANGE).toBe('LOCALHOST');
    expect(ROS_DOMAIN_ID).not.toBe(demoEnvironment(ros, undefined, 5001)['ROS_DOMAIN_ID']);
    const domains = Array.from({ length: 300 }, (_, pid) =>
      Number(demoEnvironment(ros, undefined, pid)['ROS_DOMAIN_ID']),
    );
    expect([Math.min(...domains), Math.max(...domains)]).toEqual([1, 101]);
  });

  it('follows the command line before the environment', () => {
    const env = { ...ros, ROS_DOMAIN_ID: '17', ROS_AUTOMATIC_DISCOVERY_RANGE: 'SUBNET' };
    expect(demoEnvironment(env, undefined, 1)).toMatchObject({
      ROS_DOMAIN_ID: '17',
      ROS_AUTOMATIC_DISCOVERY_RANGE: 'SUBNET',
    });
    expect(demoEnvironment(env, 42, 1)['ROS_DOMAIN_ID']).toBe('42');
  });

  it('uses the older variable on Humble', () => {
    const variables = demoEnvironment({ ...ros, ROS_DISTRO: 'humble' }, 3, 1);
    expect(variables).toMatchObject({ ROS_DOMAIN_ID: '3', ROS_LOCALHOST_ONLY: '1' });
    expect(variables).not.toHaveProperty('ROS_AUTOMATIC_DISCOVERY_RANGE');
  });

  it('lets the processes find each other at once, unless the user has set a profile', () => {
    const name = 'FASTRTPS_DEFAULT_PROFILES_FILE';
    const file = demoEnvironment(ros, undefined, 1)[name] ?? '';
    expect(readFileSync(file, 'utf8')).toMatch(/<leaseAnnouncement>\s*<sec>0</);
    expect(demoEnvironment({ ...ros, [name]: '/etc/profile.xml' }, undefined, 1)).not.toHaveProperty(name);
  });

  it('says how to start without ROS 2', () => {
    expect(() => demoEnvironment({}, undefined, 1)).toThrow('expected one: start the demo by `npm start`');
  });
});
