import { expect, it } from 'vitest';
import { RecordingTally } from '../../src/training/recording-tally.js';

it('decides a recording by the sum of the votes of all its windows', () => {
  const tally = new RecordingTally(Uint8Array.of(0, 0, 1, 1, 0, 1), { classes: ['a', 'b'] });
  const windows: readonly (readonly [votes: readonly number[], truth: string])[] = [
    // Two windows vote for a, but the sum votes for b.
    [[3, 2], 'b'],
    [[3, 2], 'b'],
    [[0, 5], 'b'],
    // No votes.
    [[0, 0], 'a'],
    [[2, 1], 'a'],
    [[1, 1], 'a'],
  ];
  for (const [votes, truth] of windows) tally.add({ scores: Float32Array.from(votes) }, truth);
  expect(tally.accuracy).toMatchObject({ recordings: 3, windows: 2, accuracy: 2 / 3 });
});
