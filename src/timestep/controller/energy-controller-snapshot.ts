import type { AccuracyState } from '../../accuracy/accuracy-monitor.js';
import { type Json, type Snapshot, type Tensor, badState, storedArray, storedNames } from '../../base/snapshot.js';
import type { ControllerState } from './controller-input.js';

/** State of an energy controller. */
export interface EnergyControllerState {
  /** Settings and profile that the estimate depends on. The estimate is restored only where they are the same. */
  readonly basis: Json;
  readonly accuracy: AccuracyState;
  readonly choice: Pick<ControllerState, 'point' | 'pointSince' | 'mission'>;
}

/** Bounds of a number. */
type Bounds = readonly [least: number, most: number];

const share: Bounds = [0, 1];
// Expectations shift when a profile is measured again.
const expectation: Bounds = [-10, 10];
const count: Bounds = [0, Number.MAX_SAFE_INTEGER];
// The fading factor of labels is at most 0.99999, and a label counts at most 100 (w² of w = 10).
const faded: Bounds = [0, 1e7];
const difference: Bounds = [-1e8, 1e8];
// −∞: none.
const point: Bounds = [-Infinity, 1e6];
const time: Bounds = [-Infinity, 1e15];

/** For each array: bounds of its first numbers, and bounds of the numbers in each row after them; empty: no rows. */
const shapes = {
  // The row is S and B of the latest labels, which older files lack.
  faded: [
    [faded, faded],
    [faded, faded],
  ],
  answers: [[], [count, share, [-Infinity, 10], point]],
  correction: [[difference, faded, [0, 1e9], share], []],
  changes: [
    [count, count, difference, faded],
    [count, difference, faded],
  ],
  margins: [
    [share, point, count, ...Array.from({ length: 40 }, () => count)],
    [point, count, expectation, count, count, expectation, [0, 100]],
  ],
  drift: [
    [
      [0, Infinity],
      [0, Infinity],
    ],
    // The rows are decisions since the last label and labels since a sign of change, which older files lack.
    [[0, Infinity]],
  ],
  window: [[], [share, count]],
  controller: [
    [point, time],
    [time, share, time, share],
  ],
} as const satisfies Record<string, readonly [first: readonly Bounds[], row: readonly Bounds[]]>;
type Shape = keyof typeof shapes;
const parts = ['faded', 'answers', 'correction', 'changes', 'margins', 'drift'] as const;
type Part = (typeof parts)[number];

/** Maximum number of class names: the largest window of the estimate. */
const mostNames = 100_000;

/** Adds the state to a snapshot: arrays `controller` and `accuracy.…`, and `accuracy` in the meta. */
export function withControllerState(snapshot: Snapshot, { basis, accuracy, choice }: EnergyControllerState): Snapshot {
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
 * Reads the state from a snapshot; `undefined`: the snapshot is older, or comes from `topspark train`.
 *
 * @throws TopsparkError `bad_state` naming what was found and expected
 */
export function controllerStateOf({ tensors, meta }: Snapshot): EnergyControllerState | undefined {
  if (!('accuracy' in meta)) return undefined;
  const { basis = null, names: listed } = Object(meta['accuracy']) as { readonly basis?: Json; readonly names?: Json };
  const names = storedNames(listed ?? null, 'accuracy.names', mostNames);
  const found = parts.map((part) => [part, [...stored(tensors, `accuracy.${part}`, part)]] as const);
  const window = stored(tensors, 'accuracy.window', 'window');
  const accuracy = { names, window, ...(Object.fromEntries(found) as Record<Part, readonly number[]>) };
  const strange = window.find((number, at) => at % 2 === 1 && !(number in names));
  if (strange !== undefined) badState('accuracy.window', `class ${strange}`, `one of ${names.length} classes`);
  for (let at = 0; at < accuracy.faded.length; at += 2) {
    const [right, labels] = accuracy.faded.slice(at, at + 2);
    if (right > labels * (1 + 1e-9)) badState('accuracy.faded', `${right} right of ${labels}`, 'no more than all');
  }
  const [point, pointSince, ...plan] = stored(tensors, 'controller', 'controller');
  const [start, charge, until, reserve] = plan;
  const mission = plan.length > 0 ? { start, charge, until, reserve } : undefined;
  return { basis, accuracy, choice: { point, pointSince, mission } };
}

// An impossible state is refused. For example, an accuracy above 1 would make the cheapest point look certain.
function stored(tensors: Snapshot['tensors'], name: string, shape: Shape): Float64Array {
  const [first, row]: readonly [readonly Bounds[], readonly Bounds[]] = shapes[shape];
  const { length } = name in tensors ? tensors[name].data : [];
  const rows = row.length === 0 ? 0 : Math.max(0, Math.floor((length - first.length) / row.length));
  const data = storedArray(tensors, name, new Float64Array(), first.length + rows * row.length);
  for (const [at, value] of data.entries()) {
    const [least, most] = at < first.length ? first[at] : row[(at - first.length) % row.length];
    if (!(value >= least && value <= most)) badState(`${name}[${at}]`, String(value), `${least}..${most}`);
  }
  return data;
}

function numbers(list: ArrayLike<number>): Tensor {
  return { shape: [list.length], data: new Float64Array(list) };
}
