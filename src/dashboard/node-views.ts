import type { topspark_msgs } from 'rclnodejs';
import { toNanoseconds, type Stamp } from '../base/time.js';
import { questionReasons } from '../agent/questions.js';
import type {
  ClassView,
  DecisionView,
  FleetView,
  ModeView,
  PrototypesView,
  QuestionView,
  SpikesView,
  StatusView,
} from './protocol.js';

// Converts messages of the node for a page: JSON has neither NaN nor 64-bit integers.

/** Most causes of refused messages shown. */
const mostCauses = 12;

const known = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Seconds as a number; a page does not need the last digits. */
const seconds = (stamp: Stamp): number => stamp.sec + stamp.nanosec / 1e9;

/** {@link DecisionView} of `~/decision`. */
export function decisionView(message: topspark_msgs.msg.Decision): DecisionView {
  const { header, label, confidence, classes, scores, timesteps, timesteps_run, latency, energy, learned } = message;
  const { given_label: givenLabel, unknown } = message;
  return {
    stamp: seconds(header.stamp),
    label,
    confidence,
    givenLabel,
    unknown,
    classes,
    scores: Array.from(scores, (score) => Number(score.toPrecision(4))),
    timesteps,
    timestepsRun: timesteps_run,
    latency,
    energy,
    learned,
  };
}

/** {@link ModeView} of `~/energy_mode`. */
export function modeView(message: topspark_msgs.msg.EnergyMode): ModeView {
  const recall = message.accuracy_measure === 'recall';
  // Bounds without data are 0 and 1.
  const bound = (value: number): number | null => (Number.isFinite(message.accuracy) ? known(value) : null);
  return {
    name: message.name,
    forced: message.forced,
    timesteps: message.timesteps,
    events: message.events,
    keep: message.keep,
    learning: message.learning,
    battery: known(message.battery),
    accuracy: known(recall ? message.recall : message.accuracy),
    accuracyLow: bound(recall ? message.recall_low : message.accuracy_low),
    accuracyHigh: bound(recall ? message.recall_high : message.accuracy_high),
    accuracyReason: message.accuracy_reason,
    target: message.accuracy_target,
    measure: message.accuracy_measure,
    drift: message.drift,
    power: known(message.power),
    energyPerSample: known(message.energy_per_sample),
    sourcePower: known(message.energy_power),
    source: message.energy_source,
    measured: message.energy_measured,
    reason: message.reason,
    pointReason: message.point_reason,
  };
}

/** {@link StatusView} of `~/status`. */
export function statusView(message: topspark_msgs.msg.Status): StatusView {
  const { dropped_causes: causes, dropped_counts: counts } = message;
  const dropped = causes.map((cause, at): [string, number] => [cause, Number(counts[at])]);
  return {
    received: Number(message.received),
    decided: Number(message.decided),
    learned: Number(message.learned),
    labelled: Number(message.labelled),
    dropped: dropped.sort(([, a], [, b]) => b - a).slice(0, mostCauses),
    neuronsUsed: message.neurons_used,
    neurons: message.neurons,
    accuracySamples: message.accuracy_samples,
    energyUsed: message.energy_used,
    energySaved: message.energy_saved,
    latencyP99: known(message.latency_p99),
    cpu: message.cpu,
    memory: Number(message.memory),
  };
}

/** {@link SpikesView} of `~/spikes`. */
export function spikesView({ timesteps, steps, neurons, labels }: topspark_msgs.msg.Spikes): SpikesView {
  return { timesteps, steps: [...steps], neurons: [...neurons], labels: [...labels] };
}

/** {@link PrototypesView} of `~/prototypes`. */
export function prototypesView(message: topspark_msgs.msg.Prototypes): PrototypesView {
  const { rows, columns, labels, neurons } = message;
  const weights = Uint8Array.from(message.weights);
  const size = rows * columns;
  const picture = (at: number): string => Buffer.from(weights.subarray(at * size, (at + 1) * size)).toString('base64');
  return { rows, columns, pictures: labels.map((name, at) => ({ name, neuron: neurons[at], weights: picture(at) })) };
}

/**
 * {@link QuestionView} of `~/question`.
 *
 * @param picture - what the sensor saw at that time, a binary frame; `undefined`: not known
 */
export function questionView(message: topspark_msgs.msg.Question, picture: Uint8Array | undefined): QuestionView {
  const { header, candidates, confidences, why } = message;
  return {
    id: toNanoseconds(header.stamp).toString(),
    candidates: candidates.map((name, at) => [name, Number(confidences[at].toFixed(3))]),
    why: questionReasons.at(why) ?? 'unsure',
    picture: picture === undefined ? '' : Buffer.from(picture).toString('base64'),
  };
}

/** {@link FleetView} of `~/fleet`. */
export function fleetView(message: topspark_msgs.msg.FleetStatus): FleetView {
  const { robots, offered, held, merged, chunks, chunks_held: chunksHeld, neurons, silent, notes } = message;
  return {
    ...{ name: message.fleet, robot: message.robot, role: message.role, version: Number(message.version) },
    robots: robots.map((name, at) => ({
      ...{ name, offered: Number(offered[at]), held: Number(held[at]), merged: Number(merged[at]) },
      ...{ chunks: chunks[at], chunksHeld: chunksHeld[at], neurons: neurons[at] },
      ...{ silent: known(silent[at]), note: notes[at] },
    })),
    ...{ merge: message.merge, undo: message.merge_undo },
    ...{ server: message.server, serverState: message.server_state },
    ...{ received: Number(message.received_bytes), sent: Number(message.sent_bytes) },
  };
}

/**
 * Classes, as listed by `~/classes`.
 *
 * @param now - stamp of the newest sample [s]
 */
export function classViews(answer: topspark_msgs.srv.ListClasses_Response, now: number): ClassView[] {
  return answer.labels.map((name, at) => {
    const stamp = answer.last_seen[at];
    const seen = toNanoseconds(stamp) === 0n ? null : Math.max(0, Math.round(now - seconds(stamp)));
    return { name, labels: Number(answer.heard[at]), neurons: answer.neurons[at], seen };
  });
}
