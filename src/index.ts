/**
 * topspark as a library: a spiking network that learns online from any sensor, without ROS. docs/library.md shows how.
 *
 * The exports of this module are public and follow semantic versioning. All other paths of the package are internal:
 * they exist for topspark-lab of the same version, and may change with any release.
 *
 * @packageDocumentation
 */
export { TopsparkError, type ErrorKind } from './base/errors.js';

// Samples in, classes out.
export { OnlineClassifier, type ClassifierOptions } from './classifier/online-classifier.js';
export type { Answer } from './classifier/answer.js';
export type { LabelCause, LabelOutcome } from './classifier/label-outcome.js';
export type { TimedOptions } from './classifier/network-binding.js';
export type { Learning } from './snn/presentation.js';
export type { OperationCounts } from './snn/operation-counts.js';

// Cost of a decision.
export { leanPoint } from './timestep/policy/lean-policy.js';
export type { OperatingPoint } from './timestep/policy/operating-point.js';

// Pictures as samples.
export { ImageEncoder, type ImageEncoderOptions, type ImageEncoding } from './sensing/image/image-sensor.js';
export type { ImageFrame } from './sensing/image/image-frame.js';

// Learned state in files.
export { loadCheckpoint, saveCheckpoint } from './checkpoint/checkpoint-file.js';
export type { Json, Snapshot, Tensor } from './base/snapshot.js';

// The whole agent of a robot, as in the node: sensors, network, energy modes and accuracy.
export { Agent } from './agent/agent.js';
export type { AgentSettings } from './agent/agent-settings.js';
export type { AgentStatus } from './agent/agent-status.js';
export type { AgentEvent, AgentInput, DecisionEvent, LabelEvent, ModeEvent, NoticeEvent } from './agent/events.js';
export type { RefusalEvent } from './base/refusal.js';
export { clockFrom, type Clock } from './base/time.js';
export type { BatteryMessage } from './energy/battery.js';
export type { SensorEvent } from './sensing/sensor-event.js';
export type { ModeName } from './timestep/controller/modes.js';
export type { GivenParameters } from './node/offline-parameters.js';
export { settingsFromParameters } from './node/offline-parameters.js';
