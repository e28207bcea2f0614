import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlTable } from '../../src/timestep/controller/control-table.js';
import {
  firstState,
  type ControllerInput,
  type ControllerState,
} from '../../src/timestep/controller/controller-input.js';
import { control } from '../../src/timestep/controller/controller.js';
import { defaultModes, modeNames } from '../../src/timestep/controller/modes.js';
import { profileOf, shippedProfile } from '../../src/timestep/controller/shipped-profile.js';
import { Random } from '../../src/base/random.js';
import type { OperatingProfile } from '../../src/timestep/controller/profile.js';
import { calm } from './facts.js';

const settings = { hysteresis: 0.02, dwell: 30 };
/** The shipped points spread as far as contrast images spread them: not all reach a target of 0.9. */
const profile: OperatingProfile = {
  ...shippedProfile,
  points: shippedProfile.points.map((each, at) => {
    return { ...each, accuracy: [0.9373, 0.9354, 0.9337, 0.9334, 0.9272, 0.9216, 0.9104][at] };
  }),
};
const shipped = controlTable(defaultModes, profile, true);
const started = (change: Partial<ControllerState> = {}): ControllerState => ({ ...firstState, ...change });
const decide = (input: Partial<ControllerInput>, state: Partial<ControllerState> = {}, table = shipped) =>
  control(table, settings, started(state), { ...calm, ...input }).decision;
const point = (input: Partial<ControllerInput>, state: Partial<ControllerState> = {}) => {
  const { timesteps, events, keep, exitFirst, exit } = decide(input, state).point;
  return [timesteps, events, keep, exitFirst, exit].join('/');
};
const indexOf = (name: string) =>
  shippedProfile.points.findIndex(({ point: p }) => `${p.timesteps}/${p.events}/${p.keep}` === name);

describe('the mode', () => {
  it.each([
    [1, 'FULL'],
    [0.6, 'FULL'],
    [0.599, 'BALANCED'],
    [0.3, 'BALANCED'],
    [0.299, 'SAVER'],
    [0.15, 'SAVER'],
    [0.149, 'CRITICAL'],
    [0, 'CRITICAL'],
  ])('follows the charge of %d: %s', (charge, mode) => {
    expect(decide({ charge }).mode).toBe(mode);
  });

  it('returns to a dearer mode only beyond the hysteresis', () => {
    expect(decide({ charge: 0.61 }, { mode: 'BALANCED' }).mode).toBe('BALANCED');
    expect(decide({ charge: 0.62 }, { mode: 'BALANCED' }).mode).toBe('FULL');
  });

  it('returns to a dearer mode only after the dwell, but falls at once', () => {
    const recent = { mode: 'BALANCED', modeSince: 990 } as const;
    expect(decide({ charge: 0.9 }, recent).mode).toBe('BALANCED');
    expect(decide({ charge: 0.9 }, recent).reason).toContain('FULL would be allowed, BALANCED is kept for 20 s more');
    expect(decide({ charge: 0.9, elapsed: 1020 }, recent).mode).toBe('FULL');
    expect(decide({ charge: 0.2 }, recent).mode).toBe('SAVER');
  });

  it('is FULL while charging, at any charge', () => {
    const decision = decide({ charge: 0.01, charging: true }, { mode: 'CRITICAL' });
    expect(decision).toMatchObject({ mode: 'FULL', reason: 'charging: every cap is lifted' });
  });

  it('stays while the battery is unknown, and says so', () => {
    const decision = decide({ charge: undefined }, { mode: 'SAVER' });
    expect(decision).toMatchObject({ mode: 'SAVER', charge: undefined, reason: 'battery unknown: SAVER is kept' });
  });

  it('follows the user first of all, at its own point; a broken deadline is reported', () => {
    const asked = { charging: true, forced: 'CRITICAL', drift: true, deadline: 1e-9 } as const;
    const decision = decide(asked);
    expect(decision).toMatchObject({
      mode: 'CRITICAL',
      forced: true,
      inTime: false,
      point: defaultModes.CRITICAL.point,
    });
    expect(decision.reason).toBe('forced to CRITICAL');
    expect(decision.pointReason).toContain('breaks the deadline');
  });

  it('leaves a forced mode at once', () => {
    const { state } = control(shipped, settings, started(), { ...calm, forced: 'CRITICAL' });
    expect(control(shipped, settings, state, calm).decision).toMatchObject({ mode: 'FULL', forced: false });
  });
});

describe('the mission', () => {
  const mission = { until: 1000 + 3600, reserve: 0.2 };
  const start = control(shipped, settings, started(), { ...calm, mission }).state;

  it('plans the charge along a line to the reserve', () => {
    const half = { ...calm, mission, date: 1000 + 1800, elapsed: 1000 + 1800 };
    const modeAt = (charge: number) => control(shipped, settings, { ...start, mode: 'CRITICAL' }, { ...half, charge });
    expect(modeAt(0.62).decision).toMatchObject({ mode: 'FULL', mission: { planned: 0.55 } });
    expect(modeAt(0.58).decision.mode).toBe('BALANCED');
    expect(modeAt(0.55).decision.mode).toBe('SAVER');
    expect(modeAt(0.52).decision.mode).toBe('CRITICAL');
  });

  it('never allows more than the battery does', () => {
    const late = { ...calm, mission, date: 1000 + 3500, elapsed: 1000 + 3500, charge: 0.28 };
    expect(control(shipped, settings, start, late).decision.mode).toBe('SAVER');
  });

  it('ends at its time, and while the battery charges', () => {
    expect(decide({ mission: { until: 999, reserve: 0.2 } }).mission).toBeUndefined();
    expect(decide({ mission, charging: true }).mission).toBeUndefined();
  });
});

describe('the operating point', () => {
  it('is the cheapest that should reach the target', () => {
    expect(point({ target: 0.9 })).toBe('8/100/24/0/0');
    expect(point({ target: 0.915 })).toBe('16/150/24/0/0');
    expect(point({ target: 0.926 })).toBe('35/400/96/0/0');
  });

  it('is so in FULL with an unknown battery too, as the message says', () => {
    expect(shipped.FULL.candidates.every(({ allowed }) => allowed)).toBe(true);
    const decision = decide({ charge: undefined, target: 0.9 });
    expect(decision).toMatchObject({ mode: 'FULL', reason: 'battery unknown: FULL is kept' });
    expect(decision.point).toMatchObject({ timesteps: 8, events: 100, keep: 24 });
    expect(decision.pointReason).toContain('T 8, E 100, K 24: the cheapest that should reach accuracy 90.0 %');
    const words = readFileSync('msgs/msg/EnergyMode.msg', 'utf8');
    expect(words).toMatch(/MODE_FULL = 0 +# allows every operating point; .* unknown since the start/);
    expect(words).toContain('the cheapest that should reach the target');
  });

  it('keeps a margin for uncertainty', () => {
    expect(point({ target: 0.9, deviation: 0.018 })).toBe('16/150/24/0/0');
    expect(decide({ target: 0.9, deviation: 0.1 }).pointReason).toContain('none within the cap is sure to reach');
  });

  it('is the dearest of the possibly most accurate ones when none is certain', () => {
    const measured = (samples: number) => {
      const accuracies = [0.916, 0.915, 0.913, 0.917, 0.916, 0.899, 0.896];
      const points = shippedProfile.points.map((each, at) => ({ ...each, samples, accuracy: accuracies[at] }));
      return decide({ target: 0.93 }, {}, controlTable(defaultModes, { policy: 'lean', points }, true)).point;
    };
    // 5,000 samples cannot separate 91.6 from 91.7 %; a million can.
    expect(measured(5000)).toEqual(shippedProfile.points[0].point);
    expect(measured(1_000_000)).toEqual(shippedProfile.points[indexOf('16/150/24')].point);
  });

  it('has more uncertainty when its profile rests on fewer samples', () => {
    const resting = (samples: number) => {
      const points = profile.points.map((each) => ({ ...each, samples }));
      return decide({}, {}, controlTable(defaultModes, { policy: 'lean', points }, true));
    };
    expect(resting(10_000).point.events).toBe(100);
    expect(resting(300).point.events).toBe(150);
    expect(resting(300).expected?.deviation).toBeGreaterThan(0.015);
  });

  it('follows what is observed', () => {
    expect(point({ correction: 0.03 })).toBe('8/100/24/0/0');
    expect(point({ correction: -0.0175 })).toBe('35/200/48/0/0');
    expect(point({ correction: -0.015 })).toBe('16/150/24/0/0');
    expect(point({ warning: 0.015 })).toBe('16/150/24/0/0');
  });

  it('is at once the most accurate within the cap after a change of the world', () => {
    const state = { point: indexOf('8/100/24'), pointSince: 999 };
    expect(point({ drift: true }, state)).toBe('35/400/96/0/0');
    expect(point({ drift: true, charge: 0.5 }, state)).toBe('35/200/48/0/0');
  });

  it('is never dearer than the cap of the mode', () => {
    expect(point({ charge: 0.2, target: 0.99 })).toBe('16/150/24/0/0');
    expect(decide({ charge: 0.2, target: 0.99 }).expected?.value).toBeCloseTo(0.9334);
  });

  it('changes only after the dwell when nothing is urgent', () => {
    const state = { point: indexOf('35/200/48'), pointSince: 990 };
    expect(point({}, state)).toBe('35/200/48/0/0');
    expect(decide({}, state).pointReason).toContain('kept for 20 s more, then T 16, E 150, K 24');
    expect(point({ elapsed: 1020 }, state)).toBe('16/150/24/0/0');
  });

  it('yields to a deadline, even above the cap', () => {
    const points = shippedProfile.points.map((each, at) => ({ ...each, latency: { train: at + 1, infer: at + 1 } }));
    const table = controlTable(defaultModes, { policy: 'lean', points }, true);
    const late = decide({ charge: 0.2, deadline: 2.5 }, {}, table);
    expect(late).toMatchObject({ mode: 'SAVER', point: points[1]?.point, latency: 2, inTime: true });
    expect(late.pointReason).toContain('no point within the cap meets the deadline of 3 s');
    expect(decide({ charge: 0.2, deadline: 0.5 }, {}, table)).toMatchObject({ point: points[3]?.point, inTime: false });
    expect(decide({ deadline: 2.5, overhead: 1 }, {}, table).point).toEqual(points[0]?.point);
  });

  it("is the mode's own without a profile", () => {
    const own = {
      ...defaultModes,
      FULL: { ...defaultModes.FULL, point: { ...defaultModes.FULL.point, timesteps: 20 } },
    };
    expect(profileOf(own)).toBeUndefined();
    const decision = decide({}, {}, controlTable(own, profileOf(own), true));
    expect(decision).toMatchObject({ point: own.FULL.point, expected: undefined, latency: undefined, inTime: true });
    // Its decisions took 20 ms recently.
    const pressed = { deadline: 0.01, overhead: 0.02 };
    const late = decide(pressed, {}, controlTable(own, profileOf(own), true));
    expect(late.inTime).toBe(false);
    expect(late.pointReason).toContain('no profile: its own point, which breaks the deadline of 10.0 ms');
  });
});

// --- random worlds ---

const share = fc.double({ min: 0, max: 1, noNaN: true });
const anything = fc.oneof(share, fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -0));
const profiles = fc
  .array(
    fc.record({
      ...{ timesteps: fc.integer({ min: 1, max: 350 }), events: fc.integer({ min: 8, max: 800 }) },
      ...{ keep: fc.integer({ min: 1, max: 200 }), exit: fc.constantFrom(0, 3, 6) },
      ...{ accuracy: share, recall: share, energy: fc.double({ min: 1e-9, max: 1e-5, noNaN: true }) },
      ...{ more: fc.double({ min: 1, max: 2, noNaN: true }), latency: fc.double({ min: 0, max: 0.01, noNaN: true }) },
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((rows) => ({
    policy: 'lean',
    points: rows.map(({ timesteps, events, keep, exit, accuracy, recall, energy, more, latency }) => ({
      ...{ point: { timesteps, events, keep, exitFirst: exit, exit }, samples: 1000, accuracy, recall },
      ...{ accuracyLow: 0, accuracyHigh: 1, energy: { train: energy * more, infer: energy } },
      latency: { train: latency * more, infer: latency },
    })),
  }));
const inputs = (number: fc.Arbitrary<number>): fc.Arbitrary<ControllerInput> =>
  fc.record({
    ...{ date: number, elapsed: number, charge: fc.option(number, { nil: undefined }), charging: fc.boolean() },
    ...{ forced: fc.constantFrom('AUTO', 'AUTO', ...modeNames), target: number, correction: number, deviation: number },
    mission: fc.option(fc.record({ until: number, reserve: number }), { nil: undefined }),
    ...{ measure: fc.constantFrom('accuracy' as const, 'recall' as const), warning: number, drift: fc.boolean() },
    ...{ deadline: fc.oneof(number, fc.double({ min: 0, max: 0.02, noNaN: true })), overhead: number },
  });
const states = (points: number): fc.Arbitrary<ControllerState> =>
  fc.record({
    ...{ mode: fc.constantFrom(...modeNames), modeSince: fc.double({ min: -100, max: 1, noNaN: true }) },
    ...{ point: fc.integer({ min: -1, max: points - 1 }), pointSince: fc.double({ min: -100, max: 1, noNaN: true }) },
    mission: fc.option(
      fc.record({ start: fc.double({ min: -1, max: 0, noNaN: true }), charge: share, until: share, reserve: share }),
      { nil: undefined },
    ),
  });
const worlds = profiles.chain((profile) =>
  fc.record({ profile: fc.constant(profile), state: states(profile.points.length) }),
);
const runs = { numRuns: 500 };

describe('the controller in any world', () => {
  it("chooses a point of the profile, or the forced mode's own", () => {
    fc.assert(
      fc.property(worlds, inputs(anything), fc.boolean(), ({ profile, state }, input, learning) => {
        const { decision } = control(controlTable(defaultModes, profile, learning), settings, state, input);
        const own = decision.forced && decision.point === defaultModes[decision.mode].point;
        expect(own || profile.points.some((each) => each.point === decision.point)).toBe(true);
      }),
      runs,
    );
  });

  it('returns only finite numbers, for any input', () => {
    const notFinite = (value: unknown): boolean =>
      typeof value === 'number'
        ? !Number.isFinite(value)
        : typeof value === 'object' && value !== null
          ? Object.values(value).some(notFinite)
          : false;
    fc.assert(
      fc.property(worlds, fc.array(inputs(anything), { minLength: 1, maxLength: 5 }), ({ profile, state }, all) => {
        const table = controlTable(defaultModes, profile, true);
        let now = state;
        for (const input of all) {
          const next = control(table, settings, now, input);
          expect(notFinite(next.decision)).toBe(false);
          expect(next.decision.reason + next.decision.pointReason).not.toMatch(/NaN|Infinity|undefined/);
          now = next.state;
        }
      }),
      runs,
    );
  });

  it('meets the deadline when any point meets it', () => {
    fc.assert(
      fc.property(worlds, inputs(share), ({ profile, state }, input) => {
        const { decision } = control(controlTable(defaultModes, profile, true), settings, state, input);
        if (decision.forced || input.deadline === 0) return;
        const learns = decision.settings.learning;
        const some = profile.points.some(
          ({ latency }) => (learns ? latency.train : latency.infer) + input.overhead <= input.deadline,
        );
        expect(decision.inTime).toBe(some);
      }),
      runs,
    );
  });

  it('never chooses a cheaper mode for a fuller battery, nor a cheaper point when learning stays the same', () => {
    fc.assert(
      fc.property(worlds, inputs(share), share, share, ({ profile, state }, input, a, b) => {
        const table = controlTable(defaultModes, profile, true);
        const at = (charge: number) => control(table, settings, state, { ...input, charge }).decision;
        const [less, more] = [at(Math.min(a, b)), at(Math.max(a, b))];
        expect(modeNames.indexOf(more.mode)).toBeLessThanOrEqual(modeNames.indexOf(less.mode));
        if (less.forced || less.settings.learning !== more.settings.learning) return;
        const part = more.settings.learning ? 'train' : 'infer';
        const cost = (decision: typeof less) =>
          profile.points.find((each) => each.point === decision.point)?.energy[part] ?? NaN;
        expect(cost(more)).toBeGreaterThanOrEqual(cost(less));
      }),
      { numRuns: 2000 },
    );
  });

  const minutes = 20;

  /** Changes of mode or point in some minutes of one decision a second. */
  function changes(profile: OperatingProfile, input: () => ControllerInput): number {
    const table = controlTable(defaultModes, profile, true);
    let state = started();
    let last = '';
    let count = -1;
    for (let second = 0; second < minutes * 60; second++) {
      const next = control(table, settings, state, { ...input(), date: 5000 + second, elapsed: 5000 + second });
      state = next.state;
      const name = `${state.mode} ${state.point}`;
      if (name !== last) count++;
      last = name;
    }
    return count;
  }
  const seeds = fc.integer({ min: 0, max: 2 ** 31 });
  const noiseOf = (seed: number): (() => number) => {
    const random = new Random(seed);
    return () => 2 * random.uniform() - 1;
  };

  it('ignores noise within the hysteresis, except at the start', () => {
    fc.assert(
      fc.property(profiles, share, share, seeds, (profile, charge, target, seed) => {
        const noise = noiseOf(seed);
        const found = changes(profile, () => ({
          ...{ ...calm, charge: Math.min(1, Math.max(0, charge + 0.0099 * noise())), target },
          correction: 0.0024 * noise(),
        }));
        expect(found).toBeLessThanOrEqual(4);
      }),
      { numRuns: 20 },
    );
  });

  // In a dwell the mode can rise once and fall three times; the point can be lost as often and chosen once.
  it('makes at most eight changes a dwell, for any battery and labels', () => {
    fc.assert(
      fc.property(profiles, share, seeds, (profile, target, seed) => {
        const noise = noiseOf(seed);
        const found = changes(profile, () => ({
          ...{ ...calm, target, charge: Math.abs(noise()), charging: noise() > 0.5, drift: noise() > 0.5 },
          ...{ correction: 0.1 * noise(), deadline: 0.005, overhead: 0.001 },
        }));
        expect(found).toBeLessThanOrEqual(8 * ((minutes * 60) / settings.dwell + 1));
      }),
      { numRuns: 20 },
    );
  });
});
