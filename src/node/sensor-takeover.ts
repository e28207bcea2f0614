import { TopsparkError, reasonOf } from '../base/errors.js';
import type { ParameterValue, ParameterValues } from '../base/parameters.js';
import type { Json, Snapshot } from '../base/snapshot.js';
import { sensorEncoder, sensorKind, sensorParameters, type SensorUse } from '../sensing/sensor-kinds.js';
import { embeddingEncoding, imageEncodings, pixelEncodings } from '../sensing/image/image-sensor.js';
import {
  describeDifferences,
  readingDifferences,
  readingsOf,
  type ReadingDifference,
} from '../sensing/sensor-reading.js';
import { checkParameter } from './parameter-checks.js';

/** The sensors in use, by the parameters. */
export function sensorsInUse(values: ParameterValues): SensorUse[] {
  return values.texts('sensors').map((name) => ({ name, values: Object.fromEntries(values.block(name)) }));
}

/** Whether a pretrained network encodes the images of any sensor in use. */
export function anyEmbedding(values: ParameterValues): boolean {
  return sensorsInUse(values).some(({ values: own = {} }) => own['encoding'] === embeddingEncoding);
}

/**
 * How the sensors of a snapshot were read, for each parameter that is not set. So a robot keeps what it has learned
 * when defaults change.
 *
 * @returns the parameters that need another value
 * @throws TopsparkError `bad_state` naming each parameter that is set differently, or has an impossible value
 */
export function takenOver({ meta }: Snapshot, values: ParameterValues): ReadonlyMap<string, ParameterValue> {
  if (!('sensors' in meta)) return byShape(meta, sensorsInUse(values), values.explicit);
  const differ = (read: ParameterValues): readonly ReadingDifference[] =>
    readingDifferences(meta['sensors'], readingsOf(sensorsInUse(read)));
  const taken = new Map<string, ParameterValue>();
  for (const { parameter, found } of differ(values)) {
    const value = values.explicit.has(parameter) ? undefined : fitting(parameter, found);
    if (value !== undefined) taken.set(parameter, value);
  }
  // Values that depend on a parameter, such as the hash of a model on the encoding, are compared after the takeover.
  const set = differ(values.with(taken));
  if (set.length > 0) {
    throw new TopsparkError('bad_state', 'checkpoint', describeDifferences(set, 'this checkpoint was learned'));
  }
  // Each value is in its range; the encoders check whether they fit each other.
  for (const use of sensorsInUse(values.with(taken))) check(use);
  return taken;
}

// A snapshot without this record, such as an older file of `topspark train`, was learned from pictures of one size: the
// shape of the intensities identifies their encoding.
function byShape(
  { rows, columns }: Snapshot['meta'],
  [use, ...others]: readonly SensorUse[],
  explicit: ReadonlySet<string>,
): ReadonlyMap<string, ParameterValue> {
  const parameter = `${use.name}.encoding`;
  if (others.length > 0 || sensorKind(use.name).encodings !== imageEncodings || explicit.has(parameter))
    return new Map();
  const fits = (encoding: ParameterValue | undefined): boolean => {
    const { encoder } = sensorEncoder({ ...use, values: { ...use.values, encoding: encoding ?? imageEncodings[0] } });
    return encoder.rows === rows && encoder.columns === columns;
  };
  if (fits(use.values?.['encoding'])) return new Map();
  const found = pixelEncodings.find(fits);
  return new Map(found === undefined ? [] : [[parameter, found]]);
}

/** The values taken over, in words; empty: none. */
export function describeTakenOver(taken: ReadonlyMap<string, ParameterValue>): string {
  return [...taken].map(([name, value]) => `${name} ${String(value)}`).join(', ');
}

/**
 * A stored value that its parameter can have; `undefined` where there is no such parameter, or the value is invalid.
 */
function fitting(parameter: string, found: Json | undefined): ParameterValue | undefined {
  const dot = parameter.indexOf('.');
  if (dot < 0) return undefined; // the sensors themselves differ
  const entries = sensorParameters(sensorKind(parameter.slice(0, dot)));
  const entry = entries.find(({ name }) => name === parameter.slice(dot + 1));
  if (entry === undefined) return undefined;
  const raw = entry.type === 'integer' && Number.isSafeInteger(found) ? BigInt(Number(found)) : found;
  const checked = checkParameter(entry, raw);
  return 'value' in checked ? checked.value : undefined;
}

function check(use: SensorUse): void {
  try {
    sensorEncoder(use);
  } catch (error) {
    if (error instanceof TopsparkError && error.kind === 'environment') throw error;
    const reason = reasonOf(error);
    throw new TopsparkError('bad_state', 'checkpoint', `how its sensors were read does not fit together: ${reason}`, {
      cause: error,
    });
  }
}
