/** What the node tells. Every field is filled: rclnodejs sends 0 for a float that is left out, where NaN is meant. */
import type { topspark_msgs } from 'rclnodejs';
import type { DecisionEvent, ModeEvent } from '../agent/events.js';
import type { AgentStatus } from '../agent/agent-status.js';
import type { EnergyReading } from '../energy/energy-source.js';
import { modeNames } from '../timestep/controller/modes.js';
import { toStamp, type Stamp } from '../base/stamps.js';
import type { ProcessUsage } from './process-usage.js';

/** A decision; stamp and frame_id are those of the message that it answers. */
export function decisionMessage(event: DecisionEvent): topspark_msgs.msg.Decision {
  const { stamp, frameId, label, confidence, classes, scores, timesteps, timestepsRun, latency, energy, learned } =
    event;
  return {
    header: { stamp: toStamp(stamp), frame_id: frameId },
    label,
    confidence,
    classes: [...classes],
    scores,
    timesteps,
    timesteps_run: timestepsRun,
    latency,
    energy,
    learned,
  };
}

/**
 * The energy mode in force.
 *
 * @param status - as of the last second
 * @param energy - as of the last second, of all that its source covers
 * @param learningEnabled - whether the user lets the node learn at all
 */
export function energyModeMessage(
  event: ModeEvent,
  status: AgentStatus,
  energy: EnergyReading,
  learningEnabled: boolean,
  stamp: Stamp,
): topspark_msgs.msg.EnergyMode {
  const { point, maxRate, learning } = event.settings;
  return {
    header: { stamp, frame_id: '' },
    mode: modeNames.indexOf(event.mode),
    name: event.mode,
    forced: event.forced,
    timesteps: point.timesteps,
    events: point.events,
    keep: point.keep,
    exit_first: point.exitFirst,
    exit: point.exit,
    max_decisions_rate: maxRate,
    learning: learning && learningEnabled,
    battery: event.charge ?? NaN,
    ...accuracyFields(event, status),
    deadline: event.deadline,
    latency_expected: event.latency ?? NaN,
    in_time: event.inTime,
    mission: event.mission !== undefined,
    mission_until: toStamp(BigInt(Math.round((event.mission?.until ?? 0) * 1e9))),
    mission_reserve: event.mission?.reserve ?? NaN,
    mission_planned: event.mission?.planned ?? NaN,
    power: status.power,
    energy_per_sample: status.energyPerSample,
    reason: event.reason,
    energy_source: energy.source,
    energy_measured: energy.measured,
    energy_uncertainty: energy.uncertainty,
    energy_power: energy.power,
    point_reason: event.pointReason,
  };
}

function accuracyFields(event: ModeEvent, { accuracy: estimate }: AgentStatus) {
  return {
    accuracy: estimate.accuracy,
    accuracy_low: estimate.low,
    accuracy_high: estimate.high,
    accuracy_faded: estimate.faded,
    recall: estimate.recall,
    recall_low: estimate.recallLow,
    recall_high: estimate.recallHigh,
    accuracy_target: event.target,
    accuracy_measure: event.measure,
    accuracy_expected: event.expected?.value ?? NaN,
    accuracy_deviation: event.expected?.deviation ?? NaN,
    accuracy_warning: event.warning,
    drift: event.drift,
  };
}

/** What the node did so far. */
export function statusMessage(status: AgentStatus, usage: ProcessUsage, stamp: Stamp): topspark_msgs.msg.Status {
  return {
    header: { stamp, frame_id: '' },
    received: BigInt(status.received),
    decided: BigInt(status.decided),
    learned: BigInt(status.learned),
    familiar: BigInt(status.familiar),
    labelled: BigInt(status.labelled),
    labels_waiting: BigInt(status.labelsWaiting),
    label_lateness: status.remembered.seconds,
    dropped_causes: [...status.dropped.keys()],
    dropped_counts: [...status.dropped.values()].map(BigInt),
    neurons_used: status.neuronsUsed,
    neurons: status.neurons,
    classes: [...status.classes],
    accuracy: status.accuracy.accuracy,
    accuracy_low: status.accuracy.low,
    accuracy_high: status.accuracy.high,
    accuracy_samples: status.accuracy.samples,
    energy_used: status.energyUsed,
    energy_saved: status.energySaved,
    latency_p50: status.latencyP50,
    latency_p99: status.latencyP99,
    cpu: usage.cpu,
    stages: [...usage.stages.keys()],
    stage_shares: Float32Array.from(usage.stages.values()),
    memory: BigInt(usage.memory),
    weights_hash: status.weightsHash,
  };
}
