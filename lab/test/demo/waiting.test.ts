import { describe, expect, it } from 'vitest';
import { aborted, pause, until } from '../../src/demo/waiting.js';

describe('until', () => {
  it('resolves when the condition holds', async () => {
    let looked = 0;
    expect(await until(() => ++looked === 3, new AbortController().signal)).toBe(true);
  });

  it('resolves to false when the signal comes first', async () => {
    expect(await until(() => false, AbortSignal.timeout(30))).toBe(false);
    expect(await until(() => true, AbortSignal.abort())).toBe(false);
  });

  it('rejects with the error of the condition', async () => {
    const fault = (): boolean => {
      throw new Error('no graph');
    };
    await expect(until(fault, new AbortController().signal)).rejects.toThrow('no graph');
  });
});

describe('pause and aborted', () => {
  it('end at once at the signal', async () => {
    const end = new AbortController();
    const both = Promise.all([pause(60_000, end.signal), aborted(end.signal)]);
    end.abort();
    await both;
    await Promise.all([pause(60_000, end.signal), aborted(end.signal)]);
  });
});
