// Step 7: leaky integration from v = 0, at most one spike per step, T steps. In margins m = v - (Vth + theta):
//
//   m <- d m + (a - (1 - d)(Vth + theta));   if max m >= 0 the largest, w (ties: the first), fires:
//   every other m -= Vth + theta_w;   learning: theta_w += theta+;   m_w = Vreset - (Vth + theta_w)
//
// Only neurons that could fire without inhibition take part (score >= Vth). When learning, the fresh neuron takes part,
// too. It has no weights and acts as a time limit: it fires at 4/35 of T unless a trained neuron inhibits it before.
// Its spike ends the sample.
import { reset, thetaFresh, thetaPlus, threshold } from './constants';
import { keptCount } from './eliminate';
import { maxLanes } from './lanes';
import { decay, exit, freshDrive, leak, steps } from './point';
import { count, countSpike, FIRED, NEURON_UPDATES, STEPS_RUN, report } from './result';
import { neurons, theta, touched } from './state';
import { leadReached, vote } from './votes';
import {
  fired,
  firedSpikes,
  kept,
  keptDrive,
  keptScore,
  margin,
  member,
  memberSpikes,
  memberThreshold,
  push,
} from './work';

/** Number of neurons in `fired`. */
export let firedCount: i32 = 0;
/** Whether the fresh neuron fired. */
export let freshFired: bool = false;

let members: i32 = 0;

/** Runs the steps. Without learning, every spike votes at once, and a lead of `exit` votes ends the steps. */
export function runSteps(learn: bool): void {
  listMembers(learn);
  let step: i32 = 0;
  if (members > 0) {
    while (step < steps) {
      step++;
      if (!integrate()) continue;
      const w = fire(step, learn);
      if (learn) {
        if (load<i32>(member + w) == touched) {
          freshFired = true;
          break;
        }
      } else {
        vote(load<i32>(member + w), 1);
        if (exit > 0 && leadReached(exit)) break;
      }
    }
  }
  report(STEPS_RUN, step);
  count(NEURON_UPDATES, members * step);
  listFired();
}

/** Resets the list of neurons that fired. */
export function noSteps(): void {
  firedCount = 0;
  freshFired = false;
}

function listMembers(learn: bool): void {
  noSteps();
  members = 0;
  const end = (<usize>keptCount) << 2;
  for (let at: usize = 0; at < end; at += 4) {
    if (load<f32>(keptScore + at) < threshold) continue;
    const j = load<i32>(kept + at);
    addMember(j, threshold + load<f32>(theta + ((<usize>j) << 2)), load<f32>(keptDrive + at));
  }
  if (learn && touched < neurons) addMember(touched, threshold + thetaFresh, freshDrive);
  v128.store(margin + ((<usize>members) << 2), f32x4.splat(-f32.MAX_VALUE));
  v128.store(push + ((<usize>members) << 2), f32x4.splat(0));
}

function addMember(j: i32, ownThreshold: f32, a: f32): void {
  const at = (<usize>members) << 2;
  store<i32>(member + at, j);
  store<f32>(memberThreshold + at, ownThreshold);
  store<f32>(margin + at, -ownThreshold);
  store<f32>(push + at, a - leak * ownThreshold);
  store<i32>(memberSpikes + at, 0);
  members++;
}

// Runs one step of all members. Returns whether a member reached its threshold.
function integrate(): bool {
  const d = f32x4.splat(decay);
  const bytes = (<usize>members) << 2;
  const margins = margin;
  const gains = push;
  let most = f32x4.splat(-f32.MAX_VALUE);
  let at: usize = 0;
  do {
    const m = f32x4.add(f32x4.mul(v128.load(margins + at), d), v128.load(gains + at));
    v128.store(margins + at, m);
    most = f32x4.pmax(most, m);
    at += 16;
  } while (at < bytes);
  return v128.any_true(f32x4.ge(most, f32x4.splat(0)));
}

// Lets the member with the largest margin fire. Returns its byte offset in the lists.
function fire(step: i32, learn: bool): usize {
  const w = winner();
  const inhibition = load<f32>(memberThreshold + w);
  const bytes = (<usize>members) << 2;
  const strong = f32x4.splat(inhibition);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(margin + at, f32x4.sub(v128.load(margin + at), strong));
  const j = load<i32>(member + w);
  if (learn && j < touched) {
    const grown = load<f32>(theta + ((<usize>j) << 2)) + thetaPlus;
    store<f32>(theta + ((<usize>j) << 2), grown);
    store<f32>(memberThreshold + w, threshold + grown);
    store<f32>(push + w, load<f32>(push + w) - leak * thetaPlus);
  }
  store<f32>(margin + w, reset - load<f32>(memberThreshold + w));
  const spikes = load<i32>(memberSpikes + w);
  if (spikes == 0) {
    store<i32>(fired + ((<usize>firedCount) << 2), <i32>w);
    firedCount++;
  }
  store<i32>(memberSpikes + w, spikes + 1);
  countSpike(step, j);
  return w;
}

function winner(): usize {
  const bytes = (<usize>members) << 2;
  let most = v128.load(margin);
  for (let at: usize = 16; at < bytes; at += 16) most = f32x4.pmax(most, v128.load(margin + at));
  const best = f32x4.splat(maxLanes(most));
  let at: usize = 0;
  let found = i32x4.bitmask(f32x4.eq(v128.load(margin), best));
  while (found == 0) {
    at += 16;
    found = i32x4.bitmask(f32x4.eq(v128.load(margin + at), best));
  }
  return at + ((<usize>i32.ctz(found)) << 2);
}

// Converts the members that fired into neurons and numbers of spikes.
function listFired(): void {
  for (let at: usize = 0; at < (<usize>firedCount) << 2; at += 4) {
    const w = <usize>load<u32>(fired + at);
    store<i32>(fired + at, load<i32>(member + w));
    store<i32>(firedSpikes + at, load<i32>(memberSpikes + w));
  }
  report(FIRED, firedCount);
}
