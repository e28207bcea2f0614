import type { Agent } from '../agent/agent.js';
import { standardPlaceDwell } from '../agent/agent-settings.js';
import {
  checked,
  choice,
  double,
  integer,
  whereGiven,
  type Apply,
  type Parameter,
  type ParameterValues,
} from '../base/parameters.js';
import { accuracyMeasures } from '../timestep/controller/controller-input.js';
import type { Goals } from '../timestep/controller/energy-controller.js';
import { checkMissionTime, checkTimeZone } from '../timestep/controller/mission.js';

/** Current goals of the user. */
export function goals(values: ParameterValues): Goals {
  return {
    target: values.number('accuracy.target'),
    deadline: values.number('decision.deadline'),
    mission: {
      until: values.text('mission.until'),
      timeZone: values.text('mission.time_zone'),
      reserve: values.number('mission.reserve'),
    },
  };
}

const aim: Apply<Agent> = (agent, values) => {
  agent.aim(goals(values));
};

const unknown: Apply<Agent> = (agent, values) => {
  agent.setUnknownRate(values.number('decision.unknown'));
};

const dwell: Apply<Agent> = (agent, values) => {
  agent.setPlaceDwell(values.number('place.dwell'));
};

/** Parameters of the user's goals. */
export const goalEntries: readonly Parameter<Agent>[] = [
  double('accuracy.target', 0.9, [0, 1], aim, 'accuracy that the user asks for'),
  choice(
    'accuracy.measure',
    'accuracy',
    accuracyMeasures,
    'read-only',
    'figure that the target is for: share of right answers, or mean recall over the classes',
  ),
  integer('accuracy.window', 1000, [10, 100_000], 'last labelled samples that the accuracy estimate uses'),
  whereGiven(
    double(
      'accuracy.fading',
      0.995,
      [0.5, 0.99999],
      'read-only',
      'factor by which an older label counts less than the next one',
    ),
  ),
  double('decision.deadline', 0, [0, 60], aim, 'longest time from taking a message to its decision [s]; 0: no limit'),
  double(
    'decision.unknown',
    0.05,
    [0, 0.5],
    unknown,
    'share of known samples that may be reported as unknown; 0: no sample is reported as unknown',
  ),
  double(
    'place.dwell',
    standardPlaceDwell,
    [0, 60],
    dwell,
    'how long answers must agree, less the time of those that do not, before they become the place [s]; 0: at once',
  ),
  whereGiven(
    integer(
      'place.pictures',
      0,
      [0, 4096],
      'labelled samples kept as places along a route; the place is found by matching the last samples with them; 0: the place is the answer',
    ),
  ),
  checked(
    'mission.until',
    '',
    checkMissionTime,
    aim,
    'time until which the battery must last: 18:00, or ISO 8601; empty: none',
  ),
  double('mission.reserve', 0.2, [0, 1], aim, 'charge that must be left at that time'),
  checked('mission.time_zone', 'UTC', checkTimeZone, aim, 'time zone of a time of day, as Europe/Berlin'),
];
