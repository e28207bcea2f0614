import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultModes } from '../../src/timestep/controller/modes.js';
import { EnergyController, type Choice } from '../../src/timestep/controller/energy-controller.js';
import { shippedProfile } from '../../src/timestep/controller/shipped-profile.js';

const goals = { target: 0.9, deadline: 0, mission: { until: '', timeZone: 'UTC', reserve: 0.2 } };
const dwell = 30;
const open = (): EnergyController =>
  new EnergyController(
    {
      ...{ network: { memory: 256 }, modes: defaultModes, battery: { timeout: 20, hysteresis: 0.05 } },
      ...{ profile: shippedProfile, accuracy: { window: 100, fading: 0.999, measure: 'accuracy' } },
      ...{ goals, dwell, learning: true },
    },
    { date: 1e9, elapsed: 0 },
  );

/** A step of a robot's life. Most leave everything as it is. */
const step = fc.record({
  seconds: fc.constantFrom(1, 1, 1, 1, 7, 40),
  charge: fc.constantFrom(undefined, undefined, undefined, 0.9, 0.5, 0.3, 0.1),
  target: fc.constantFrom(undefined, undefined, undefined, 0.9, 0.5, 0.99),
  until: fc.constantFrom(undefined, undefined, undefined, '', '23:00'),
  forced: fc.constantFrom(undefined, undefined, undefined, 'AUTO' as const, 'SAVER' as const),
  labels: fc.constantFrom(0, 0, 0, 3),
  right: fc.boolean(),
  overhead: fc.constantFrom(0, 0, 0, 0.01),
  jumps: fc.constantFrom(0, 0, 0, 0, 100),
});

describe('EnergyController', () => {
  it('rests while nothing changes, and chooses as if it never rested', () => {
    const hear = (each: EnergyController, percentage: number, now: number): void => {
      try {
        each.hearBattery({ present: true, charge: NaN, capacity: NaN, status: 2, percentage }, now);
      } catch {
        // A fall that is too fast is doubtful until it lasts.
      }
    };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const [resting, restless] = [open(), open()];
        let [now, offset, sample] = [0, 1e9, 0];
        for (const { seconds, charge, target, until, forced, labels, right, overhead, jumps } of steps) {
          now += seconds;
          offset += jumps;
          for (const each of [resting, restless]) {
            if (charge !== undefined) hear(each, charge, now);
            if (target !== undefined) each.aim({ ...goals, target });
            if (until !== undefined) each.aim({ ...goals, mission: { ...goals.mission, until } });
            if (forced !== undefined) each.force(forced);
            for (let k = 0; k < labels; k++) {
              const answered = { confidence: 0.9, expected: 0.9, point: each.choice.place.index };
              each.monitor.answered({ sample: sample + k, ...answered });
              each.monitor.labelled(sample + k, right, 'a', false);
            }
          }
          sample += labels;
          restless.setLearning(true); // as another table may come of it, it chooses again
          const [moment, signs] = [
            { date: now + offset, elapsed: now },
            { alarm: false, overhead },
          ];
          expect(resting.choose(moment, signs)).toBe(restless.choose(moment, signs));
          expect(resting.choice).toEqual(restless.choice);
        }
      }),
    );
    const resting = open();
    const told: Choice[] = [];
    resting.onChoice = (choice) => {
      told.push(choice);
    };
    for (let second = 1; second < 100; second++) {
      resting.choose({ date: 1e9 + second, elapsed: second }, { alarm: false, overhead: 0 });
    }
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(dwell + 5);
    resting.aim({ ...goals, target: 0.5 });
    const before = told.length;
    resting.choose({ date: 1e9 + 100, elapsed: 100 }, { alarm: false, overhead: 0 });
    expect(told.length).toBe(before + 1);
  });
});
