import { expect } from 'vitest';
import type { ParameterValue } from '../../../src/base/parameters.js';
import { sensorEncoder } from '../../../src/sensing/sensor-kinds.js';

/** The intensities of one message of a sensor; `values` differ from its defaults. */
export function encoded(
  name: string,
  message: object,
  values: Record<string, ParameterValue> = {},
  frameId = '',
): Uint8Array {
  const { encoder } = sensorEncoder({ name, values });
  const into = new Uint8Array(encoder.rows * encoder.columns).fill(99);
  encoder.encode(message, into, 0n, frameId);
  return into;
}

/** For `toThrow`: a refusal under that cause. */
export const cause = (code: string): Error => expect.objectContaining({ code, kind: 'data' }) as Error;
