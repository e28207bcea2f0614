// One sample: steps 1 to 9 and 13. A label is used afterwards (evidence.ts).
import { eliminate, keepNone } from './eliminate';
import { lookFirst } from './first-look';
import { placeEvents } from './events';
import { spread } from './evidence';
import { imprint } from './imprint';
import { decayThresholds, makeTrace, potentiate } from './learn';
import { rankNearest } from './nearest';
import { exit, exitFirst } from './point';
import { active, intensity, read } from './read';
import { clearResult, count, LEARNED, PLASTICITY_UPDATES, NORMALISATION_UPDATES, SILENT, tell } from './result';
import { secondLook } from './second-look';
import { tick, touched, touchNext } from './state';
import { firedCount, freshFired, noSteps, runSteps } from './steps';
import { clearVotes, leadReached, tellAnswer, vote, voteOfNearest } from './votes';
import { fired, firedSpikes } from './work';

/** Presents the sample in `input`. An empty one changes nothing and has no answer. */
export function present(learn: bool): void {
  clearResult();
  read();
  if (intensity == 0) {
    clearVotes();
    tell(SILENT, 1);
    return;
  }
  placeEvents();
  if (touched > 0) {
    lookFirst(learn);
    eliminate();
  } else keepNone();
  if (learn) live();
  else decide();
  tellAnswer();
}

// Clear cases need no steps, or not even the later events.
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

function live(): void {
  secondLook();
  rankNearest();
  runSteps(true);
  tick();
  tell(LEARNED, 1);
  learn();
  voteOfNearest(false);
  for (let at: usize = 0; at < (<usize>firedCount) << 2; at += 4) {
    vote(load<i32>(fired + at), load<i32>(firedSpikes + at));
  }
  spread();
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
