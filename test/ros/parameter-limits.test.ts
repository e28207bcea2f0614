import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeProcess } from './support/node-process.js';
import { as } from './support/parameters.js';
import { World } from './support/world.js';

interface Result {
  readonly successful: boolean;
  readonly reason: string;
}

const services = '/topspark/';
let world: World;
let node: NodeProcess;

beforeAll(async () => {
  world = await World.open();
  node = await world.startActive();
  await world.peer.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status', { depth: 100 });
});
afterAll(() => world.close());

const targets = (count: number): object[] =>
  Array.from({ length: count }, (_, k) => ({ name: 'accuracy.target', value: as.double(0.5 + (0.4 * k) / count) }));
const names = (count: number): string[] => Array.from({ length: count }, (_, k) => `name.${k}`);

/** What the node has counted by its next status. */
async function refused(): Promise<{ readonly causes: readonly string[]; readonly count: string }> {
  await world.peer.forget('status');
  const [status] = await world.peer.messages<{ dropped_causes: string[]; dropped_counts: unknown[] }>('status', 1);
  return { causes: status.dropped_causes, count: String(status.dropped_counts[0]) };
}

describe('a request to a parameter service', () => {
  it('sets a thousand values with one event', async () => {
    const { peer } = world;
    await peer.subscribe('events', 'rcl_interfaces/msg/ParameterEvent', '/parameter_events', { depth: 1000 });
    const mixed = [...targets(500), { name: 'accuracy.traget', value: as.double(0.5) }, ...targets(499)];
    const { results } = await peer.call<{ results: Result[] }>(
      'rcl_interfaces/srv/SetParameters',
      `${services}set_parameters`,
      { parameters: mixed },
    );
    expect(results).toHaveLength(1000);
    expect(results.filter(({ successful }) => !successful)).toEqual([
      { successful: false, reason: 'parameter accuracy.traget is not declared; did you mean accuracy.target?' },
    ]);
    const [event] = await peer.messages<{ changed_parameters: unknown[] }>('events', 1);
    expect(event.changed_parameters).toHaveLength(999);
  });

  it.each([
    [1, 'SetParameters', 'set_parameters', 'parameters'],
    [2, 'SetParametersAtomically', 'set_parameters_atomically', 'parameters'],
    [3, 'GetParameters', 'get_parameters', 'names'],
    [4, 'GetParameterTypes', 'get_parameter_types', 'names'],
    [5, 'DescribeParameters', 'describe_parameters', 'names'],
    [6, 'ListParameters', 'list_parameters', 'prefixes'],
  ])('%d: %s with 10,000 entries is refused, logged and counted', async (count, type, service, list) => {
    const request = { [list]: list === 'parameters' ? targets(10_000) : names(10_000) };
    const answer = await world.peer.call<object>(`rcl_interfaces/srv/${type}`, services + service, request);
    const reason = `a request of ${type} has 10000 ${list}, expected at most 1000: none of it was done`;
    if (type.startsWith('Set')) expect(JSON.stringify(answer)).toContain(reason);
    await node.waitForLog('parameters: a request of SetParameters has 10000 parameters');
    await expect
      .poll(refused, { timeout: 10_000, interval: 500 })
      .toMatchObject({ causes: ['request_too_large'], count: String(count) });
  });

  it('lists the same for one prefix as for a thousand equal ones', async () => {
    const { result } = await world.peer.call<{ result: { names: string[] } }>(
      'rcl_interfaces/srv/ListParameters',
      `${services}list_parameters`,
      { prefixes: Array.from({ length: 1000 }, () => 'network'), depth: 0 },
    );
    expect(result.names).toContain('network.neurons');
  });

  it('delays SIGINT no longer than its message takes to read', async () => {
    const request = { parameters: targets(10_000) };
    const unanswered = world.peer
      .call('rcl_interfaces/srv/SetParameters', `${services}set_parameters`, request, 20)
      .catch(() => undefined);
    // The node ends in time whether the request is read before or after the signal.
    await pause(500);
    const { code, seconds } = await node.end('SIGINT');
    expect(code).toBe(0);
    expect(seconds).toBeLessThan(3.5);
    await unanswered;
  });
});
