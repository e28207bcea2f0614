// Step 9: P_jc, the share of class c in the evidence and message of neuron j, and the votes
//
//   P_jc = (R_jc + lambda M_jc) / (h_j + lambda)
//   votes_c = voteWeight sum_q P_nearest(q),c / q + sum over fired j of n_j P_jc          answer = arg max, ties: the first
//
// After the coarse pass ranks are mostly chance. There the nearest have equal weights, with the same total as by rank.
import { lambda, voteWeight } from './constants';
import { sumLanes } from './lanes';
import { zero } from './buffers';
import { nearestCount } from './nearest';
import {
  ANSWER,
  CONFIDENCE,
  count,
  LABEL_UPDATES,
  LEAD,
  report,
  reportGiven,
  reportGivenVotes,
  reportVotes,
} from './result';
import { classes, classStride, evidence, evidenceSum, message } from './state';
import { givenVotes, nearest, votes } from './work';

/** Class with most votes (-1: no votes) and its lead over the second, as `findFirst` found them last. */
export let first: i32 = -1;
export let lead: f32 = 0;

/** Equal weight of the nearest in the votes; 0: weights by rank. */
let alikeWeight: f32 = 0;

/** to_c += (w R_jc) + (w lambda M_jc) with w = weight / (h_j + lambda), over the known classes. */
export function addShare(to: usize, j: i32, weight: f32): void {
  const row = (<usize>(j * classStride)) << 2;
  const own = weight / (load<f32>(evidenceSum + ((<usize>j) << 2)) + lambda);
  const ownWeight = f32x4.splat(own);
  const messageWeight = f32x4.splat(own * lambda);
  const bytes = (<usize>classes) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const known = f32x4.mul(ownWeight, v128.load(evidence + row + at));
    const heard = f32x4.mul(messageWeight, v128.load(message + row + at));
    v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.add(known, heard)));
  }
}

/** Resets net and given votes to 0. */
export function clearVotes(): void {
  zero(votes, (<usize>classes) << 2);
  zero(givenVotes, (<usize>classes) << 2);
}

/** Weight of the q-th nearest in the votes, q from 0. */
export function nearWeight(q: i32): f32 {
  return alikeWeight > 0 ? alikeWeight : voteWeight / <f32>(q + 1);
}

/** Replaces the votes by those of the nearest neurons. `alike`: equal weights with the same total as by rank. */
export function voteOfNearest(alike: bool): void {
  clearVotes();
  alikeWeight = alike && nearestCount > 0 ? voteWeight * meanOfRanks() : 0;
  for (let q: i32 = 0; q < nearestCount; q++) {
    addShare(votes, load<i32>(nearest + ((<usize>q) << 2)), nearWeight(q));
  }
  count(LABEL_UPDATES, 2 * classes * nearestCount);
}

// (1 + 1/2 + .. + 1/n) / n over the n nearest.
function meanOfRanks(): f32 {
  let sum: f32 = 0;
  for (let q: i32 = 1; q <= nearestCount; q++) sum += <f32>1 / <f32>q;
  return sum / <f32>nearestCount;
}

/** Adds the votes of `spikes` spikes of neuron j. */
export function vote(j: i32, spikes: i32): void {
  addShare(votes, j, <f32>spikes);
  count(LABEL_UPDATES, 2 * classes);
}

/** Whether the first class leads by `needed` votes. */
export function leadReached(needed: f32): bool {
  count(LABEL_UPDATES, classes);
  findFirst(votes);
  return lead >= needed;
}

/**
 * Sets answer, lead and confidence (the first class's share of all votes), both net and given. Without votes there is
 * no answer.
 */
export function reportAnswer(): void {
  findFirst(votes);
  if (first < 0) return;
  const share = shareOfFirst(votes);
  report(ANSWER, first);
  reportVotes(LEAD, lead);
  reportVotes(CONFIDENCE, share);
  const bytes = (<usize>classes) << 2;
  for (let at: usize = 0; at < bytes; at += 16) v128.store(givenVotes + at, v128.load(votes + at));
  reportGivenFirst(share);
}

/** Sets answer, lead and confidence from the given votes. */
export function reportGivenAnswer(): void {
  findFirst(givenVotes);
  if (first >= 0) reportGivenFirst(shareOfFirst(givenVotes));
}

function reportGivenFirst(share: f32): void {
  reportGiven(ANSWER, first);
  reportGivenVotes(LEAD, lead);
  reportGivenVotes(CONFIDENCE, share);
}

function shareOfFirst(which: usize): f32 {
  let sum = f32x4.splat(0);
  const bytes = (<usize>classes) << 2;
  for (let at: usize = 0; at < bytes; at += 16) sum = f32x4.add(sum, v128.load(which + at));
  return load<f32>(which + ((<usize>first) << 2)) / sumLanes(sum);
}

/** Finds `first` and `lead` of the given array of votes; ties: the lowest class. */
export function findFirst(which: usize): void {
  let most: f32 = 0;
  let second: f32 = 0;
  first = -1;
  for (let c: i32 = 0; c < classes; c++) {
    const v = load<f32>(which + ((<usize>c) << 2));
    if (v > most) {
      second = most;
      most = v;
      first = c;
    } else if (v > second) second = v;
  }
  lead = most - second;
}
