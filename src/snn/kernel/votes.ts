// Step 9: the share of class c in what neuron j knows, and the votes
//
//   P_jc = (R_jc + lambda M_jc) / (h_j + lambda)
//   votes_c = voteWeight sum_q P_nearest(q),c / q + sum over fired j of n_j P_jc          answer = arg max, ties: the first
//
// After the first look ranks are mostly chance: there the nearest weigh alike, in sum as much as they do by rank.
import { lambda, voteWeight } from './constants';
import { sumLanes } from './lanes';
import { zero } from './buffers';
import { nearestCount } from './nearest';
import { ANSWER, CONFIDENCE, count, LABEL_UPDATES, LEAD, tell, tellVotes } from './result';
import { classes, classStride, evidence, evidenceSum, message } from './state';
import { nearest, votes } from './work';

let first: i32 = -1;

/** to_c += (w R_jc) + (w lambda M_jc) with w = weight / (h_j + lambda), over the classes heard so far. */
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

/** No votes. */
export function clearVotes(): void {
  zero(votes, (<usize>classes) << 2);
}

/** Votes of the nearest neurons alone; alike: all weigh the same, in sum as much. */
export function voteOfNearest(alike: bool): void {
  clearVotes();
  const each = alike ? voteWeight * meanOfRanks() : 0;
  for (let q: i32 = 0; q < nearestCount; q++) {
    addShare(votes, load<i32>(nearest + ((<usize>q) << 2)), alike ? each : voteWeight / <f32>(q + 1));
  }
  count(LABEL_UPDATES, 2 * classes * nearestCount);
}

// (1 + 1/2 + .. + 1/n) / n over the n nearest.
function meanOfRanks(): f32 {
  let sum: f32 = 0;
  for (let q: i32 = 1; q <= nearestCount; q++) sum += <f32>1 / <f32>q;
  return sum / <f32>nearestCount;
}

/** Votes of `spikes` spikes of neuron j. */
export function vote(j: i32, spikes: i32): void {
  addShare(votes, j, <f32>spikes);
  count(LABEL_UPDATES, 2 * classes);
}

/** Whether the first class leads by `lead` votes. */
export function leadReached(lead: f32): bool {
  count(LABEL_UPDATES, classes);
  return leadOfFirst() >= lead;
}

/** Tells answer, lead and confidence (the first class's share of all votes); without any vote there is no answer. */
export function tellAnswer(): void {
  const lead = leadOfFirst();
  if (first < 0) return;
  let sum = f32x4.splat(0);
  const bytes = (<usize>classes) << 2;
  for (let at: usize = 0; at < bytes; at += 16) sum = f32x4.add(sum, v128.load(votes + at));
  tell(ANSWER, first);
  tellVotes(LEAD, lead);
  tellVotes(CONFIDENCE, load<f32>(votes + ((<usize>first) << 2)) / sumLanes(sum));
}

// Lead of the first class over the second; `first` becomes its index, -1 where nobody votes.
function leadOfFirst(): f32 {
  let most: f32 = 0;
  let second: f32 = 0;
  first = -1;
  for (let c: i32 = 0; c < classes; c++) {
    const v = load<f32>(votes + ((<usize>c) << 2));
    if (v > most) {
      second = most;
      most = v;
      first = c;
    } else if (v > second) second = v;
  }
  return most - second;
}
