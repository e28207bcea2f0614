import { expect, it } from 'vitest';
import type { PeersResult } from '../../src/bench/ros-peers.js';
import { runBench } from '../../../test/ros/support/run-bench.js';

it('topspark bench ros --peers measures the node against a C program, rclnodejs and rclpy', async () => {
  const quick = ['--rounds', '1', '--seconds', '1', '--idle', '1', '--warmup', '20'];
  const { contenders, idle } = (await runBench('ros', '--peers', ...quick)) as PeersResult;
  expect(Object.keys(contenders)).toEqual(['c', 'rclnodejs', 'rclpy', 'topspark']);
  for (const [name, { 30: slow, 200: fast }] of Object.entries(contenders)) {
    for (const { cpuPerMessage, privateBytes, pss, decisions } of [slow, fast]) {
      expect(decisions, name).toBeGreaterThan(0);
      expect(cpuPerMessage, name).toBeGreaterThan(0);
      expect(privateBytes, name).toBeGreaterThan(1e6);
      expect(pss, name).toBeGreaterThan(privateBytes);
    }
    expect(idle[name as keyof typeof idle], name).toBeLessThan(1);
  }
  // The C program is the floor: it needs less memory than any program on V8.
  expect(contenders.c[200].privateBytes).toBeLessThan(contenders.rclnodejs[200].privateBytes);
});
