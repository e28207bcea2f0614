// Class neurons: one more neuron per class, which learns the mean of its labelled samples. They take no part in the
// steps of the network: they never fire and inhibit no neuron. class-votes.ts reads their drives d_c.
//
//   label y:  L_y += 1 ,  n_y += 1 ;  where n_y > 16, it is learned only if floor(n_y) is a multiple of 4:
//             v_y = (1 - eta) v_y + eta f' ,  eta = max(0.005, 1 / n_y) ,  f'_i = x_i / (x_i + 3 traceHalf X)
//   no label: U_c += 0.1 ,  n_c += 0.1 ,  and the same with 0.1 max(0.005, 1 / n_c) , while U_c <= min(L_c, 4);
//             where samples are vectors of features, while U_c <= max(min(L_c, 4), 16 / L_c)
//   d_c = (sum over events of v_ci) / |v_c|
//
// Order of additions: sum_i v_ci^2 in four partial sums over the inputs i mod 4, like every sum over a column.
import {
  CLASS_EVERY,
  CLASS_LABELS,
  CLASS_RATE,
  CLASS_TRACE,
  CREDIT_KEEP,
  features,
  SELF_FEW,
  SELF_MOST,
  SELF_WEIGHT,
  traceHalf,
} from './constants';
import { makeTrace } from './learn';
import { sumLanes } from './lanes';
import { active, quads, read } from './read';
import { clearResult, count, countGiven, NORMALISATION_UPDATES, PLASTICITY_UPDATES } from './result';
import {
  classCredit,
  classCommon,
  classes,
  classInverse,
  classLabels,
  classLooks,
  classSeen,
  classSelf,
  classWeights,
  inputStride,
} from './state';
import { quadOffset, quadTrace } from './work';

/** Whether class c has a class neuron that has learned. */
export function isKnown(c: i32): bool {
  return load<f32>(classSeen + ((<usize>c) << 2)) > 0;
}

/** Whether any class is known. */
export function anyKnown(): bool {
  for (let c: i32 = 0; c < classes; c++) if (isKnown(c)) return true;
  return false;
}

/**
 * Teaches that the sample in `input`, which must not be empty, is of class y. Counts updates.
 *
 * @param classAnswer - answer of the class neurons; below 0: they were not read
 * @param netAnswer - answer of the net
 */
export function teachClass(y: i32, classAnswer: i32, netAnswer: i32): void {
  clearResult();
  const at = (<usize>y) << 2;
  if (classAnswer >= 0 && isKnown(y)) creditClasses(classAnswer == y, netAnswer == y);
  const seen = load<f32>(classSeen + at) + 1;
  store<f32>(classLabels + at, load<f32>(classLabels + at) + 1);
  store<f32>(classSeen + at, seen);
  if (seen > CLASS_LABELS && <i32>seen % CLASS_EVERY != 0) return;
  read();
  moveClass(y, max(CLASS_RATE, <f32>1 / seen));
  count(PLASTICITY_UPDATES, active);
  count(NORMALISATION_UPDATES, 1);
}

/**
 * Undoes `teachClass` for the sample in `input` and class y. A class without any labels left is reset. `learned`: the
 * sample changed the weights, which is undone, too.
 */
export function takeBackClass(y: i32, learned: bool): void {
  const at = (<usize>y) << 2;
  const before = load<f32>(classSeen + at);
  const seen = max<f32>(0, before - 1);
  store<f32>(classLabels + at, max<f32>(0, load<f32>(classLabels + at) - 1));
  store<f32>(classSeen + at, seen);
  if (!(load<f32>(classLabels + at) > 0) || !(seen > 0)) {
    forgetClassNeuron(y);
    return;
  }
  if (!learned) return;
  read();
  leaveClass(y, max(CLASS_RATE, <f32>1 / before));
}

// Gives credit to the one that was right, if the other was wrong. Both credits fade.
function creditClasses(classRight: bool, netRight: bool): void {
  const own = load<f32>(classCredit) * CREDIT_KEEP;
  const net = load<f32>(classCredit, 4) * CREDIT_KEEP;
  store<f32>(classCredit, classRight && !netRight ? own + 1 : own);
  store<f32>(classCredit, netRight && !classRight ? net + 1 : net, 4);
}

/** Class c learns the sample that was just read, unless its unlabelled samples have reached their maximum weight. */
export function teachSelf(c: i32): void {
  const at = (<usize>c) << 2;
  const self = load<f32>(classSelf + at) + SELF_WEIGHT;
  if (self > mostSelf(load<f32>(classLabels + at))) return;
  const seen = load<f32>(classSeen + at) + SELF_WEIGHT;
  store<f32>(classSelf + at, self);
  store<f32>(classSeen + at, seen);
  moveClass(c, SELF_WEIGHT * max(CLASS_RATE, <f32>1 / seen));
  countGiven(PLASTICITY_UPDATES, active);
  countGiven(NORMALISATION_UPDATES, 1);
}

// Maximum weight of unlabelled samples. Vectors of one class are similar, so with few labels more unlabelled samples
// help.
function mostSelf(labels: f32): f32 {
  const most = min(labels, SELF_MOST);
  return features != 0 && labels > 0 ? max(most, SELF_FEW / labels) : most;
}

/** Resets the class neuron of class c. */
function forgetClassNeuron(c: i32): void {
  const at = (<usize>c) << 2;
  const rowBytes = (<usize>inputStride) << 2;
  memory.fill(classWeights + <usize>c * rowBytes, 0, rowBytes);
  store<f32>(classInverse + at, 0);
  store<f32>(classSeen + at, 0);
  store<f32>(classLabels + at, 0);
  store<f32>(classSelf + at, 0);
  store<f32>(classCommon + at, 0);
  store<f32>(classLooks + at, 0);
}

// v_c = min(1, max(0, v_c - eta f') / (1 - eta)): the mean without this sample.
function leaveClass(c: i32, eta: f32): void {
  makeTrace(CLASS_TRACE * traceHalf);
  const row = classWeights + <usize>c * ((<usize>inputStride) << 2);
  const end = row + ((<usize>inputStride) << 2);
  const rate = f32x4.splat(eta);
  const none = f32x4.splat(0);
  for (let at: usize = 0; at < (<usize>quads) << 2; at += 4) {
    const place = row + <usize>load<u32>(quadOffset + at);
    const less = f32x4.sub(v128.load(place), f32x4.mul(rate, v128.load(quadTrace + (at << 2))));
    v128.store(place, f32x4.pmax(none, less));
  }
  const by = f32x4.splat(<f32>1 / (<f32>1 - eta));
  const most = f32x4.splat(1);
  for (let at = row; at < end; at += 16) v128.store(at, f32x4.pmin(most, f32x4.mul(v128.load(at), by)));
  measureClass(c);
}

// v_c = (1 - eta) v_c + eta f', and 1 / |v_c|.
function moveClass(c: i32, eta: f32): void {
  makeTrace(CLASS_TRACE * traceHalf);
  const row = classWeights + <usize>c * ((<usize>inputStride) << 2);
  const end = row + ((<usize>inputStride) << 2);
  const keep = f32x4.splat(<f32>1 - eta);
  for (let at = row; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), keep));
  const rate = f32x4.splat(eta);
  for (let at: usize = 0; at < (<usize>quads) << 2; at += 4) {
    const place = row + <usize>load<u32>(quadOffset + at);
    v128.store(place, f32x4.add(v128.load(place), f32x4.mul(rate, v128.load(quadTrace + (at << 2)))));
  }
  measureClass(c);
}

function measureClass(c: i32): void {
  const row = classWeights + <usize>c * ((<usize>inputStride) << 2);
  const end = row + ((<usize>inputStride) << 2);
  let sum = f32x4.splat(0);
  for (let at = row; at < end; at += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(at), v128.load(at)));
  const square = sumLanes(sum);
  store<f32>(classInverse + ((<usize>c) << 2), square > 0 ? <f32>1 / sqrt<f32>(square) : 0);
}
