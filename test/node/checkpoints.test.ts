import { describe, expect, it } from 'vitest';
import { checkpointDirectory } from '../../src/node/checkpoint-directory.js';

describe('checkpointDirectory', () => {
  it.each([
    ['', '/robot1/topspark', { HOME: '/home/me' }, '/home/me/.ros/topspark/robot1/topspark'],
    ['', '/topspark', { HOME: '/home/me', ROS_HOME: '/data' }, '/data/topspark/topspark'],
    ['/var/spark', '/topspark', { HOME: '/home/me' }, '/var/spark'],
    ['~/spark', '/topspark', { HOME: '/home/me' }, '/home/me/spark'],
    ['spark', '/topspark', { HOME: '/home/me' }, `${process.cwd()}/spark`],
  ])('maps %o of %s to a folder of its own', (asked, node, environment, folder) => {
    expect(checkpointDirectory(asked, node, environment)).toBe(folder);
  });
});
