// One sample with spikes in time, for all neurons, step by step.
import { clearResult, count, ENCODER_UPDATES, FIRED, INPUT_SPIKES, LEARNED, NEAR, NEURON_UPDATES } from '../result';
import { NORMALISATION_UPDATES, SILENT, STEPS_RUN, SYNAPTIC_EVENTS, report, THRESHOLD_UPDATES } from '../result';
import { exit, steps } from '../point';
import { active, intensity, read } from '../read';
import { clock, inputs, lastWin, neurons, spikesSoFar, theta, tick } from '../state';
import { clearVotes, leadReached, reportAnswer, vote } from '../votes';
import { fired, firedSpikes, nearest } from '../work';
import { listActive } from './active';
import { adapt, fadeWeights, startWindows } from './adaptive';
import { normalise } from './columns';
import { ADAPTIVE, DIRECT, encoding, FIRST_SPIKE, PAIR, rule } from './timed-constants';
import { fire, firedInTime, keepResting, nearestToFire, restoreResting, startNeurons } from './fire';
import { integrate } from './integrate';
import { depressOnSpikes, potentiateOnSpike, startTraces } from './plasticity';
import { thetaDecay } from './timed-point';
import { openStream } from './kernel-random';
import { listSpikes, startSpikes } from './spikes';
import { spikesOf } from './timed-work';

// A presentation begins, runs some steps at a time, and ends. The caller can do other work in between. The result does
// not depend on the slices.
let learns: bool = false;
/** Next step, and number of input spikes so far. */
let t: i32 = 0;
let spikes: i32 = 0;
/** Whether an early exit ended the steps. */
let decided: bool = false;

/**
 * Begins the sample in `input`; `number` selects its random numbers. Returns false if it is empty: it changes nothing.
 */
export function beginInTime(learn: bool, number: f64): bool {
  clearResult();
  read();
  clearVotes();
  if (intensity == 0) {
    report(SILENT, 1);
    return false;
  }
  learns = learn;
  t = 0;
  spikes = 0;
  decided = false;
  openStream(<i64>number);
  listActive();
  startNeurons();
  startSpikes();
  if (learn) {
    startTraces();
    startWindows();
  }
  return true;
}

/** Runs at most `most` further steps. Returns whether steps are left. */
export function runInTime(most: i32): bool {
  const end = min(steps, t + most);
  while (t < end && !decided) step();
  return t < steps && !decided;
}

/** Ends a presentation: learning, votes and answer. */
export function endInTime(): void {
  report(STEPS_RUN, t);
  countSteps(t, spikes);
  listFired();
  if (learns) live();
  if (firedInTime == 0) fallBack();
  reportAnswer();
}

function step(): void {
  const listed = listSpikes(t);
  spikes += listed;
  keepResting(t);
  const reached = integrate();
  restoreResting();
  if (learns && rule == PAIR) depressOnSpikes(t);
  const w = reached ? fire(t, learns) : -1;
  if (w >= 0) {
    if (!learns) {
      vote(w, 1);
      decided = exit > 0 && leadReached(exit);
    } else if (rule != ADAPTIVE) potentiateOnSpike(w, t);
  }
  if (learns && rule == ADAPTIVE) adapt(t);
  t++;
}

// A constant current and first spikes are encoded once per sample. For Poisson and regular spikes the cost table counts
// one encoder update per active input and step, although this code jumps from spike to spike.
function countSteps(ran: i32, spikes: i32): void {
  const rows = encoding == DIRECT ? active : spikes;
  count(INPUT_SPIKES, rows);
  count(SYNAPTIC_EVENTS, rows * neurons);
  count(NEURON_UPDATES, ran * neurons);
  if (encoding != DIRECT && encoding != FIRST_SPIKE) count(ENCODER_UPDATES, active * (ran - 1));
}

function listFired(): void {
  for (let at: usize = 0; at < (<usize>firedInTime) << 2; at += 4) {
    store<i32>(firedSpikes + at, load<i32>(spikesOf + ((<usize>load<i32>(fired + at)) << 2)));
  }
  report(FIRED, firedInTime);
}

// Learns at the end of the sample, then lets the neurons that fired vote.
function live(): void {
  tick();
  report(LEARNED, 1);
  if (rule == ADAPTIVE) fadeWeights();
  for (let at: usize = 0; at < (<usize>firedInTime) << 2; at += 4) {
    const j = load<i32>(fired + at);
    const place = (<usize>j) << 2;
    normalise(j);
    store<i32>(spikesSoFar + place, load<i32>(spikesSoFar + place) + load<i32>(firedSpikes + at));
    store<f64>(lastWin + (place << 1), load<f64>(clock));
  }
  count(NORMALISATION_UPDATES, inputs * firedInTime);
  const factor = f32x4.splat(thetaDecay);
  const end = theta + ((<usize>neurons) << 2);
  for (let at = theta; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), factor));
  count(THRESHOLD_UPDATES, neurons);
  for (let at: usize = 0; at < (<usize>firedInTime) << 2; at += 4) {
    vote(load<i32>(fired + at), load<i32>(firedSpikes + at));
  }
}

// If no neuron fired, the one that came nearest to its threshold votes.
function fallBack(): void {
  store<i32>(nearest, nearestToFire());
  report(NEAR, 1);
  vote(load<i32>(nearest), 1);
}
