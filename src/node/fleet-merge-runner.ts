import { parentPort } from 'node:worker_threads';
import { TopsparkError, reasonOf } from '../base/errors.js';
import { atOnce } from '../base/slices.js';
import { Contributions } from '../fleet/contributions.js';
import { FollowedMerge } from '../fleet/followed-merge.js';
import { robotWeights } from '../fleet/robot-weights.js';
import { mergeTried, takenBack } from '../fleet/trial.js';
import type { MergeAnswer, MergeQuestion } from './fleet-merge-messages.js';

// The thread that computes and tries a merge. That takes seconds, and decisions go on meanwhile.

let merged: FollowedMerge | undefined;

function answer(question: MergeQuestion): MergeAnswer {
  if (question.kind === 'merge') {
    const { mine, contributions, robot, weights, gone, options } = question;
    const none = Contributions.none.weighing(robotWeights(weights));
    const set = contributions.reduce((found, each) => found.with(each), none);
    const work = gone === undefined ? mergeTried(mine, set, { robot }) : takenBack(mine, set, robot, gone);
    const result = atOnce(work);
    merged = result.merged ? new FollowedMerge(result.snapshot, options) : undefined;
    return { kind: 'merged', result };
  }
  if (merged === undefined) throw new Error('nothing was merged');
  merged.hear(question.heard);
  return { kind: 'followed', snapshot: merged.snapshot() };
}

parentPort?.on('message', (question: MergeQuestion) => {
  let found: MergeAnswer;
  try {
    found = answer(question);
  } catch (error) {
    const { code, kind: fault } =
      error instanceof TopsparkError ? error : { code: 'fleet_merge', kind: 'environment' as const };
    found = { kind: 'failed', code, fault, message: reasonOf(error) };
  }
  parentPort?.postMessage(found);
});
