import { beforeEach, describe, expect, it } from 'vitest';
import { Agent } from '../../src/agent/agent.js';
import { clockFrom } from '../../src/base/time.js';
import { isDynamic, type ParameterValue } from '../../src/base/parameters.js';
import { offlineParameters } from '../../src/node/offline-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { agentSettings } from '../../src/node/settings-of-parameters.js';

const values = offlineParameters({}, '/topspark', parameterTable);
let agent: Agent;
let time = 0;
beforeEach(() => {
  time = 0;
  agent = new Agent(
    agentSettings(values),
    clockFrom(() => time),
  );
});

/** Changes a parameter as the node does. */
function change(name: string, value: ParameterValue): void {
  const entry = parameterTable.find((each) => each.name === name);
  expect(entry && isDynamic(entry)).toBe(true);
  entry?.apply?.(agent, values.with(new Map([[name, value]])));
}

/** The next beat. */
function beat(): void {
  time += 1;
  agent.tick();
}

describe('a change of a dynamic parameter', () => {
  it.each([
    ['accuracy.target', 0.7, { target: 0.7 }],
    ['decision.deadline', 0.5, { deadline: 0.5 }],
  ])('%s takes effect at the next beat', (name, value, shown) => {
    change(name, value);
    expect(agent.mode).toMatchObject({ target: 0.9, deadline: 0 });
    beat();
    expect(agent.mode).toMatchObject(shown);
  });

  it('energy_mode.forced takes effect at once, and AUTO releases it', () => {
    change('energy_mode.forced', 'SAVER');
    expect(agent.mode).toMatchObject({ mode: 'SAVER', forced: true });
    change('energy_mode.forced', 'AUTO');
    expect(agent.mode.forced).toBe(false);
  });

  it('learning.enabled takes effect at the next sample', () => {
    const learned = (): number => {
      const message = {
        ...{ encoding: 'mono8', width: 28, height: 28, step: 28, is_bigendian: 0 },
        data: Uint8Array.from({ length: 784 }, (_, k) => (k % 28 < 9 ? 255 : 0)),
      };
      const stamp = BigInt(++time) * 1_000_000_000n;
      agent.take({ topic: 'sensor', event: { sensor: 'image', stamp, frameId: '', message, taken: time } });
      return agent.status().learned;
    };
    expect(learned()).toBe(1);
    change('learning.enabled', false);
    expect(learned()).toBe(1);
    change('learning.enabled', true);
    expect(learned()).toBe(2);
  });

  it('is handled by every dynamic row, and by no sensor', () => {
    const names = parameterTable.filter(isDynamic).map(({ name }) => name);
    expect(names).toEqual([
      ...['question.per_hour', 'question.per_minute', 'question.quiet_hours'],
      ...['learning.enabled', 'learning.samples', 'energy_mode.forced', 'accuracy.target', 'decision.deadline'],
      ...['decision.unknown', 'place.dwell', 'mission.until', 'mission.reserve', 'mission.time_zone'],
    ]);
  });
});
