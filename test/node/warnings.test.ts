import { describe, expect, it } from 'vitest';
import type { RefusalEvent } from '../../src/base/refusal.js';
import { Refusals } from '../../src/node/reports.js';
import { WarningThrottle } from '../../src/node/warning-throttle.js';

describe('WarningThrottle', () => {
  it('passes the first, then one a period with the number of suppressed ones, separately for each kind', () => {
    const throttle = new WarningThrottle(5);
    expect(throttle.admit('a', 0)).toBe(0);
    expect(throttle.admit('a', 1)).toBeUndefined();
    expect(throttle.admit('b', 1)).toBe(0);
    expect(throttle.admit('a', 4.9)).toBeUndefined();
    expect(throttle.admit('a', 5)).toBe(2);
    expect(throttle.admit('a', 9)).toBeUndefined();
    expect(throttle.admit('a', 20)).toBe(1);
  });
});

describe('Refusals', () => {
  const refusal = (topic: string, cause: string, message: string): RefusalEvent => ({
    ...{ kind: 'refusal', topic, cause, message },
  });

  it('warn with topic, fault and cause, and keep the last one for diagnostics', () => {
    const warned: string[] = [];
    const failed: string[] = [];
    const refusals = new Refusals(
      (message) => warned.push(message),
      (message) => failed.push(message),
    );
    refusals.hear(refusal('image', 'image_empty', 'image is 0×0'), 100);
    refusals.hear(refusal('image', 'image_empty', 'image is 0×1'), 101);
    refusals.hear(refusal('image', 'image_step', 'step is 3'), 101);
    refusals.hear(refusal('image', 'image_empty', 'image is 0×2'), 106);
    refusals.hear(refusal('label', 'internal_error', 'oops'), 106);
    expect(warned).toEqual([
      'image: image is 0×0 [image_empty]',
      'image: step is 3 [image_step]',
      'image: image is 0×2 [image_empty] (and 1 more like it)',
    ]);
    expect(failed).toEqual(['label: oops [internal_error]']);
    expect(refusals.recent('image', 110)).toBe('image is 0×2');
    expect(refusals.recent('image', 112)).toBeUndefined();
    expect(refusals.recent('battery_state', 110)).toBeUndefined();
  });
});
