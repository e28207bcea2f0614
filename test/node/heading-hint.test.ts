import { describe, expect, it } from 'vitest';
import { headingHint } from '../../src/node/diagnostics.js';

const wrong = { accuracy: 0.84, high: 0.87, samples: 412 };

describe('headingHint', () => {
  it('suggests a cause when answers keep being wrong, and what to do', () => {
    expect(headingHint(wrong, 0.9, ['scan'])).toBe(
      'answers are right for 84.0 % of 412 labels, expected 90.0 %; each message is turned to its freest direction, so ' +
        'left and right look alike: if sides matter, set scan.heading_free: false and learn again',
    );
    expect(headingHint(wrong, 0.9, ['scan', 'points'])).toContain(
      'set scan.heading_free: false, points.heading_free: false and learn again',
    );
  });

  it('is silent when no sensor is heading-free, when answers may be right, and at the start', () => {
    expect(headingHint(wrong, 0.9, [])).toBeUndefined();
    expect(headingHint({ ...wrong, high: 0.9 }, 0.9, ['scan'])).toBeUndefined();
    expect(headingHint({ ...wrong, samples: 199 }, 0.9, ['scan'])).toBeUndefined();
    expect(headingHint({ accuracy: NaN, high: NaN, samples: 300 }, 0.9, ['scan'])).toBeUndefined();
  });
});
