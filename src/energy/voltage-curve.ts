import { TopsparkError } from '../base/errors.js';
import { quoted } from '../base/quoted.js';

/** Charge of a battery by its voltage: pairs of rising volts and charges 0..1 that never fall. */
export type VoltageCurve = readonly (readonly [volts: number, charge: number])[];

/** Factors on the ends of the curve: how low a voltage may be under load, and how high while charging. */
const [sag, lift] = [0.7, 1.25];

/** Most pairs of a curve. */
const most = 100;

/**
 * Reads a curve from a parameter such as `10.5=0 12.1=0.5 12.7=1`, with spaces or commas between pairs.
 *
 * @returns `undefined` where the text is empty
 * @throws {@link TopsparkError} `out_of_range` naming the pair that is wrong
 */
export function readVoltageCurve(text: string): VoltageCurve | undefined {
  const pairs = text.split(/[\s,]+/).filter((pair) => pair !== '');
  if (pairs.length === 0) return undefined;
  if (pairs.length < 2 || pairs.length > most) {
    throw wrong(`${pairs.length} pairs`, `2..${most} of volts and charge, as 10.5=0 12.1=0.5 12.7=1`);
  }
  const curve = pairs.map((pair): [number, number] => {
    const [volts, charge] = /^([\d.]+)=([\d.]+)$/.exec(pair)?.slice(1).map(Number) ?? [];
    if (volts > 0 && volts <= 10_000 && charge <= 1) return [volts, charge];
    throw wrong(`the pair ${quoted(pair)}`, 'volts above 0, an equals sign and a charge of 0..1, as 12.1=0.5');
  });
  const back = curve.findIndex(
    ([volts, charge], k) => k > 0 && !(volts > curve[k - 1][0] && charge >= curve[k - 1][1]),
  );
  if (back > 0) throw wrong(`${pairs[back]} after ${pairs[back - 1]}`, 'rising volts and charges that never fall');
  return curve;
}

/** Refuses a text that is not a curve; see {@link readVoltageCurve}. */
export function checkVoltageCurve(text: string): void {
  readVoltageCurve(text);
}

/**
 * Charge of a battery 0..1, by linear interpolation between the pairs.
 *
 * @param volts - above 0
 * @throws {@link TopsparkError} `battery_voltage` where the curve clearly belongs to another battery
 */
export function chargeAt(curve: VoltageCurve, volts: number): number {
  const [first, last] = [curve[0], curve[curve.length - 1]];
  const [least, greatest] = [sag * first[0], lift * last[0]];
  if (volts < least || volts > greatest) {
    const ends = `${first[0]} to ${last[0]} V of battery.voltage_curve`;
    const found = `voltage is ${volts.toFixed(2)} V, expected ${least.toFixed(2)}..${greatest.toFixed(2)} around the ${ends}`;
    throw new TopsparkError('battery_voltage', 'data', `${found}: is it the curve of this battery, or of one cell?`);
  }
  const above = curve.findIndex(([each]) => each > volts);
  if (above < 0) return last[1];
  if (above === 0) return first[1];
  const [low, high] = [curve[above - 1], curve[above]];
  return low[1] + ((high[1] - low[1]) * (volts - low[0])) / (high[0] - low[0]);
}

const wrong = (found: string, expected: string): TopsparkError =>
  new TopsparkError('out_of_range', 'usage', `battery.voltage_curve has ${found}, expected ${expected}`);
