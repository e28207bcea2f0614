import { buttonClasses } from '../agent/joystick.js';
import {
  bool,
  checked,
  choice,
  double,
  integer,
  needsTwo,
  selection,
  text,
  where,
  whereGiven,
  type Parameter,
} from '../base/parameters.js';
import type { Agent } from '../agent/agent.js';
import { standardBounds, standardLabels } from '../agent/agent-settings.js';
import { checkVoltageCurve } from '../energy/voltage-curve.js';
import { syncPolicies } from '../sensing/in-time/synchroniser.js';
import { kindOf, severalOfAKind, sensorKinds, sensorNames } from '../sensing/sensor-kinds.js';
import { energyEntries } from './energy-parameters.js';
import { fleetEntries } from './fleet-parameters.js';
import { goalEntries } from './goal-parameters.js';
import { learningEntries } from './learning-parameters.js';
import { energyModeEntries } from './mode-parameters.js';
import { networkEntries } from './network-parameters.js';
import { questionEntries } from './question-parameters.js';
import { scheduleEntries } from './node-schedule.js';
import { sensorEntries } from './sensor-parameters.js';

/**
 * Every parameter of the node, except `use_sim_time`, the `qos_overrides` of its topics, and the blocks of several
 * sensors of a kind.
 */
export const parameterTable: readonly Parameter<Agent>[] = [
  bool('autostart', true, 'read-only', 'the node configures and activates itself, so that a respawned one comes back'),
  ...networkEntries,
  selection(
    'sensors',
    ['image'],
    sensorNames,
    { accepts: (name) => kindOf(name) !== undefined, words: severalOfAKind },
    'sensors in use; the first gives the samples their stamps; several of a kind by endings, such as scan_rear',
  ),
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
  double(
    'input.max_rate',
    2000,
    [0, 100_000],
    'read-only',
    'largest number of messages of a topic taken in a second; 0: no limit',
  ),
  double('label.wait', standardLabels.wait, [0, 60], 'read-only', 'how long a label waits for its sample [s]'),
  double(
    'label.slop',
    standardLabels.slop,
    [0, 60],
    'read-only',
    'how far the stamp of a label may lie from that of its sample [s]',
  ),
  choice(
    'label.kind',
    'told',
    ['told', 'infer'],
    'read-only',
    'why labels were given; told: as their kind says; infer: labels without a kind may be corrections',
  ),
  ...questionEntries,
  ...where(needsTwo('sensors'), [
    double('sync.slop', 0.05, [0, 60], 'read-only', 'how far apart the stamps of one sample may lie [s]'),
    choice(
      'sync.policy',
      'wait',
      syncPolicies,
      'read-only',
      'what to do when another sensor has no message for a sample',
    ),
    integer('sync.queue', 32, [1, 1000], 'messages of each sensor that are kept for a match'),
  ]),
  checked(
    'teach.buttons',
    '',
    buttonClasses,
    'read-only',
    'classes that the buttons on joy teach while held, by button number from 0: kitchen, hall,, bath; empty: joy is not read',
  ),
  ...sensorKinds.flatMap(sensorEntries),
  ...learningEntries,
  ...energyModeEntries,
  text('profile.file', '', 'JSON of `topspark profile`: operating points to choose from; empty: the shipped figures'),
  ...goalEntries,
  double('battery.timeout', 30, [0.1, 86_400], 'read-only', 'age at which a battery reading expires [s]'),
  double(
    'battery.full',
    1,
    [1, 100],
    'read-only',
    'percentage of a full battery: 1, as in BatteryState; 100 for a driver that counts in per cent',
  ),
  checked(
    'battery.voltage_curve',
    '',
    checkVoltageCurve,
    'read-only',
    'charge by voltage for a battery that reports nothing else: 10.5=0 12.1=0.5 12.7=1; empty: none',
  ),
  whereGiven(
    double('battery.hysteresis', 0.02, [0, 0.2], 'read-only', 'charge beyond a threshold before a dearer mode returns'),
  ),
  ...energyEntries,
  ...scheduleEntries,
  text('checkpoint.directory', '', 'folder of the checkpoints; empty: topspark/NAMESPACE/NAME in $ROS_HOME or ~/.ros'),
  bool('checkpoint.restore', true, 'read-only', 'restore the newest checkpoint when the node is configured'),
  integer('checkpoint.keep', 3, [1, 1000], 'checkpoints kept'),
  double('checkpoint.interval', 60, [0, 86_400], 'read-only', 'time between checkpoints while learning [s]; 0: none'),
  ...fleetEntries,
];
