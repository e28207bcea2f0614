import { TopsparkError, reasonOf } from '../base/errors.js';
import type { ParameterValue, ParameterValues } from '../base/parameters.js';
import type { Json, Snapshot } from '../base/snapshot.js';
import { sensorEncoder, sensorKind, sensorParameters, type SensorUse } from '../sensing/sensor-kinds.js';
import { embeddingEncoding, imageEncodings, pixelEncodings } from '../sensing/image/image-sensor.js';
import { readingDifferences, readingsOf, tellDifferences, type ReadingDifference } from '../sensing/sensor-reading.js';
import { checkParameter } from './parameter-checks.js';

/** The sensors in use, as the parameters have them. */
export function sensorsInUse(values: ParameterValues): SensorUse[] {
  return values.texts('sensors').map((name) => ({ name, values: Object.fromEntries(values.block(name)) }));
}

/** Whether any sensor in use sees through a pretrained network. */
export function anyEmbedding(values: ParameterValues): boolean {
  return sensorsInUse(values).some(({ values: own = {} }) => own['encoding'] === embeddingEncoding);
}

/**
 * What a snapshot says of how its sensors were read, for each parameter that nobody set: so a robot goes on with what it has
 * learned when defaults change.
 *
 * @returns the parameters that are to have another value
 * @throws TopsparkError `bad_state` naming each parameter that is set and was another, or a value that none can have
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
  // What depends on a parameter, as the hash of a model on the encoding, is the same or not once that is taken over.
  const set = differ(values.with(taken));
  if (set.length > 0) {
    throw new TopsparkError('bad_state', 'checkpoint', tellDifferences(set, 'this checkpoint was learned'));
  }
  // Each value is in its range; whether they fit each other the encoders say.
  for (const use of sensorsInUse(values.with(taken))) check(use);
  return taken;
}

// What does not say how its sensors were read, as older files of `topspark train`, was learned from pictures of one size: the
// shape of the intensities tells their encoding.
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

/** What was taken over, in words; empty: nothing was. */
export function tellTakenOver(taken: ReadonlyMap<string, ParameterValue>): string {
  return [...taken].map(([name, value]) => `${name} ${String(value)}`).join(', ');
}

/** A stored value that its parameter can have; `undefined`: there is no such parameter, or it cannot. */
function fitting(parameter: string, found: Json | undefined): ParameterValue | undefined {
  const dot = parameter.indexOf('.');
  if (dot < 0) return undefined; // the sensors themselves are others
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
