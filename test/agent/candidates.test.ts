import { describe, expect, it } from 'vitest';
import { candidatesOf } from '../../src/agent/candidates.js';

const classes = ['kitchen', 'hall', 'lift'];

describe('candidatesOf', () => {
  it('divides the remaining certainty by votes, the likeliest first', () => {
    const found = candidatesOf('hall', 0.7, classes, Float32Array.of(1, 5, 2));
    expect(found.map(({ label }) => label)).toEqual(['hall', 'lift', 'kitchen']);
    expect(found.map(({ confidence }) => confidence)).toEqual([0.7, expect.closeTo(0.2, 9), expect.closeTo(0.1, 9)]);
  });

  it('puts another class ahead of an answer that is hardly trusted', () => {
    const found = candidatesOf('hall', 0.2, classes, Float32Array.of(3, 4, 1));
    expect(found.map(({ label }) => label)).toEqual(['kitchen', 'hall', 'lift']);
  });

  it('keeps the answer ahead of one that is as likely', () => {
    const found = candidatesOf('hall', 0.5, classes, Float32Array.of(3, 4, 0));
    expect(found.map(({ label }) => label)).toEqual(['hall', 'kitchen']);
  });

  it('names none while nothing is known', () => {
    expect(candidatesOf('', 0, classes, new Float32Array(3))).toEqual([]);
  });
});
