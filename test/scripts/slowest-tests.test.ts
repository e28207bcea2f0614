import { describe, expect, it } from 'vitest';
import { slowestTests } from '../../scripts/testing/slowest-tests.mjs';

const report = (name: string, ...durations: (number | undefined)[]) => ({
  testResults: [
    {
      name,
      assertionResults: durations.map((duration, at) => ({ title: `${name} ${at}`, ...(duration && { duration }) })),
    },
  ],
});

describe('slowestTests', () => {
  it('lists those of all reports, the slowest first, in seconds', () => {
    expect(slowestTests([report('a', 20, 4000), report('b', 300)], 2)).toEqual([
      { file: 'a', title: 'a 1', seconds: 4 },
      { file: 'b', title: 'b 0', seconds: 0.3 },
    ]);
  });

  it('counts skipped tests as zero', () => {
    expect(slowestTests([report('a', undefined, 1)], 5).map(({ title }) => title)).toEqual(['a 1', 'a 0']);
  });
});
