import { expect, it } from 'vitest';
import { Random } from 'topspark/base/random.js';
import type { LabelKind } from 'topspark/classifier/label-kinds.js';
import { labelTable, labelsBench } from '../../src/bench/labels-bench.js';
import { labeller, labelPolicies, type LabelPolicy } from '../../src/training/label-policies.js';

/** Counts of label kinds for this many samples, of which one in five is answered wrongly. */
function given(policy: LabelPolicy, budget: number, samples = 10_000): Map<LabelKind | undefined, number> {
  const person = labeller(policy, budget, new Random(5));
  const kinds = new Map<LabelKind | undefined, number>();
  for (let k = 0; k < samples; k++) {
    const kind = person.kindOf({ right: k % 5 !== 0, lead: k % 7, group: false });
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return kinds;
}

it.each(labelPolicies.filter((policy) => policy !== 'all'))(
  '%s gives no more labels than the budget allows',
  (policy) => {
    const labels = 10_000 - (given(policy, 0.1).get(undefined) ?? 0);
    expect(labels).toBeGreaterThan(800);
    expect(labels).toBeLessThan(1200);
  },
);

it('half gives as many corrections as random labels', () => {
  const kinds = given('half', 0.1);
  expect(kinds.get('correction')).toBeGreaterThan(400);
  expect(kinds.get('random')).toBeGreaterThan(400);
});

it('asked gives half of its labels at random, and half as answers', () => {
  const kinds = given('asked', 0.1);
  expect(kinds.get('answer')).toBeGreaterThan(400);
  expect(kinds.get('random')).toBeGreaterThan(400);
});

it('burst labels twenty samples in a row', () => {
  const person = labeller('burst', 0.1, new Random(1));
  const line = Array.from({ length: 5000 }, () =>
    person.kindOf({ right: true, lead: 14, group: false }) === undefined ? ' ' : 'x',
  ).join('');
  const bursts = line.trim().split(/ +/);
  expect(bursts.length).toBeGreaterThan(2);
  expect(bursts.slice(0, -1).every((burst) => burst.length % 20 === 0)).toBe(true);
});

it('refuses an unknown stream, and names the known ones', async () => {
  const command = labelsBench().parseAsync(['--stream', 'mnist-by-0'], { from: 'user' });
  await expect(command).rejects.toThrow(/--stream is mnist-by-0, expected mnist or fashion-mnist, .*world/);
});

it('tabulates streams and label policies, with mean and deviation over the seeds, and what a decision costs', () => {
  const row = { stream: 'mnist', labels: 'half', budget: 0.1, labelShare: 0.09, repeatedShare: 0 } as const;
  const cost = { energyPerSample: { train: 3e-7, infer: 2e-7 }, microsecondsPerSample: 40 };
  const dear = { energyPerSample: { train: 5e-7, infer: 4e-7 }, microsecondsPerSample: 60 };
  const table = labelTable([
    { ...row, ...cost, seed: 1, accuracy: 0.96, alarms: 0 },
    { ...row, ...dear, seed: 2, accuracy: 0.97, alarms: 2 },
    { ...row, ...cost, stream: 'world', seed: 1, recall: 0.95, held: 0.93, alarms: 0 },
  ]);
  const cells = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  expect(cells[2].slice(1, -1)).toEqual(['mnist', 'half', '96.5 ± 0.7', '–', '9.0 ± 0.0', '0 2', '0.300', '50']);
  expect(cells[3].slice(3, 5)).toEqual(['95.0', '93.0']);
});
