// Presentation of one sample: steps 1 to 9, 13 and 14 to 16 of docs/lean.md. Labels come later (evidence.ts).
//
// Where only novel samples are learned, a full network does not learn a familiar sample. The nearest neurons answer it
// after the coarse or the full pass, and the network stays as it is. A sample is familiar where their votes lead by
// FAMILIAR_LEAD and each of them has fired FORMED_SPIKES times, since a new neuron must still learn from familiar
// samples.
import { FAMILIAR_LEAD, FORMED_SPIKES } from './constants';
import { giveAnswer } from './class-votes';
import { eliminate, keepNone } from './eliminate';
import { lookFirst } from './first-look';
import { placeEvents } from './pixel-events';
import { spread } from './evidence';
import { imprint } from './imprint';
import { decayThresholds, makeTrace, potentiate } from './learn';
import { nearestCount, rankNearest } from './nearest';
import { exit, exitFirst } from './point';
import { active, intensity, read } from './read';
import {
  clearResult,
  count,
  FAMILIAR,
  LEARNED,
  PLASTICITY_UPDATES,
  NORMALISATION_UPDATES,
  SILENT,
  report,
} from './result';
import { secondLook } from './second-look';
import { neurons, spikesSoFar, tick, touched, touchNext } from './state';
import { firedCount, freshFired, noSteps, runSteps } from './steps';
import { clearVotes, leadReached, reportAnswer, vote, voteOfNearest } from './votes';
import { fired, firedSpikes, nearest } from './work';

/** Argument `learns` of `present`: only novel samples are learned. */
const LEARN_NOVEL: i32 = 2;

/**
 * Presents the sample in `input`. An empty sample changes nothing and has no answer.
 *
 * @param learns - 0: do not learn; 1: learn; 2: learn if the sample is novel
 */
export function present(learns: i32): void {
  const learn = learns > 0;
  clearResult();
  read();
  if (intensity == 0) {
    clearVotes();
    report(SILENT, 1);
    return;
  }
  placeEvents();
  if (touched > 0) {
    lookFirst(learn);
    eliminate();
  } else keepNone();
  const learned = learn && live(learns == LEARN_NOVEL && touched == neurons);
  if (!learn) decide();
  reportAnswer();
  giveAnswer(learned);
  // Messages change last, since the answer uses the earlier ones.
  if (learned) spread();
}

// A clear lead ends the decision before the steps, or even before the full pass.
function decide(): void {
  noSteps();
  if (exitFirst > 0 && nearestLead(exitFirst, true)) return;
  secondLook();
  if (nearestLead(exit, false)) return;
  runSteps(false);
}

function nearestLead(needed: f32, alike: bool): bool {
  rankNearest();
  voteOfNearest(alike);
  return needed > 0 && leadReached(needed);
}

// Learns the sample, unless `judge` is set and it is familiar. Returns whether it was learned.
function live(judge: bool): bool {
  const needed: f32 = judge ? FAMILIAR_LEAD : 0;
  noSteps();
  if (judge && isFamiliar(needed, true)) return false;
  secondLook();
  if (isFamiliar(needed, false)) return false;
  runSteps(true);
  tick();
  report(LEARNED, 1);
  learn();
  for (let at: usize = 0; at < (<usize>firedCount) << 2; at += 4) {
    vote(load<i32>(fired + at), load<i32>(firedSpikes + at));
  }
  return true;
}

// The nearest always vote here, before learning. Learning does not change their votes.
function isFamiliar(needed: f32, alike: bool): bool {
  if (!nearestLead(needed, alike)) return false;
  for (let q: i32 = 0; q < nearestCount; q++) {
    const j = <usize>load<i32>(nearest + ((<usize>q) << 2));
    if (load<i32>(spikesSoFar + (j << 2)) < FORMED_SPIKES) return false;
  }
  report(FAMILIAR, 1);
  return true;
}

function learn(): void {
  if (firedCount > 0) makeTrace();
  for (let at: usize = 0; at < (<usize>firedCount) << 2; at += 4) {
    const j = load<i32>(fired + at);
    if (j < touched) potentiate(j, load<i32>(firedSpikes + at));
  }
  decayThresholds(firedCount == 0);
  if (freshFired) {
    imprint(touchNext());
    count(NORMALISATION_UPDATES, 1);
  }
  count(PLASTICITY_UPDATES, active * firedCount);
}
