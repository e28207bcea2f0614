import { expect, it } from 'vitest';
import { warningIn } from '../../src/demo/log-line.js';

it.each([
  ['{"level":40,"time":1,"msg":"battery unknown"}', 'battery unknown'],
  ['{"level":50,"msg":"checkpoint not written"}', 'checkpoint not written'],
  ['{"level":30,"msg":"active"}', undefined],
  ['{"level":50}', undefined],
  ['{"level":50,"msg":', '{"level":50,"msg":'],
  ['[WARN] [1.2] [topspark]: incompatible QoS', '[WARN] [1.2] [topspark]: incompatible QoS'],
  ['[INFO] [1.2] [topspark]: WARN is a level', undefined],
  ['', undefined],
  [String.raw`{"level":40,"msg":"class \u001b[2J\u202e"}`, String.raw`class \u001b[2J\u202e`],
  ['[WARN] [1.2] [topspark]: \u009b2J', String.raw`[WARN] [1.2] [topspark]: \u009b2J`],
])('finds in %s the warning %s', (line, warning) => {
  expect(warningIn(line)).toBe(warning);
});
