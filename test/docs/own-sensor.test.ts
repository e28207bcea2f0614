import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ParameterValues } from '../../src/base/parameters.js';
import { sensorParameters } from '../../src/sensing/sensor-kinds.js';
import { temperature } from './reference/temperature.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the example sensor in docs/sensors.md', () => {
  it('is the one that is tested here', () => {
    const [, shown] = /^```ts\n([^]*?)^```$/m.exec(read('../../docs/sensors.md')) ?? [];
    const tried = read('reference/temperature.ts')
      .replaceAll("'../../../src/sensing/", "'./")
      .replaceAll("'../../../src/", "'../");
    expect(shown).toBe(tried);
  });

  it('encodes a temperature, and refuses an invalid value', () => {
    const standard = sensorParameters(temperature).map((entry) => [entry.name, entry.standard] as const);
    const encoder = temperature.create(new ParameterValues(new Map([...standard, ['cells', 11]])));
    const coded = (degrees: number): number[] => {
      const into = new Uint8Array(encoder.rows * encoder.columns);
      encoder.encode({ temperature: degrees }, into, 0n, '');
      return [...into];
    };
    for (const cell of [0, 3, 10]) expect(coded(10 * cell).indexOf(255)).toBe(cell);
    expect(() => coded(NaN)).toThrow('temperature is NaN, expected a number');
  });
});
