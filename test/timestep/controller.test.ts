import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseMode } from '../../src/timestep/controller.js';
import { checkModes, defaultModes, modeNames } from '../../src/timestep/modes.js';

const idle = { charge: undefined, charging: false, forced: 'AUTO' } as const;
const discharging = (charge: number) => ({ ...idle, charge });

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
  ])('at %d of the charge is %s', (charge, mode) => {
    expect(chooseMode(defaultModes, 'FULL', discharging(charge), 0.02).mode).toBe(mode);
  });

  it('returns to a dearer mode only past the hysteresis', () => {
    expect(chooseMode(defaultModes, 'BALANCED', discharging(0.61), 0.02).mode).toBe('BALANCED');
    expect(chooseMode(defaultModes, 'BALANCED', discharging(0.62), 0.02).mode).toBe('FULL');
  });

  it('can return to FULL even where threshold and hysteresis pass 1', () => {
    const strict = { ...defaultModes, FULL: { ...defaultModes.FULL, minBattery: 0.99 } };
    expect(chooseMode(strict, 'BALANCED', discharging(1), 0.02).mode).toBe('FULL');
  });

  it('is FULL while charging, whatever the charge', () => {
    const decision = chooseMode(defaultModes, 'CRITICAL', { ...discharging(0.01), charging: true }, 0.02);
    expect(decision).toMatchObject({ mode: 'FULL', forced: false, reason: 'charging: every cap is lifted' });
  });

  it('is kept while the battery is unknown, and says so', () => {
    const decision = chooseMode(defaultModes, 'SAVER', idle, 0.02);
    expect(decision).toMatchObject({ mode: 'SAVER', charge: undefined, reason: 'battery unknown: SAVER is kept' });
  });

  it('is what the user forces, before everything else', () => {
    const decision = chooseMode(defaultModes, 'FULL', { charge: 1, charging: true, forced: 'CRITICAL' }, 0.02);
    expect(decision).toMatchObject({ mode: 'CRITICAL', forced: true, settings: defaultModes.CRITICAL });
  });

  const charges = fc.double({ min: 0, max: 1, noNaN: true });
  const modes = fc.constantFrom(...modeNames);

  it('never grows dearer as the battery sinks, all else equal', () => {
    fc.assert(
      fc.property(charges, charges, modes, (a, b, current) => {
        const of = (charge: number) =>
          modeNames.indexOf(chooseMode(defaultModes, current, discharging(charge), 0.02).mode);
        expect(of(Math.min(a, b))).toBeGreaterThanOrEqual(of(Math.max(a, b)));
      }),
    );
  });

  it('does not flap under noise smaller than the hysteresis', () => {
    const noise = fc.array(fc.double({ min: -0.0099, max: 0.0099, noNaN: true }), { minLength: 2, maxLength: 200 });
    fc.assert(
      fc.property(charges, modes, noise, (charge, start, offsets) => {
        let mode = start;
        let switches = 0;
        for (const offset of offsets) {
          const next = chooseMode(
            defaultModes,
            mode,
            discharging(Math.min(1, Math.max(0, charge + offset))),
            0.02,
          ).mode;
          switches += Number(next !== mode);
          mode = next;
        }
        expect(switches).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe('a table of modes', () => {
  it('is right as shipped', () => {
    expect(() => {
      checkModes(defaultModes);
    }).not.toThrow();
  });

  it('refuses thresholds that do not fall', () => {
    const wrong = { ...defaultModes, SAVER: { ...defaultModes.SAVER, minBattery: 0.3 } };
    expect(() => {
      checkModes(wrong);
    }).toThrow('mode SAVER: minBattery is 0.3, expected below 0.3, that of BALANCED');
  });

  it('names mode and field of a wrong point', () => {
    const wrong = {
      ...defaultModes,
      FULL: { ...defaultModes.FULL, point: { ...defaultModes.FULL.point, timesteps: 0 } },
    };
    expect(() => {
      checkModes(wrong);
    }).toThrow('mode FULL: timesteps is 0, expected an integer in 1..1000');
  });
});
