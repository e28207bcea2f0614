import { describe, expect, it } from 'vitest';
import { freshCopy, BufferPool } from '../../src/base/buffer-pool.js';

describe('BufferPool', () => {
  it('reuses the same memory for every kept copy, with what the array held at the call', () => {
    const { copy } = new BufferPool();
    const [floats, bytes] = [Float32Array.of(1, 2, 3), Uint8Array.of(7, 8)];
    const [first, other] = [copy('floats', floats), copy('bytes', bytes)];
    floats[1] = 9;
    expect([[...first], [...other]]).toEqual([
      [1, 2, 3],
      [7, 8],
    ]);
    expect(copy('floats', floats)).toBe(first);
    expect([...first]).toEqual([1, 9, 3]);
  });

  it('returns new memory when the length has changed, and always for a fresh copy', () => {
    const { copy } = new BufferPool();
    const short = copy('list', Int32Array.of(1));
    expect([...copy('list', Int32Array.of(2, 3))]).toEqual([2, 3]);
    expect([...short]).toEqual([1]);
    const array = Float64Array.of(4);
    expect(freshCopy('array', array)).not.toBe(freshCopy('array', array));
  });
});
