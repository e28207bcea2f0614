// The second stage of an answer: class neurons replace missing evidence. With few labels in a long stream, nearly all
// votes are messages of neighbours. They show which neuron is a hub rather than the class. The missing evidence is
// known:
//
//   m = sum over nearest and fired of w lambda / (h_j + lambda)        w = weight in the votes (votes.ts)
//   B_c = sum of w lambda M_jc / (h_j + lambda)
//   mu = 0.7 a^2 / (a^2 + b^2) ,  a, b = 2.1, 3 + how often only class neurons, only the net were right (fading)
//   given_c = votes_c - mu B_c + mu m pi_c ,  pi_c = z_c^2 / sum z^2 ,  z_c = max(0, 1 - (1 - d_c / max d) / 0.2)
//
// Where samples are vectors of features, the common drive is subtracted from d_c (common-drive.ts).
//
// Class neurons are not read where no pi can change the first class (net lead >= 2 mu m, or lead without mu B >= mu m).
// Otherwise all of them read the first events, and the six with the largest drives read all events. Only + - * / sqrt.
//
// Order of additions: sums over neurons like the votes, the nearest first, then those that fired; d like the drives of
// neurons.
import {
  CLASS_CREDIT,
  CLASS_REACH,
  CLASS_SHARE,
  CLASSES_READ,
  features,
  lambda,
  NET_CREDIT,
  SELF_LEAD,
  selfLearning,
} from './constants';
import { anyKnown, isKnown, teachSelf } from './class-neurons';
import { commonDrive, learnCommon, openCommon } from './common-drive';
import { zero } from './buffers';
import { nearestCount } from './nearest';
import { sumLanes } from './lanes';
import { events } from './point';
import { firstEvents, restQuads } from './pixel-events';
import { CLASS_ANSWER, countGiven, LABEL_UPDATES, NEURON_UPDATES, SYNAPTIC_EVENTS, reportGiven } from './result';
import {
  byInput,
  classCredit,
  classes,
  classInverse,
  classStride,
  classWeights,
  evidenceSum,
  inputStride,
  message,
  neuronStride,
} from './state';
import { firedCount } from './steps';
import { findFirst, first, lead, nearWeight, reportGivenAnswer } from './votes';
import {
  fired,
  firedSpikes,
  firstRank,
  firstRow,
  givenVotes,
  heard,
  keptClass,
  keptClassDrive,
  keptClassFirst,
  keptClassSum,
  nearest,
  restCount,
  restOffset,
} from './work';

let keptClasses: i32 = 0;
/** Class neuron with the largest drive (-1: not read), its drive, and the second largest drive. */
let top: i32 = -1;
let topDrive: f32 = 0;
let secondDrive: f32 = 0;

/**
 * Finds the given answer. The net answer must have been reported just before, so that `lead` is its lead. With `learn`,
 * the sample may teach the class neuron of its answer.
 */
export function giveAnswer(learn: bool): void {
  const open = openShare();
  if (lead >= 2 * open || !anyKnown()) return;
  removeHeard();
  findFirst(givenVotes);
  if (first < 0 || lead < open) {
    readClasses(learn);
    addClasses(open);
    reportGiven(CLASS_ANSWER, top);
  }
  reportGivenAnswer();
  if (learn && selfLearning != 0 && top >= 0 && first == top && topDrive - secondDrive >= SELF_LEAD * topDrive) {
    teachSelf(top);
  }
}

function trust(): f32 {
  const own = load<f32>(classCredit) + CLASS_CREDIT;
  const net = load<f32>(classCredit, 4) + NET_CREDIT;
  return (CLASS_SHARE * (own * own)) / (own * own + net * net);
}

// mu m. No class neuron needs to be read for it.
function openShare(): f32 {
  top = -1;
  let missing: f32 = 0;
  for (let q: i32 = 0; q < nearestCount; q++)
    missing += nearWeight(q) * openPart(load<i32>(nearest + ((<usize>q) << 2)));
  for (let at: usize = 0; at < (<usize>firedCount) << 2; at += 4) {
    missing += <f32>load<i32>(firedSpikes + at) * openPart(load<i32>(fired + at));
  }
  countGiven(LABEL_UPDATES, nearestCount + firedCount);
  return trust() * missing;
}

function openPart(j: i32): f32 {
  return lambda / (load<f32>(evidenceSum + ((<usize>j) << 2)) + lambda);
}

// given_c -= mu B_c.
function removeHeard(): void {
  const bytes = (<usize>classes) << 2;
  zero(heard, bytes);
  for (let q: i32 = 0; q < nearestCount; q++) addHeard(load<i32>(nearest + ((<usize>q) << 2)), nearWeight(q));
  for (let at: usize = 0; at < (<usize>firedCount) << 2; at += 4) {
    addHeard(load<i32>(fired + at), <f32>load<i32>(firedSpikes + at));
  }
  const mu = f32x4.splat(trust());
  for (let at: usize = 0; at < bytes; at += 16) {
    const less = f32x4.mul(mu, v128.load(heard + at));
    v128.store(givenVotes + at, f32x4.sub(v128.load(givenVotes + at), less));
  }
  countGiven(LABEL_UPDATES, classes * (nearestCount + firedCount + 1));
}

function addHeard(j: i32, weight: f32): void {
  const row = message + ((<usize>(j * classStride)) << 2);
  const by = f32x4.splat(weight * openPart(j));
  const bytes = (<usize>classes) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(heard + at, f32x4.add(v128.load(heard + at), f32x4.mul(by, v128.load(row + at))));
  }
}

// Finds the drives of the class neurons. With `learn`, the common drive learns from them.
function readClasses(learn: bool): void {
  listRanks();
  openCommon();
  keptClasses = 0;
  let known: i32 = 0;
  for (let c: i32 = 0; c < classes; c++) {
    if (!isKnown(c)) continue;
    known++;
    const sum = firstSum(c);
    if (learn && features != 0) learnCommon(c, load<f32>(classInverse + ((<usize>c) << 2)) * sum, firstEvents);
    keepClass(c, sum);
  }
  for (let k: i32 = 0; k < keptClasses; k++) readRest((<usize>k) << 2);
  findTop();
  countGiven(SYNAPTIC_EVENTS, known * firstEvents + keptClasses * (events - firstEvents));
  countGiven(NEURON_UPDATES, known > CLASSES_READ ? 2 * known : 0);
  if (features != 0) countGiven(LABEL_UPDATES, (learn ? 3 : 2) * known + keptClasses);
}

// Converts rows of the first events back into inputs.
function listRanks(): void {
  const rowBytes = (<u32>neuronStride) << 2;
  for (let at: usize = 0; at < (<usize>firstEvents) << 2; at += 4) {
    store<u32>(firstRank + at, (load<u32>(firstRow + at) - <u32>byInput) / rowBytes);
  }
}

function firstSum(c: i32): f32 {
  const row = classWeights + <usize>c * ((<usize>inputStride) << 2);
  const end = firstRank + ((<usize>firstEvents) << 2);
  let sum: f32 = 0;
  for (let at = firstRank; at < end; at += 4) sum += load<f32>(row + ((<usize>load<u32>(at)) << 2));
  return sum;
}

// Inserts class c into the list of largest drives, best first. Classes come in ascending order, so
// the lower index stays first in a tie.
function keepClass(c: i32, sum: f32): void {
  const drive = load<f32>(classInverse + ((<usize>c) << 2)) * sum - commonDrive(c, firstEvents);
  let place = keptClasses;
  while (place > 0 && load<f32>(keptClassFirst + ((<usize>(place - 1)) << 2)) < drive) place--;
  if (place == CLASSES_READ) return;
  if (keptClasses < CLASSES_READ) keptClasses++;
  for (let k: i32 = keptClasses - 1; k > place; k--) {
    const at = (<usize>k) << 2;
    store<i32>(keptClass + at, load<i32>(keptClass + at - 4));
    store<f32>(keptClassSum + at, load<f32>(keptClassSum + at - 4));
    store<f32>(keptClassFirst + at, load<f32>(keptClassFirst + at - 4));
  }
  const at = (<usize>place) << 2;
  store<i32>(keptClass + at, c);
  store<f32>(keptClassSum + at, sum);
  store<f32>(keptClassFirst + at, drive);
}

function readRest(kept: usize): void {
  const c = load<i32>(keptClass + kept);
  const row = classWeights + <usize>c * ((<usize>inputStride) << 2);
  const end = (<usize>restQuads) << 2;
  let rest = f32x4.splat(0);
  for (let at: usize = 0; at < end; at += 4) {
    const weights = v128.load(row + <usize>load<u32>(restOffset + at));
    rest = f32x4.add(rest, f32x4.mul(v128.load(restCount + (at << 2)), weights));
  }
  const sum = load<f32>(keptClassSum + kept) + sumLanes(rest);
  const drive = load<f32>(classInverse + ((<usize>c) << 2)) * sum - commonDrive(c, events);
  store<f32>(keptClassDrive + kept, max<f32>(0, drive));
}

// Finds the two largest drives; ties: the lower class.
function findTop(): void {
  topDrive = secondDrive = 0;
  for (let k: usize = 0; k < (<usize>keptClasses) << 2; k += 4) {
    const c = load<i32>(keptClass + k);
    const drive = load<f32>(keptClassDrive + k);
    if (top < 0 || drive > topDrive || (drive == topDrive && c < top)) {
      secondDrive = topDrive;
      topDrive = drive;
      top = c;
    } else if (drive > secondDrive) secondDrive = drive;
  }
}

// given_c += mu m pi_c.
function addClasses(open: f32): void {
  if (!(topDrive > 0)) return;
  let sum: f32 = 0;
  for (let k: usize = 0; k < (<usize>keptClasses) << 2; k += 4) {
    const near = max<f32>(0, <f32>1 - (<f32>1 - load<f32>(keptClassDrive + k) / topDrive) / CLASS_REACH);
    store<f32>(keptClassDrive + k, near * near);
    sum += near * near;
  }
  for (let k: usize = 0; k < (<usize>keptClasses) << 2; k += 4) {
    const to = givenVotes + ((<usize>load<i32>(keptClass + k)) << 2);
    store<f32>(to, load<f32>(to) + open * (load<f32>(keptClassDrive + k) / sum));
  }
  countGiven(LABEL_UPDATES, 2 * keptClasses);
}
