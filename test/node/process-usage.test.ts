import { expect, it } from 'vitest';
import { ProcessMeter, StageProfiler, processCpuTime } from '../../src/node/process-usage.js';

/** Uses at least this much CPU time. Returns how much it was, as other threads of the process may use some too. */
const burn = (microseconds: number): number => {
  const begin = processCpuTime();
  let now = begin;
  while (now < begin + microseconds) now = processCpuTime();
  return now - begin;
};

it('stage shares add up to one core, and each stage contains what ran in it', () => {
  const stages = new StageProfiler(processCpuTime);
  const meter = new ProcessMeter(stages);
  stages.begin();
  const encoding = burn(40_000);
  stages.mark('encode');
  const deciding = burn(20_000);
  stages.mark('decide');
  const { cpu, stages: shares } = meter.read();
  expect([...shares.keys()]).toEqual([
    ...['take', 'convert', 'encode', 'decide', 'learn', 'publish', 'upkeep', 'other', 'threads', 'idle'],
  ]);
  const sum = [...shares.values()].reduce((total, share) => total + share, 0);
  expect(sum).toBeCloseTo(Math.max(1, cpu), 6);
  const [encode, decide] = [shares.get('encode') ?? 0, shares.get('decide') ?? 0];
  // Other threads of the process may have run between a burn and the end of its lap.
  expect(encode / decide / (encoding / deciding)).toBeGreaterThan(0.8);
  expect(encode / decide / (encoding / deciding)).toBeLessThan(1.25);
  expect(shares.get('take')).toBe(0);
  expect(encode + decide).toBeLessThanOrEqual(cpu * 1.01);
});
