import { describe, expect, it } from 'vitest';
import type { topspark_msgs } from 'rclnodejs';
import { OpenQuestions } from '../../src/dashboard/open-questions.js';
import { toStamp } from '../../src/base/time.js';

const question = (second: number, timeLeft = 20): topspark_msgs.msg.Question => ({
  header: { stamp: { sec: second, nanosec: 0 }, frame_id: '' },
  candidates: ['kitchen', 'hall'],
  confidences: Float32Array.of(0.61, 0.3),
  why: 1,
  kind: 3,
  time_left: timeLeft,
});

const frame = (nanoseconds: bigint, size = 10): { stamp: { sec: number; nanosec: number }; bytes: Uint8Array } => ({
  stamp: toStamp(nanoseconds),
  bytes: new Uint8Array(size).fill(Number(nanoseconds / 1_000_000_000n)),
});

describe('OpenQuestions', () => {
  it('are shown with what the sensor saw, until they are answered', () => {
    const open = new OpenQuestions();
    expect(open.changed(0)).toBe(false);
    for (const at of [9_000_000_000n, 9_950_000_000n, 10_400_000_000n]) open.see(frame(at));
    open.ask(question(10), 0);
    // A repeated question is the same one.
    open.ask(question(10), 0);
    expect(open.changed(0)).toBe(true);
    expect(open.changed(0)).toBe(false);
    const [{ picture, ...shown }] = open.shown;
    expect(shown).toEqual({
      id: '10000000000',
      candidates: [
        ['kitchen', 0.61],
        ['hall', 0.3],
      ],
      why: 'unknown_group',
    });
    expect(Buffer.from(picture, 'base64')).toEqual(Buffer.from(frame(9_950_000_000n).bytes));
    expect(open.take('10000000001')).toBeUndefined();
    expect(open.take('10000000000')).toMatchObject({ kind: 3 });
    expect(open.take('10000000000')).toBeUndefined();
    expect(open.changed(0)).toBe(true);
    expect(open.shown).toEqual([]);
  });

  it('have no picture when the sensor saw nothing then, or when the picture is large', () => {
    const open = new OpenQuestions();
    open.see(frame(9_000_000_000n));
    open.see(frame(10_000_000_000n, 100_000));
    open.ask(question(10), 0);
    expect(open.shown).toMatchObject([{ picture: '' }]);
  });

  it('disappear when it is too late for an answer, after half a minute without a known wait, and beyond three', () => {
    const open = new OpenQuestions();
    open.ask(question(1, 20), 0);
    open.ask(question(2, NaN), 0);
    open.changed(19);
    expect(open.shown).toHaveLength(2);
    expect(open.changed(21)).toBe(true);
    expect(open.shown.map(({ id }) => id)).toEqual(['2000000000']);
    expect(open.changed(31)).toBe(true);
    for (let k = 3; k < 9; k++) open.ask(question(k), 40);
    expect(open.shown.map(({ id }) => id)).toEqual(['6000000000', '7000000000', '8000000000']);
  });
});
