import {
  bool,
  checked,
  choice,
  double,
  integer,
  limit,
  readOnly,
  needsOneOf,
  needsTwo,
  selection,
  text,
  where,
  type ParameterEntry,
} from '../base/parameters.js';
import { standardBounds, standardLabels } from '../agent/agent-settings.js';
import { checkVoltageCurve } from '../energy/voltage-curve.js';
import { syncPolicies } from '../sensing/in-time/synchroniser.js';
import type { SensorKind } from '../sensing/sensor.js';
import { sensorKinds, sensorNames, sensorParameters } from '../sensing/sensor-kinds.js';
import { accuracyMeasures } from '../timestep/controller/controller-input.js';
import { checkMissionTime, checkTimeZone } from '../timestep/controller/mission.js';
import { spikeEncodings, spikeRules } from '../snn/timed/timed-baseline.js';
import { modeNames } from '../timestep/controller/modes.js';
import { policyNames } from '../timestep/policy/policies.js';
import { timedPolicies } from '../timestep/policy/timed-policy.js';
import { energyEntries } from './energy-parameters.js';
import { modeFile } from './mode-parameters.js';
import { scheduleEntries } from './node-schedule.js';

/** Choice that hands the mode back to the controller. */
export const automatic = 'AUTO';

function sensorEntries(kind: SensorKind): ParameterEntry[] {
  const rate = 'lowest rate expected; the node warns below it [1/s]; 0: any';
  const all = [...sensorParameters(kind), limit(double('expected_rate', 0, [0, 10_000], 'read-only', rate))];
  const named = all.map((entry) => ({ ...entry, name: `${kind.name}.${entry.name}` }));
  const [first, beside] = [needsOneOf('sensors', [kind.name]), needsTwo('sensors')];
  // By itself a sensor has all events.
  return where(first, named).flatMap((entry) =>
    entry.name === `${kind.name}.weight` ? where(beside, [entry]) : [entry],
  );
}

/** Choice that leaves something to the policy. */
export const byPolicy = 'auto';

/** Every parameter of the node, but for `use_sim_time` and the `qos_overrides` of its topics. */
export const parameterTable: readonly ParameterEntry[] = [
  bool(
    'autostart',
    true,
    'read-only',
    'configure and activate without being told, so that a respawned node comes back',
  ),
  choice('network.policy', 'lean', policyNames, 'read-only', 'how samples are presented: lean, or spikes in time'),
  ...where(needsOneOf('network.policy', timedPolicies), [
    choice('network.rule', byPolicy, [byPolicy, ...spikeRules], 'read-only', 'plasticity rule of spikes in time'),
    choice('network.encoding', byPolicy, [byPolicy, ...spikeEncodings], 'read-only', 'how intensities become spikes'),
    integer('network.seed', 0, [0, Number.MAX_SAFE_INTEGER], 'seed of weights and spikes in time'),
  ]),
  integer('network.neurons', 400, [10, 6400], 'excitatory neurons N'),
  integer('network.classes', 64, [2, 1000], 'classes that can be learned at most'),
  bool('network.self_learning', true, 'read-only', 'class neurons learn from unnamed samples, too (lean)'),
  integer('network.memory', 1800, [1, 4096], 'recent samples that a late label can still find: 60 s at 30 Hz'),
  selection('sensors', ['image'], sensorNames, 'sensors in use; the first gives the samples their stamps'),
  integer(
    'input.max_bytes',
    standardBounds.maxBytes,
    [1024, 2 ** 30],
    'larger messages are refused before they are read [byte]',
  ),
  integer(
    'input.max_text',
    standardBounds.maxText,
    [16, standardBounds.maxText],
    'longest name of a class, and longest frame_id [character]',
  ),
  double('input.max_rate', 2000, [0, 100_000], 'read-only', 'messages of a topic that are taken in a second; 0: any'),
  double('label.wait', standardLabels.wait, [0, 60], 'read-only', 'how long a label waits for its sample to come [s]'),
  double(
    'label.slop',
    standardLabels.slop,
    [0, 60],
    'read-only',
    'how far the stamp of a label may lie from that of its sample [s]',
  ),
  ...where(needsTwo('sensors'), [
    double('sync.slop', 0.05, [0, 60], 'read-only', 'how far apart the stamps of one sample may lie [s]'),
    choice('sync.policy', 'wait', syncPolicies, 'read-only', 'what to do where another sensor has nothing'),
    integer('sync.queue', 32, [1, 1000], 'messages of each sensor kept for a match'),
  ]),
  ...sensorKinds.flatMap(sensorEntries),
  bool('learning.enabled', true, 'dynamic', 'learn from samples where the mode allows it too'),
  ...where(needsOneOf('network.policy', ['lean']), [
    choice(
      'learning.samples',
      'all',
      ['all', 'novel'],
      'dynamic',
      'samples to learn; novel: none that a network which has settled is sure of (lean)',
    ),
  ]),
  choice(
    'energy_mode.forced',
    automatic,
    [automatic, ...modeNames],
    'dynamic',
    'energy mode to stay in; AUTO: the controller decides',
  ),
  double('energy_mode.dwell', 30, [0, 3600], 'read-only', 'time before a change that nothing urgent asks for [s]'),
  text('profile.file', '', 'JSON of `topspark profile`: what the controller chooses from; empty: the shipped figures'),
  double('accuracy.target', 0.9, [0, 1], 'dynamic', 'accuracy that the user asks for'),
  choice('accuracy.measure', 'accuracy', accuracyMeasures, 'read-only', 'what the target is set on'),
  integer('accuracy.window', 1000, [10, 100_000], 'labelled samples that the accuracy estimate looks back'),
  double(
    'accuracy.fading',
    0.995,
    [0.5, 0.99999],
    'read-only',
    'factor by which a label counts less than the next one',
  ),
  double('decision.deadline', 0, [0, 60], 'dynamic', 'latest decision after its message was taken [s]; 0: any'),
  checked(
    'mission.until',
    '',
    checkMissionTime,
    'time until which the battery must last: 18:00, or ISO 8601; empty: none',
  ),
  double('mission.reserve', 0.2, [0, 1], 'dynamic', 'charge that must be left then'),
  checked('mission.time_zone', 'UTC', checkTimeZone, 'zone of a time of day, as Europe/Berlin'),
  double('battery.timeout', 30, [0.1, 86_400], 'read-only', 'age at which a battery reading is no longer believed [s]'),
  double(
    'battery.full',
    1,
    [1, 100],
    'read-only',
    'percentage of a full battery: 1 as BatteryState has it, 100 of a driver that counts in per cent',
  ),
  readOnly(
    checked(
      'battery.voltage_curve',
      '',
      checkVoltageCurve,
      'charge by voltage of a battery that tells nothing else: 10.5=0 12.1=0.5 12.7=1; empty: none',
    ),
  ),
  double('battery.hysteresis', 0.02, [0, 0.2], 'read-only', 'charge past a threshold before a dearer mode returns'),
  text(
    modeFile.parameter,
    '',
    'YAML of what each energy mode may cost, as config/modes.yaml; empty: the shipped modes',
  ),
  ...energyEntries,
  ...scheduleEntries,
  text('checkpoint.directory', '', 'folder of the checkpoints; empty: topspark/NAMESPACE/NAME in $ROS_HOME or ~/.ros'),
  bool('checkpoint.restore', true, 'read-only', 'restore the newest checkpoint when the node is configured'),
  integer('checkpoint.keep', 3, [1, 1000], 'checkpoints that are kept'),
  double('checkpoint.interval', 60, [0, 86_400], 'read-only', 'time between checkpoints while learning [s]; 0: none'),
];
