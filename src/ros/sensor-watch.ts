import type { SensorKind } from '../encoding/sensor.js';
import { FrequencyMonitor, type FrequencyReport } from './frequency-monitor.js';
import type { ParameterValues } from '../base/parameter-values.js';

/** How often a sensor is heard. */
export interface SensorReport {
  readonly name: string;
  readonly topic: string;
  readonly frequency: FrequencyReport;
  /** [1/s]; 0: any. */
  readonly expected: number;
}

/** Ticks for which a rate must stay too low before it is warned about: the window over which it is averaged. */
const patience = 5;

/** Messages a second below which it is in order that none came within the window. */
const rarely = 0.5;

/** Counts what the sensors in use send, and says which of them stay below the rate expected of them. */
export class SensorWatch {
  readonly #sensors: readonly { readonly kind: SensorKind; readonly monitor: FrequencyMonitor; low: number }[];

  /** @param values - `NAME.expected_rate` of each sensor */
  constructor(sensors: readonly SensorKind[], values: ParameterValues) {
    this.#sensors = sensors.map((kind) => ({
      kind,
      monitor: new FrequencyMonitor(values.number(`${kind.name}.expected_rate`)),
      low: 0,
    }));
  }

  /** A message of that sensor came. */
  count(name: string): void {
    this.#sensors.find(({ kind }) => kind.name === name)?.monitor.count();
  }

  /**
   * Call it about once a second.
   *
   * @param now - monotonic time [s]
   * @param cap - messages a second that are taken at most; 0: all
   * @param tooSlow - hears of each sensor that stays below its rate
   */
  tick(now: number, cap: number, tooSlow: (sensor: string, message: string) => void): SensorReport[] {
    return this.#sensors.map((sensor) => {
      const { kind, monitor } = sensor;
      const { name, topic } = kind;
      // Where fewer are taken than expected, how many come is not known.
      const expected = cap > 0 && cap <= monitor.expected ? 0 : monitor.expected;
      const heard = monitor.tick(now, expected);
      const rare = cap > 0 && cap < rarely && heard.verdict === 'none';
      const frequency = rare ? { ...heard, verdict: 'ok' as const } : heard;
      const slow = expected > 0 && (frequency.verdict === 'low' || frequency.verdict === 'none');
      sensor.low = slow ? sensor.low + 1 : 0;
      if (sensor.low >= patience) {
        const found = `${topic} comes at ${frequency.frequency.toFixed(1)} Hz`;
        tooSlow(name, `${found}, expected ${expected} Hz: large messages may be lost on the way, see docs/sensors.md`);
      }
      return { name, topic, frequency, expected };
    });
  }
}
