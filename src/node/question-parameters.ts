import type { Agent } from '../agent/agent.js';
import { checkQuietHours, type QuestionSettings } from '../agent/asking.js';
import { checked, double, whereGiven, type Apply, type Parameter, type ParameterValues } from '../base/parameters.js';

/** When people are asked about samples, and how often. */
export function questions(values: ParameterValues): QuestionSettings {
  return {
    perMinute: values.number('question.per_minute'),
    perHour: values.number('question.per_hour'),
    maxSpeed: values.number('question.max_speed'),
    quietHours: values.text('question.quiet_hours'),
    timeZone: values.text('mission.time_zone'),
  };
}

const ask: Apply<Agent> = (agent, values) => {
  agent.setQuestions(questions(values));
};

/** Parameters of the questions on `~/question`. */
export const questionEntries: readonly Parameter<Agent>[] = [
  double('question.per_hour', 20, [0, 3600], ask, 'largest number of questions in an hour; 0: none'),
  double('question.per_minute', 2, [2, 60], ask, 'largest number of questions in a minute'),
  whereGiven(
    double(
      'question.max_speed',
      0,
      [0, 100],
      'read-only',
      'no questions above this speed on odom, nor while it is unknown [m/s]; 0: odom is not read',
    ),
  ),
  checked(
    'question.quiet_hours',
    '',
    checkQuietHours,
    ask,
    'no questions between these times of day, in mission.time_zone: 22:00-07:00; empty: at any time',
  ),
];
