import type { AccuracyState } from '../accuracy/accuracy-monitor.js';
import type { Json, Snapshot, Tensor } from '../base/snapshot.js';
import { badState, storedArray } from '../readout/stored-array.js';
import type { ControllerState } from '../timestep/controller-input.js';

/** What a pilot needs to go on as before. */
export interface PilotState {
  /** What the estimate is an estimate of: it counts only where that is the same. */
  readonly basis: Json;
  readonly accuracy: AccuracyState;
  readonly choice: Pick<ControllerState, 'point' | 'pointSince' | 'mission'>;
}

/** Numbers that each array begins with, and of each row that follows; 0: none follows. */
const shapes = {
  faded: [2, 0],
  answers: [0, 4],
  correction: [4, 0],
  changes: [4, 3],
  margins: [43, 7],
  drift: [2, 0],
} as const;
type Part = keyof typeof shapes;
const parts = Object.keys(shapes) as Part[];

/** Puts it into a snapshot of what was learned: `controller` and `accuracy.…`, and `accuracy` in the meta. */
export function withPilot(snapshot: Snapshot, { basis, accuracy, choice }: PilotState): Snapshot {
  const { point, pointSince, mission } = choice;
  const plan = mission ? [mission.start, mission.charge, mission.until, mission.reserve] : [];
  const tensors = parts.map((part): [string, Tensor] => [`accuracy.${part}`, numbers(accuracy[part])]);
  return {
    ...snapshot,
    tensors: {
      ...{ ...snapshot.tensors, ...Object.fromEntries(tensors) },
      ...{ 'accuracy.window': numbers(accuracy.window), controller: numbers([point, pointSince, ...plan]) },
    },
    meta: { ...snapshot.meta, accuracy: { basis, names: accuracy.names } },
  };
}

/**
 * Takes it out of a snapshot; `undefined` where it was written before this was stored, or by `topspark train`.
 *
 * @throws TopsparkError `bad_state` naming what was found and expected
 */
export function pilotOf({ tensors, meta }: Snapshot): PilotState | undefined {
  if (!('accuracy' in meta)) return undefined;
  const { basis = null, names: listed } = Object(meta['accuracy']) as { readonly basis?: Json; readonly names?: Json };
  const names = (Array.isArray(listed) ? (listed as readonly Json[]) : []).map(String);
  const found = parts.map((part) => [part, [...stored(tensors, `accuracy.${part}`, shapes[part])]] as const);
  const window = stored(tensors, 'accuracy.window', [0, 2]);
  const accuracy = { names, window, ...(Object.fromEntries(found) as Record<Part, readonly number[]>) };
  const strange = window.find((number, at) => at % 2 === 1 && !(number in names));
  if (strange !== undefined) badState('accuracy.window', `class ${strange}`, `one of ${names.length} classes`);
  const [point, pointSince, ...plan] = stored(tensors, 'controller', [2, 4]);
  const [start, charge, until, reserve] = plan;
  const mission = plan.length > 0 ? { start, charge, until, reserve } : undefined;
  return { basis, accuracy, choice: { point, pointSince, mission } };
}

function stored(tensors: Snapshot['tensors'], name: string, [first, row]: readonly [number, number]): Float64Array {
  const { length } = name in tensors ? tensors[name].data : [];
  const rows = row === 0 ? 0 : Math.floor((length - first) / row);
  return storedArray(tensors, name, new Float64Array(), first + Math.max(0, rows) * row);
}

function numbers(list: ArrayLike<number>): Tensor {
  return { shape: [list.length], data: new Float64Array(list) };
}
