import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeState, stateOf, transitions } from './support/lifecycle.js';
import type { NodeProcess } from './support/node-process.js';
import { as } from './support/parameters.js';
import { World } from './support/world.js';

const program = fileURLToPath(new URL('support/faulty-node.mjs', import.meta.url));
let world: World;

beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

async function behave(node: NodeProcess, how: string): Promise<void> {
  await world.peer.publish('std_msgs/msg/String', '/how', [{ data: how }]);
  // In quotes, since one name begins with another.
  await node.waitForLog(`heard '${how}'`);
}

describe('a managed node with an error callback that recovers', () => {
  let node: NodeProcess;
  beforeAll(async () => {
    node = world.run(program, '-p', 'on_error:=true');
    await node.waitForLog('ready');
  });

  it.each(['throw in a subscription', 'throw in a timer', 'throw in a guarded callback'])(
    'survives a %s',
    async (how) => {
      await behave(node, how);
      await node.waitForLog(`fault in callback: ${how.replace('throw', 'thrown')}`);
      expect(await stateOf(world.peer, '/faulty')).toBe('unconfigured');
    },
  );

  const answer = (why: string): string => `the node failed in answering: ${why}; its log says where`;

  it('replies to every caller of set_parameters whose values make an on-set callback throw', async () => {
    const parameters = [false, true].map((value) => ({ name: 'use_sim_time', value: as.bool(value) }));
    const call = world.peer.call<object>('rcl_interfaces/srv/SetParameters', '/faulty/set_parameters', { parameters });
    const failed = { successful: false, reason: answer('thrown in on-set') };
    expect(await call).toEqual({ results: [failed, failed] });
    await node.waitForLog('fault in service /faulty/set_parameters: thrown in on-set');
    const together = await world.peer.call<object>(
      'rcl_interfaces/srv/SetParametersAtomically',
      '/faulty/set_parameters_atomically',
      { parameters },
    );
    expect(together).toEqual({ result: failed });
    expect(await stateOf(world.peer, '/faulty')).toBe('unconfigured');
  });

  it.each([
    ['throws', 'Trigger', 'throw', 'thrown in a service', {}],
    ['rejects', 'SetBool', 'reject', 'rejected in a service', { data: true }],
  ])('replies to the caller of a service whose callback %s', async (_how, type, service, why, request) => {
    const outcome = await world.peer.call(`std_srvs/srv/${type}`, `/faulty/${service}`, request);
    expect(outcome).toEqual({ success: false, message: answer(why) });
    await node.waitForLog(`fault in service /faulty/${service}: ${why}`);
  });

  it('replies to the caller of a throwing lifecycle service, as far as its response allows', async () => {
    const type = 'lifecycle_msgs/srv/GetAvailableStates';
    expect(await world.peer.call<object>(type, '/faulty/get_available_states')).toEqual({ available_states: [] });
    await node.waitForLog('fault in service /faulty/get_available_states: thrown in the state machine');
  });

  it.each([
    ['throw', 'thrown in configure'],
    ['promise', 'it returned a object, expected a transition result at once, not a promise'],
    ['nothing', 'it returned a undefined, expected a transition result at once, not a promise'],
  ])('reports a transition callback that returns %s as an error of the transition', async (how, fault) => {
    await behave(node, how);
    expect(await changeState(world.peer, '/faulty', transitions.configure)).toBe(false);
    await node.waitForLog(`fault in transition callback in state configuring: ${fault}`);
    expect(await stateOf(world.peer, '/faulty')).toBe('unconfigured');
  });

  it('does not call a failed transition a success when the error was recovered', async () => {
    await behave(node, 'error');
    expect(await changeState(world.peer, '/faulty', transitions.configure)).toBe(false);
    await behave(node, 'well');
    expect(await changeState(world.peer, '/faulty', transitions.configure)).toBe(true);
    expect(await node.end('SIGINT')).toMatchObject({ code: 0 });
    expect(node.other).toBe('');
  });
});

describe('a managed node without an error callback', () => {
  it('is finalized by an error, not silently recovered', async () => {
    const node = world.run(program);
    await node.waitForLog('ready');
    await behave(node, 'error');
    expect(await changeState(world.peer, '/faulty', transitions.configure)).toBe(false);
    expect(await stateOf(world.peer, '/faulty')).toBe('finalized');
  });
});
