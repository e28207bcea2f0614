import { sensorKinds } from '../../src/sensing/sensor-kinds.js';
import { isDynamic } from '../../src/base/parameters.js';
import { describe, expect, it } from 'vitest';
import { allEndpoints, endpoints, sensorEndpoint } from '../../src/node/endpoints.js';
import { qosParameters } from '../../src/node/qos-parameters.js';

describe('topics', () => {
  it("inputs have relative names, the node's own topics are private", () => {
    const names = allEndpoints(sensorKinds).map(({ topic, kind }) => `${kind} ${topic}`);
    expect(names).toEqual([
      'subscription image',
      'subscription image/compressed',
      'subscription scan',
      'subscription range',
      'subscription imu',
      'subscription points',
      'subscription features',
      'subscription events',
      'subscription dvs_events',
      'subscription prophesee_events',
      'subscription label',
      'subscription battery_state',
      'subscription joy',
      'subscription odom',
      'publisher ~/decision',
      'publisher ~/question',
      'publisher ~/place',
      'publisher ~/classification',
      'publisher ~/marker',
      'publisher ~/spikes',
      'publisher ~/prototypes',
      'publisher ~/energy_mode',
      'publisher ~/status',
      'publisher ~/taught',
      'publisher ~/class_edit',
      'publisher ~/fleet',
      'publisher /diagnostics',
    ]);
  });

  it('sensors are best effort and keep the newest, labels are reliable, the mode is latched', () => {
    const [image] = sensorKinds.map(sensorEndpoint);
    expect(image.profile).toEqual({ reliability: 'best_effort', durability: 'volatile', depth: 1 });
    expect(endpoints.battery.profile).toEqual(image.profile);
    expect(endpoints.label.profile).toEqual({ reliability: 'reliable', durability: 'volatile', depth: 100 });
    expect(endpoints.energyMode.profile).toEqual({ reliability: 'reliable', durability: 'transient_local', depth: 1 });
    expect(endpoints.place.profile).toEqual(endpoints.energyMode.profile);
    expect(endpoints.decision.profile).toEqual({ reliability: 'reliable', durability: 'volatile', depth: 10 });
  });

  it('sensors whose every message counts have a queue longer than a packet', () => {
    const deep = sensorKinds.filter((kind) => sensorEndpoint(kind).profile.depth > 1);
    expect(deep.map(({ name, remembers }) => [name, remembers])).toEqual(
      ['imu', 'events', 'dvs_events', 'prophesee_events'].map((name) => [name, true]),
    );
    for (const { profile } of deep.map(sensorEndpoint)) {
      expect(profile).toEqual({ reliability: 'best_effort', durability: 'volatile', depth: 256 });
    }
  });

  it('each has overrides under its full name', () => {
    const declared = qosParameters('/robot1/image', allEndpoints(sensorKinds)[0]);
    expect(declared.map(({ name, standard }) => [name, standard])).toEqual([
      ['qos_overrides./robot1/image.subscription.history', 'keep_last'],
      ['qos_overrides./robot1/image.subscription.depth', 1],
      ['qos_overrides./robot1/image.subscription.reliability', 'best_effort'],
    ]);
    expect(declared.some(isDynamic)).toBe(false);
  });
});
